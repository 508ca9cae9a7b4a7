import {
  ArgumentError,
  checkNumber,
  type Matrix,
  matrix,
  type SpinEnergy,
  type VectorLike,
} from "@basin/energy-core";
import { checkOptions, checksum, seedOf, spread } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { estimateIndependent } from "@basin/samplers";
import { randomState, toState } from "../patterns.ts";
import { type PlainMemory, plainMemory } from "../plain.ts";
import { restoreMemory } from "../restore.ts";
import type { MeasureOptions } from "./measure.ts";

/** Options of {@link patternLandscape}. */
export interface LandscapeOptions extends MeasureOptions {
  /** Points along each axis, an odd number so that 0 is one of them. Default 41. */
  resolution?: number;
  /** States averaged at each point, at least 1. Default 8. */
  samples?: number;
  /** Seed of the states. Default: drawn, and reported in the result. */
  seed?: number;
}

/** The outcome of {@link patternLandscape}. */
export interface PatternLandscape {
  /** The coordinates along both axes, −1 … 1. */
  readonly axis: Float64Array;
  /** Mean energy at (u, v) = (axis[column], axis[row]); NaN where |u| + |v| > 1. */
  readonly energy: Matrix;
  /** Standard error of each mean, between samples; NaN outside and for one sample. */
  readonly standardError: Matrix;
  readonly seed: number;
}

/**
 * Resolves to the energy over a plane of states between two patterns a and b: at (u, v) a share |u| of the neurons is
 * taken from a (from −a for u < 0), a share |v| from b or −b, and the rest at random. The corners (±1, 0) and (0, ±1)
 * are ±a and ±b, the center is noise; for unrelated patterns u and v are the mean overlaps with them.
 *
 * @throws {ArgumentError} for an even resolution, numbers out of range, entries other than ±1, and several workers with
 * an energy that `hopfield` or `denseMemory` did not make.
 *
 * @example
 * ```ts
 * import { hopfield, patternLandscape } from "@basin/hopfield";
 *
 * const [a, b] = [[1, 1, 1, 1], [1, -1, 1, -1]];
 * const { energy } = await patternLandscape(hopfield([a, b]), a, b, { resolution: 3 });
 * console.log(energy.data); // NaN, E(−b), NaN, E(−a), noise, E(a), NaN, E(b), NaN
 * ```
 */
export async function patternLandscape(
  energy: SpinEnergy,
  a: VectorLike,
  b: VectorLike,
  options: LandscapeOptions = {},
): Promise<PatternLandscape> {
  checkOptions(
    "patternLandscape",
    options,
    "resolution samples seed workers createWorker checkpoint checkpointEvery signal",
    "onProgress",
  );
  const { resolution = 41, samples = 8, workers = 1 } = options;
  const seed = seedOf(options);
  checkNumber("resolution", resolution, { min: 3, integer: true });
  if (resolution % 2 === 0) throw new ArgumentError(`resolution is ${resolution}, expected an odd number`);
  checkNumber("samples", samples, { min: 1, integer: true });
  const neurons = energy.space.dimension;
  const plan = { a: toState(a, neurons, "a"), b: toState(b, neurons, "b"), resolution, seed };
  const plain = workers > 1 ? plainMemory(energy) : undefined;
  const sheets = await spread<LandscapeJob, Float64Array>(
    samples,
    {
      here: (sample) => sampleSheet(energy, { ...plan, sample }),
      there: {
        module: { name: "@basin/hopfield/worker", url: import.meta.url },
        function: "runLandscapeJob",
        argument: (sample) => ({ ...plan, sample, memory: plain as PlainMemory }),
      },
    },
    {
      ...options,
      identity: {
        format: "landscape",
        version: 1,
        fingerprint: () => ({
          a: checksum(plan.a),
          b: checksum(plan.b),
          energies: `${energy.energy(plan.a)}, ${energy.energy(plan.b)}`,
          resolution,
          seed,
        }),
      },
    },
  );
  const points = Array.from({ length: resolution * resolution }, (_, at) =>
    estimateIndependent(sheets.map((sheet) => sheet[at])),
  );
  const square = (values: Float64Array) => matrix(values, resolution, resolution);
  return {
    axis: axisOf(resolution),
    energy: square(Float64Array.from(points, ({ mean }) => mean)),
    standardError: square(Float64Array.from(points, ({ standardError }) => standardError)),
    seed,
  };
}

interface LandscapePlan {
  readonly a: Int8Array;
  readonly b: Int8Array;
  readonly resolution: number;
  readonly seed: number;
  readonly sample: number;
}

interface LandscapeJob extends LandscapePlan {
  readonly memory: PlainMemory;
}

/** Measures one state a point. The function that threads call. */
export function runLandscapeJob({ memory, ...plan }: LandscapeJob): Float64Array {
  return sampleSheet(restoreMemory(memory), plan);
}

function axisOf(resolution: number): Float64Array {
  return Float64Array.from({ length: resolution }, (_, k) => (2 * k) / (resolution - 1) - 1);
}

function sampleSheet(energy: SpinEnergy, { a, b, resolution, seed, sample }: LandscapePlan): Float64Array {
  const rng = createRng(seed).split(sample);
  const noise = randomState(rng, a.length);
  const rank = Float64Array.from({ length: a.length }, () => rng.uniform());
  const axis = axisOf(resolution);
  const sheet = new Float64Array(resolution * resolution);
  for (const [r, v] of axis.entries()) {
    for (const [c, u] of axis.entries()) {
      const outside = Math.abs(u) + Math.abs(v) > 1 + 1e-12;
      sheet[r * resolution + c] = outside ? Number.NaN : energy.energy(blend(a, b, noise, rank, u, v));
    }
  }
  return sheet;
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
