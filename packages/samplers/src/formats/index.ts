export { writeArvizJson } from "./arviz-json.ts";
export { writeCsv } from "./csv-writer.ts";
export type { FileDraws } from "./file-draws.ts";
export { type ReadDrawsOptions, readDraws } from "./read-draws.ts";
export { writeArvizZarr } from "./zarr-writer.ts";
