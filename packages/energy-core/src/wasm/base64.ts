const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Returns the bytes of a padded base64 text. Own code, because no decoder is in every engine and every worker. */
export function base64Bytes(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digits = new Uint8Array(128);
  for (let i = 0; i < 64; i++) digits[ALPHABET.charCodeAt(i)] = i;
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    const word =
      (digits[text.charCodeAt(i)] << 18) |
      (digits[text.charCodeAt(i + 1)] << 12) |
      (digits[text.charCodeAt(i + 2)] << 6) |
      digits[text.charCodeAt(i + 3)];
    // Writes beyond the end (the padding) are ignored by typed arrays.
    bytes[at++] = word >>> 16;
    bytes[at++] = word >>> 8;
    bytes[at++] = word;
  }
  return bytes;
}
