export { readArvizJson, writeArvizJson } from "./arviz-json.ts";
export { readArvizZarr } from "./arviz-zarr.ts";
export { readCsv } from "./csv.ts";
export { writeCsv } from "./csv-writer.ts";
export { drawFormats } from "./draw-formats.ts";
export type { FileDraws } from "./file-draws.ts";
export { type ReadDrawsOptions, readDraws } from "./read-draws.ts";
export { writeArvizZarr } from "./zarr-writer.ts";
