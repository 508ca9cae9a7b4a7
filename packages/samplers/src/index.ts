export * from "./diagnose/index.ts";
export type * from "./kernel.ts";
