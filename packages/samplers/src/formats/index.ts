export { readArvizJson, writeArvizJson } from "./arviz-json.ts";
export { readCsv, writeCsv } from "./csv.ts";
