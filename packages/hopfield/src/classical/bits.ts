import type { Matrix } from "@basin/energy-core";

/** Bytes of a pattern's row of bits, whole 64-bit words. */
export function rowStride(neurons: number): number {
  return Math.ceil(neurons / 64) * 8;
}

/** Bytes of a neuron's column of bits. */
export function columnStride(patterns: number): number {
  return Math.ceil(patterns / 8);
}

/** Writes each pattern as bits, 1 for +1, its first entry lowest. */
export function packRows(bytes: Uint8Array, { data, shape: [count, neurons] }: Matrix<Int8Array>): void {
  const stride = rowStride(neurons);
  for (let mu = 0, at = 0; mu < count; mu++) {
    for (let i = 0; i < neurons; i++, at++) if (data[at] > 0) bytes[mu * stride + (i >> 3)] |= 1 << (i & 7);
  }
}

/** Writes each neuron's entries of all patterns as bits, 1 for +1, the first pattern lowest. */
export function packColumns(bytes: Uint8Array, { data, shape: [count, neurons] }: Matrix<Int8Array>): void {
  const stride = columnStride(count);
  for (let mu = 0, at = 0; mu < count; mu++) {
    const bit = 1 << (mu & 7);
    for (let i = 0, byte = mu >> 3; i < neurons; i++, at++, byte += stride)
      if (data[at] > 0) bytes[byte] |= bit;
  }
}
