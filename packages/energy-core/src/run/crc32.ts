let table: Uint32Array | undefined;

/**
 * Returns the CRC-32 (IEEE 802.3, reflected polynomial 0xEDB88320, as in zip and PNG) of bytes that follow others whose
 * CRC is `before`: a checksum that tells damage, not intent.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
