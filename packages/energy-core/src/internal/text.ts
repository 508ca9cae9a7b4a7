// The library is compiled without DOM or Node types.
declare const TextDecoder: new (encoding: string) => { decode(bytes: Uint8Array): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/**
 * Returns the text of a file in UTF-8, or in UTF-16 where it begins with that byte order mark, as spreadsheets save it.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8").decode(bytes);
}

/**
 * Returns text in UTF-8.
 */
export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
