export { type DataArray, type NdArray, ndarrayOf, rowMajorStride } from "./array.ts";
export { type CsvOptions, type CsvRecord, parseCsv, parseRecords, readNumber, type Table } from "./csv.ts";
export { DataError, type ParseOptions } from "./error.ts";
export { gunzip, type ImageSet, readArray, readImageFolder } from "./files.ts";
export { parseIdx } from "./idx.ts";
export { parsePgm, parsePng } from "./image.ts";
export { parseNpy } from "./npy.ts";
export { decodeText, encodeText } from "./text.ts";
