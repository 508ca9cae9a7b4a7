export { readArvizJson, writeArvizJson } from "./arviz-json.ts";
export { readArvizZarr } from "./arviz-zarr.ts";
export { type NamedText, readCsv } from "./csv.ts";
export { writeCsv } from "./csv-writer.ts";
export {
  type DrawFormat,
  type DrawFormatName,
  drawFormatNames,
  drawFormats,
  type FileContent,
} from "./draw-formats.ts";
export type { FileDraws, FilePart, ReadOptions } from "./file-draws.ts";
export { type DrawFile, type ReadDrawsOptions, readDraws } from "./read-draws.ts";
export type { ZarrStore } from "./zarr-store.ts";
export { writeArvizZarr } from "./zarr-writer.ts";
