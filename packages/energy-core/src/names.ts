/**
 * Which implementation of a kernel may run, without the package: for help texts, forms and completions. A test holds it
 * to the table.
 *
 * @example
 * ```ts
 * import { coreNames } from "@basin/energy-core/names";
 *
 * console.log(coreNames.kernel.includes("wasm")); // true
 * ```
 */
export const coreNames = { kernel: ["auto", "wasm", "typescript"] } as const;
