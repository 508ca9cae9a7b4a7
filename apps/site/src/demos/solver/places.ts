/** What the page draws. */
export type Drawing =
  | { readonly kind: "map"; readonly sites: Float64Array }
  | { readonly kind: "graph"; readonly places: Float64Array; readonly edges: Int32Array }
  | { readonly kind: "numbers"; readonly numbers: Int32Array }
  | { readonly kind: "table"; readonly costs: Int32Array; readonly side: number };

/** Returns the place nearest to a point. */
export function nearest(sites: Float64Array, x: number, y: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < sites.length / 2; k++) {
    const distance = (sites[2 * k] - x) ** 2 + (sites[2 * k + 1] - y) ** 2;
    if (distance < least) [best, least] = [k, distance];
  }
  return best;
}

/** Returns places on a circle, one for each node, in a square of side 1. */
export function circle(nodes: number): Float64Array {
  return Float64Array.from({ length: 2 * nodes }, (_, k) => {
    const angle = (2 * Math.PI * (k >> 1)) / nodes;
    return 0.5 + 0.44 * (k % 2 ? Math.sin(angle) : Math.cos(angle));
  });
}
