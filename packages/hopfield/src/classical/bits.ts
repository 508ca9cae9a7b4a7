import type { Matrix } from "@basin/energy-core";

/** Bytes of a pattern's row of bits, whole 64-bit words. */
export function rowStride(neurons: number): number {
  return Math.ceil(neurons / 64) * 8;
}

/** Bytes of a neuron's column of bits. */
export function columnStride(patterns: number): number {
  return Math.ceil(patterns / 8);
}

/** Patterns with one bit for each entry, in rows of {@link rowStride} bytes. `data` unpacks them on first use. */
export interface PackedPatterns extends Matrix<Int8Array> {
  readonly bits: Uint8Array;
}

/** From this many entries on a Hebbian memory keeps its patterns as bits: 64 MB of spins are 8 MB. */
export const PACK_FROM = 2 ** 22;

/** Returns patterns of −1 and +1 as bits, with none of the source kept. */
export function packPatterns(patterns: Matrix<Int8Array>): PackedPatterns {
  const [count, neurons] = patterns.shape;
  const bits = new Uint8Array(count * rowStride(neurons));
  packRows(bits, patterns);
  let unpacked: WeakRef<Int8Array> | undefined;
  return {
    shape: patterns.shape,
    stride: patterns.stride,
    offset: 0,
    bits,
    get data() {
      let data = unpacked?.deref();
      if (data === undefined) {
        data = unpack(bits, count, neurons);
        unpacked = new WeakRef(data);
      }
      return data;
    },
  };
}

function unpack(bits: Uint8Array, count: number, neurons: number): Int8Array {
  const data = new Int8Array(count * neurons);
  const stride = rowStride(neurons);
  for (let mu = 0, at = 0; mu < count; mu++) {
    for (let i = 0; i < neurons; i++, at++)
      data[at] = ((bits[mu * stride + (i >> 3)] >> (i & 7)) & 1) * 2 - 1;
  }
  return data;
}

function bitsOf(patterns: Matrix<Int8Array>): Uint8Array | undefined {
  return (patterns as Partial<PackedPatterns>).bits;
}

/** Writes each pattern as bits, 1 for +1, its first entry lowest. */
export function packRows(bytes: Uint8Array, patterns: Matrix<Int8Array>): void {
  const packed = bitsOf(patterns);
  if (packed) {
    bytes.set(packed);
    return;
  }
  const {
    data,
    shape: [count, neurons],
  } = patterns;
  const stride = rowStride(neurons);
  // (±1 + 1) >> 1 is the bit: a branch on random bits would be guessed wrongly half of the time.
  for (let mu = 0, at = 0; mu < count; mu++) {
    for (let i = 0; i < neurons; i++, at++) bytes[mu * stride + (i >> 3)] |= ((data[at] + 1) >> 1) << (i & 7);
  }
}

/** Writes each neuron's entries of all patterns as bits, 1 for +1, the first pattern lowest. */
export function packColumns(bytes: Uint8Array, patterns: Matrix<Int8Array>): void {
  const [count, neurons] = patterns.shape;
  const packed = bitsOf(patterns);
  const rowBytes = rowStride(neurons);
  let rows = packed;
  if (rows === undefined) {
    rows = new Uint8Array(count * rowBytes);
    packRows(rows, patterns);
  }
  const stride = columnStride(count);
  for (let group = 0; group < stride; group++) {
    const first = 8 * group;
    const members = Math.min(8, count - first);
    for (let i = 0, to = group; i < neurons; i++, to += stride) {
      let byte = 0;
      let at = first * rowBytes + (i >> 3);
      for (let k = 0; k < members; k++, at += rowBytes) byte |= ((rows[at] >> (i & 7)) & 1) << k;
      bytes[to] = byte;
    }
  }
}
