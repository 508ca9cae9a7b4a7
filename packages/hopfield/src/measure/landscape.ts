import { checkNumber, type Matrix, matrix, type SpinEnergy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { randomState, toState } from "../patterns.ts";

/** Options of {@link landscape}. */
export interface LandscapeOptions {
  /** Points along each axis, an odd number so that 0 is one of them. Default 41. */
  resolution?: number;
  /** States averaged at each point, at least 1. Default 8. */
  samples?: number;
  /** Seed of the states. Default 0. */
  seed?: number;
}

/** The outcome of {@link landscape}. */
export interface Landscape {
  /** The coordinates along both axes, −1 … 1. */
  readonly axis: Float64Array;
  /** Mean energy at (u, v) = (axis[column], axis[row]); NaN where |u| + |v| > 1. */
  readonly energy: Matrix;
  readonly seed: number;
}

/**
 * Returns the energy over a plane of states between two patterns a and b: at (u, v) a share |u| of the neurons is taken from a
 * (from −a for u < 0), a share |v| from b or −b, and the rest at random. The corners (±1, 0) and (0, ±1) are ±a and ±b, the centre is noise; for
 * unrelated patterns u and v are the mean overlaps with them.
 */
export function landscape(
  energy: SpinEnergy,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: LandscapeOptions = {},
): Landscape {
  const { resolution = 41, samples = 8, seed = 0 } = options;
  checkNumber("resolution", resolution, { min: 3, integer: true });
  checkNumber("samples", samples, { min: 1, integer: true });
  const neurons = energy.space.dimension;
  const [first, second] = [toState(a, neurons, "a"), toState(b, neurons, "b")];
  const axis = Float64Array.from({ length: resolution }, (_, k) => (2 * k) / (resolution - 1) - 1);
  const sums = new Float64Array(resolution * resolution);
  for (let s = 0; s < samples; s++) {
    const rng = createRng(seed).split(s);
    const noise = randomState(rng, neurons);
    const rank = Float64Array.from({ length: neurons }, () => rng.uniform());
    for (const [r, v] of axis.entries()) {
      for (const [c, u] of axis.entries()) {
        const at = r * resolution + c;
        sums[at] +=
          Math.abs(u) + Math.abs(v) > 1 + 1e-12
            ? Number.NaN
            : energy.energy(blend(first, second, noise, rank, u, v)) / samples;
      }
    }
  }
  return { axis, energy: matrix(sums, resolution, resolution), seed };
}

function blend(
  a: Int8Array,
  b: Int8Array,
  noise: Int8Array,
  rank: Float64Array,
  u: number,
  v: number,
): Int8Array {
  const fromA = Math.abs(u);
  const fromB = fromA + Math.abs(v);
  // At the rim everything is taken, whatever the rounding of |u| + |v|.
  const rim = fromB > 1 - 1e-12;
  return a.map((spin, i) => {
    if (rank[i] < fromA) return u < 0 ? -spin : spin;
    if (rank[i] < fromB || rim) return v < 0 ? -b[i] : b[i];
    return noise[i];
  });
}
