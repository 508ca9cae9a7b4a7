export * from "./energy.ts";
export * from "./errors.ts";
export * from "./ndarray.ts";
