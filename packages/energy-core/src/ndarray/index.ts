export { asNdarray } from "./as-ndarray.ts";
