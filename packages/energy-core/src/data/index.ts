export { type DataArray, type NdArray, ndarrayOf } from "./array.ts";
export { type ChannelOptions, type Pixels, simplified, withChannels } from "./channels.ts";
export { type CsvOptions, parseCsv, type Table } from "./csv.ts";
export { DataError, type ParseOptions } from "./error.ts";
export { gunzip, type ImageSet, readArray, readImageFolder } from "./files.ts";
export { parseIdx } from "./idx.ts";
export { parsePgm, parsePng } from "./image.ts";
export { parseJpeg } from "./jpeg.ts";
export { parseNpy } from "./npy.ts";
