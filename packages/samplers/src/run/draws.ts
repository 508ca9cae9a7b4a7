import { ArgumentError, checkNumber, DimensionError, type NdArrayLike, type Space } from "@basin/energy-core";
import { checkKind, type Quantities } from "@basin/energy-core/internal";
import type { TunedParameters } from "../kernel.ts";
import type { Rejections } from "./rejections.ts";

/** The arrays that states are kept in: reals as `Float64Array`, spins as `Int8Array`, labels as `Uint8Array`. */
export type StateArray = Float64Array | Int8Array | Uint8Array;

/** The results of one chain. */
export interface ChainDraws<X extends StateArray = Float64Array> {
  /** The draws, row-major `[draws, dimension]`; empty if they were not kept. */
  readonly positions: X;
  /**
   * One number for each draw, by name: `energy`, `acceptanceProbability`, `diverged` (0 or 1), and what the kernel
   * adds.
   */
  readonly stats: Readonly<Record<string, Float64Array>>;
  /** The parameters that warm-up tuned. */
  readonly tuned: TunedParameters;
  /** Sums over warm-up of the kernel's counters: `divergences`, and `gradients` for kernels that follow them. */
  readonly warmup: { readonly divergences: number; readonly gradients: number };
  /**
   * What the energy threw, including warm-up, each counted as +∞; absent if it threw nothing. Draws are counted in
   * `stats.rejections`.
   */
  readonly rejections?: Rejections;
  /** Results of the observers, by name. */
  readonly observed: Readonly<Record<string, unknown>>;
}

/** Why a run of chains with `until` stopped, and the figures of its last look: the worst of all coordinates. */
export interface Stopped {
  readonly reason: "reached" | "maxDraws" | "timeLimit";
  readonly essBulk: number;
  readonly essTail: number;
  readonly rHat: number;
  /** Number of looks. Each has 1.1 to 1.5 times the draws of the previous one, depending on how much is missing. */
  readonly looks: number;
}

/** Draws of several chains from exp(−βE). */
export interface Draws<X extends StateArray = Float64Array> {
  /** Name of the kernel. */
  readonly kernel: string;
  readonly seed: number;
  readonly inverseTemperature: number;
  /** Length of a state. */
  readonly dimension: number;
  /** Draws per chain. */
  readonly draws: number;
  /** Kernel steps from one draw to the next. */
  readonly thin: number;
  /** Names of the coordinates; `x[0]`, `x[1]` … unless given. */
  readonly names: readonly string[];
  readonly chains: readonly ChainDraws<X>[];
  /** Why a run with `until` stopped. */
  readonly stopped?: Stopped;
  /** Problems that the run itself reports. {@link warnings} adds those that the draws show. */
  readonly warnings?: readonly string[];
}

/**
 * @throws {ArgumentError} for a repeated name, because results are identified by names.
 */
export function checkDistinct(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new ArgumentError(`${what} "${name}" comes twice; names must differ`);
    seen.add(name);
  }
}

/**
 * Returns one coordinate, by index or name, as a series for each chain.
 *
 * @throws {ArgumentError} for a coordinate that does not exist.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample, series } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, names: ["a", "b"] });
 * console.log(series(draws, "b").length, series(draws, 1)[0].length); // 4, 1000
 * ```
 */
export function series<X extends StateArray>(draws: Draws<X>, coordinate: number | string): Float64Array[] {
  checkDraws(draws, "series");
  const { names, dimension } = draws;
  const index = typeof coordinate === "string" ? names.indexOf(coordinate) : coordinate;
  if (index < 0) throw new ArgumentError(`unknown coordinate "${coordinate}"; known: ${names.join(", ")}`);
  checkNumber("coordinate", index, { min: 0, max: dimension - 1, integer: true });
  return draws.chains.map(({ positions }) => {
    const values = new Float64Array(positions.length / dimension);
    for (let t = 0; t < values.length; t++) values[t] = positions[t * dimension + index];
    return values;
  });
}

/**
 * Returns the draws as one array `[chains, draws, dimension]`, for functions that take ndarrays. The array uses the
 * memory of the chains if they are contiguous, like those of {@link sample}. Otherwise, as for chains from threads and
 * files, it is a copy.
 *
 * @example
 * ```ts
 * import { asNdarray } from "@basin/energy-core/ndarray";
 * import { gaussian } from "@basin/energy-core/targets";
 * import { drawsArray, nuts, sample } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1 });
 * const second = asNdarray(drawsArray(draws)).pick(null, null, 1); // the second coordinate, [4, 1000]
 * console.log(second.shape, second.hi(4, 500).shape); // its first halves
 * ```
 *
 * @throws {DimensionError} for chains of different lengths, and for draws that were not kept.
 */
export function drawsArray<X extends StateArray>(draws: Draws<X>): NdArrayLike & { readonly data: X } {
  const { chains, dimension } = draws;
  const [{ positions: first }] = chains;
  const each = first.length;
  const odd = chains.findIndex(({ positions }) => positions.length !== each || each === 0);
  if (odd >= 0) {
    throw new DimensionError(
      `chain ${odd} keeps ${chains[odd].positions.length / dimension} draws and chain 0 ${each / dimension}, expected as many and at least one`,
    );
  }
  const shape = [chains.length, each / dimension, dimension];
  const { buffer, byteOffset, byteLength } = first;
  const inOne = chains.every(
    ({ positions }, k) => positions.buffer === buffer && positions.byteOffset === byteOffset + k * byteLength,
  );
  const Type = first.constructor as new (length: number) => X;
  const View = first.constructor as new (buffer: ArrayBufferLike, byteOffset: number, length: number) => X;
  if (inOne) return { data: new View(buffer, byteOffset, chains.length * each), shape };
  const data = new Type(chains.length * each);
  for (const [k, { positions }] of chains.entries()) data.set(positions, k * each);
  return { data, shape };
}

/**
 * Returns one statistic of the steps (`energy`, `acceptanceProbability` …) as a series for each chain.
 *
 * @throws {ArgumentError} when the kernel records no such statistic.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample, statistic } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, names: ["a", "b"] });
 * console.log(statistic(draws, "treeDepth")[0].length); // 1000
 * ```
 */
export function statistic<X extends StateArray>(draws: Draws<X>, name: string): Float64Array[] {
  checkDraws(draws, "statistic");
  return draws.chains.map(({ stats }) => {
    if (Object.hasOwn(stats, name)) return stats[name];
    throw new ArgumentError(`${draws.kernel} records no "${name}"; known: ${Object.keys(stats).join(", ")}`);
  });
}

/**
 * Returns draws of derived quantities: `derive` is called with every draw (a view, valid during the call) and returns
 * one number for each of `names`. Use it for parameters on their natural scale, functions of interest, and predictions.
 *
 * @throws {ArgumentError} if a name occurs twice.
 * @throws {DimensionError} if `derive` returns another number of values.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample, deriveDraws, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, names: ["a", "b"] });
 * console.table(summary(deriveDraws(draws, ["exp a"], ([a]) => [Math.exp(a)])));
 * ```
 */
export function deriveDraws<X extends StateArray>(
  draws: Draws<X>,
  names: readonly string[],
  derive: (position: X) => ArrayLike<number>,
): Draws {
  checkDistinct("the name", names);
  const { dimension } = draws;
  const width = names.length;
  const chains = draws.chains.map((chain) => {
    const count = chain.positions.length / dimension;
    const positions = new Float64Array(count * width);
    for (let t = 0; t < count; t++) {
      const values = derive(chain.positions.subarray(t * dimension, (t + 1) * dimension) as X);
      if (values.length !== width) {
        throw new DimensionError(
          `derive returned ${values.length} values, expected ${width}: ${names.join(", ")}`,
        );
      }
      positions.set(values, t * width);
    }
    return { ...chain, positions };
  });
  return { ...draws, names, dimension: width, chains };
}

/**
 * The draws of the parts of a formula by name, one array `[draws, ...shape]` per chain, row-major. A part whose name is
 * a field of {@link Draws} is left out; {@link series} reads it.
 */
export type PartDraws<N extends string> = string extends N
  ? object
  : { readonly [K in Exclude<N, keyof Draws>]: readonly Float64Array[] };

/** Returns draws of the quantities behind the coordinates of a space, or the draws themselves if it names none. */
export function inQuantities<X extends StateArray>(
  draws: Draws<X>,
  { quantities }: Pick<Space<X>, "quantities">,
): Draws<X> {
  if (quantities === undefined) return draws;
  const { names, parts } = quantities;
  const buffer = new Float64Array(names.length);
  const derived = deriveDraws(draws, names, (x) => quantities.write(x, buffer));
  let first = 0;
  for (const [name, shape] of Object.entries(parts)) {
    const start = first;
    const width = shape.reduce((product, length) => product * length, 1);
    first += width;
    // Not enumerable, so that files and derived draws hold each number once.
    if (!(name in derived))
      Object.defineProperty(derived, name, {
        get: () => derived.chains.map(({ positions }) => columns(positions, names.length, start, width)),
      });
  }
  return derived as Draws<StateArray> as Draws<X>;
}

/** The values of a formula's parts at one draw. */
export type DrawValues<N extends string> = string extends N
  ? object
  : { readonly values: { readonly [K in N]: number | Float64Array } };

/** Returns the values of the parts behind the coordinates of a state, by name; matrices by rows. */
export function partValues<X>(
  { names, parts, write }: Quantities<X>,
  x: X,
): Record<string, number | Float64Array> {
  const all = write(x, new Float64Array(names.length));
  let first = 0;
  const entries = Object.entries(parts).map(([name, shape]) => {
    const start = first;
    first += shape.reduce((product, length) => product * length, 1);
    return [name, shape.length === 0 ? all[start] : all.slice(start, first)];
  });
  return Object.fromEntries(entries);
}

/** Returns some columns of a row-major array. */
function columns(values: Float64Array, stride: number, start: number, width: number): Float64Array {
  const rows = values.length / stride;
  const out = new Float64Array(rows * width);
  for (let t = 0; t < rows; t++)
    out.set(values.subarray(t * stride + start, t * stride + start + width), t * width);
  return out;
}

/** @throws {ArgumentError} for a value that is no {@link Draws}, naming `asker`. */
export function checkDraws(draws: unknown, asker: string): void {
  const { chains, names } = (draws ?? {}) as Partial<Draws<StateArray>>;
  const isRight = Array.isArray(chains) && Array.isArray(names);
  checkKind(`what ${asker} is given`, draws, isRight, "draws as `sample` returns them");
}
