import { exp, log } from "./math.ts";

/** What the normal and exponential draws need of a generator. */
export interface UniformSource {
  uint32(): number;
  uniform(): number;
}

const LAYERS = 256;
// Right edge of the base layer and the common area of the layers, for 256 layers (Marsaglia & Tsang 2000).
const EDGE = 3.6541528853610088;
const AREA = 0.00492867323399;

let edges: Float64Array | undefined;
let heights: Float64Array | undefined;

/** Builds the layers: the area x_i (f(x_{i+1}) − f(x_i)) of each is equal, f(x) = exp(−x²/2). */
function buildTables(): void {
  edges = new Float64Array(LAYERS + 1);
  heights = new Float64Array(LAYERS + 1);
  const density = (x: number) => exp(-0.5 * x * x);
  edges[0] = AREA / density(EDGE); // a pseudo-width: the base layer stands for the tail as well
  edges[1] = EDGE;
  heights[1] = density(EDGE);
  for (let i = 2; i < LAYERS; i++) {
    heights[i] = heights[i - 1] + AREA / edges[i - 1];
    edges[i] = Math.sqrt(-2 * log(heights[i]));
  }
  edges[LAYERS] = 0;
  heights[LAYERS] = 1;
}

/**
 * Returns a draw of the standard normal distribution by the ziggurat (Marsaglia & Tsang 2000): 256 layers of equal
 * area, 53 random bits in each draw, no second value cached. The same bits on every platform.
 */
export function standardNormal(rng: UniformSource): number {
  if (edges === undefined || heights === undefined) buildTables();
  const x = edges as Float64Array;
  const f = heights as Float64Array;
  for (;;) {
    const word = rng.uint32();
    const layer = word & 255;
    const sign = (word & 256) === 0 ? 1 : -1;
    // 23 bits of this word and 30 of the next: the layer and the sign share no bit with the coordinate.
    const u = ((word >>> 9) * 1073741824 + (rng.uint32() >>> 2)) * 1.1102230246251565e-16;
    const value = u * x[layer];
    if (value < x[layer + 1]) return sign * value;
    if (layer === 0) return sign * tail(rng);
    if (f[layer] + rng.uniform() * (f[layer + 1] - f[layer]) < exp(-0.5 * value * value)) return sign * value;
  }
}

/** Returns a draw of |N(0, 1)| beyond EDGE (Marsaglia 1964). */
function tail(rng: UniformSource): number {
  for (;;) {
    const excess = -log(1 - rng.uniform()) / EDGE;
    const height = -log(1 - rng.uniform());
    if (height + height >= excess * excess) return EDGE + excess;
  }
}

/**
 * Returns a draw of the exponential distribution of rate 1, by inversion.
 *
 * @example
 * ```ts
 * import { createRng, exponential } from "@basin/energy-core/random";
 *
 * console.log(exponential(createRng(1)) / 3); // a waiting time at rate 3
 * ```
 */
export function exponential(rng: UniformSource): number {
  return -log(1 - rng.uniform());
}
