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

/** Returns the padded base64 text of bytes. */
export function base64Text(bytes: Uint8Array): string {
  const parts: string[] = [];
  // Joined in parts, since a string grown by single characters takes several times its length.
  for (let from = 0; from < bytes.length; from += 3072) {
    let part = "";
    const to = Math.min(bytes.length, from + 3072);
    for (let i = from; i < to; i += 3) {
      const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
      part += ALPHABET[word >>> 18] + ALPHABET[(word >>> 12) & 63];
      part += i + 1 < to ? ALPHABET[(word >>> 6) & 63] : "=";
      part += i + 2 < to ? ALPHABET[word & 63] : "=";
    }
    parts.push(part);
  }
  return parts.join("");
}
