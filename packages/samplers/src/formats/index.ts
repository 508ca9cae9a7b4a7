export { readArvizJson, writeArvizJson } from "./arviz-json.ts";
export { readArvizZarr, writeArvizZarr, type ZarrStore } from "./arviz-zarr.ts";
export { readCsv, writeCsv } from "./csv.ts";
