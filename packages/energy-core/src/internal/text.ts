// The library is compiled without DOM or Node types.
declare const TextDecoder: new (
  encoding: string,
  options?: { fatal: boolean },
) => { decode(bytes?: Uint8Array, options?: { stream: boolean }): string };
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/**
 * Returns the text of a file in UTF-8, in UTF-16 where it begins with that byte order mark, or in Windows-1252 where it
 * is neither, as spreadsheets save it.
 */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

const PIECE_BYTES = 2 ** 20;

/** The encoding of a text: by its byte order mark, and without one UTF-8 where that decodes it, else Windows-1252. */
export function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes.every((byte) => byte < 0x80)) return "utf-8";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      decoder.decode(bytes.subarray(at, at + PIECE_BYTES), { stream: true });
    decoder.decode();
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/**
 * Returns text in UTF-8.
 */
export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
