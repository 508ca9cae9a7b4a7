// Every platform has these two, but no one library of types covers them.
declare const TextEncoder: new () => { encode(source: string): Uint8Array };
declare const TextDecoder: new () => { decode(source: Uint8Array): string };

/**
 * Returns text as UTF-8.
 *
 * @example
 * ```ts
 * import { encodeText } from "@basin/energy-core/run";
 *
 * console.log(encodeText("β")); // Uint8Array(2) [ 206, 178 ]
 * ```
 */
export function encodeText(source: string): Uint8Array {
  return new TextEncoder().encode(source);
}

/**
 * Returns UTF-8 as text.
 *
 * @example
 * ```ts
 * import { decodeText } from "@basin/energy-core/run";
 *
 * console.log(decodeText(Uint8Array.of(206, 178))); // β
 * ```
 */
export function decodeText(source: Uint8Array): string {
  return new TextDecoder().decode(source);
}
