import { base64Bytes } from "@basin/energy-core/internal";

/** Pixels along a side of a digit. */
export const digitSide = 28;
const pixels = digitSide ** 2;

/** Resolves to handwritten digits as spins [count, 784], +1 where there is ink, and their labels; 2 000 at most. */
export async function loadDigits(count: number): Promise<{ patterns: Int8Array; labels: Uint8Array }> {
  const { bits, labels } = await import("./digits.generated.ts");
  const bytes = base64Bytes(bits);
  const patterns = new Int8Array(count * pixels).map((_, k) => ((bytes[k >> 3] >> (k & 7)) & 1 ? 1 : -1));
  return { patterns, labels: Uint8Array.from(labels.slice(0, count), Number) };
}
