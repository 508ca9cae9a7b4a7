import { betaQuantile } from "@basin/energy-core/internal";

/** Returns Clopper and Pearson's interval for a share at this confidence, if `count` of n inputs had the property. */
export function shareInterval(count: number, n: number, confidence: number): readonly [number, number] {
  const tail = (1 - confidence) / 2;
  return [
    count > 0 ? betaQuantile(tail, count, n - count + 1) : 0,
    count < n ? betaQuantile(1 - tail, count + 1, n - count) : 1,
  ];
}
