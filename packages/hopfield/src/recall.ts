import { ArgumentError, checkNumber, type SpinEnergy, type VectorLike } from "@basin/energy-core";
import { checkLength, checkName, checkOptions, seedOf, toVector } from "@basin/energy-core/internal";
import {
  cursorWalk,
  type Dynamics,
  dynamicsNames,
  type Order,
  orderNames,
  type Settings,
  type SweepResult,
  type Ties,
  tieNames,
  type Walk,
} from "./dynamics.ts";
import { toState } from "./patterns.ts";

/** Options of {@link settle}. */
export interface RecallOptions {
  /**
   * `"asynchronous"`: one neuron after another, the energy never rises. `"synchronous"`: all at once from the same
   * state, which can end in a cycle of two. `"stochastic"`: S_i = +1 with probability 1/(1 + exp(−2 (h_i − θ_i)/T)),
   * one after another, for `maxSweeps` sweeps. Default "asynchronous".
   */
  dynamics?: Dynamics;
  /** `"random"`: a fresh permutation each sweep. `"fixed"`: 0, 1, …, N − 1. Default "random". */
  order?: Order;
  /** Seed of the order and of the stochastic dynamics. Default: drawn, and reported in the result. */
  seed?: number;
  /** Sweeps (N updates each) after which recall stops, at least 1. Default 100. */
  maxSweeps?: number;
  /** T of the stochastic dynamics, above 0; only there. Default 1. */
  temperature?: number;
  /**
   * Which entries of the probe are certain, one boolean for each neuron. They are held fixed. The others start from the
   * field of the known part (S_i = +1 if it reaches the threshold), and their values in the probe are ignored. Default:
   * all entries count, and none is held.
   */
  known?: ArrayLike<number | boolean>;
  /**
   * The rule for a neuron whose field equals its threshold: `"up"` sets +1 (Hopfield 1982). `"keep"` does not change
   * it, so a stored pattern that ties with another is a fixed point, at the cost of a slower general code path. Not
   * used by the stochastic dynamics. Default "up".
   */
  ties?: Ties;
  /** Whether to record the energy after each sweep. Default false. */
  trace?: boolean;
}

/** The outcome of {@link settle}. */
export interface Settling {
  /** The state reached. */
  readonly state: Int8Array;
  /** E(state). */
  readonly energy: number;
  /** Sweeps made, the last one without a flip included. */
  readonly sweeps: number;
  /** Spins flipped on the way. */
  readonly flips: number;
  /**
   * Whether `state` is a fixed point: a whole sweep passed without a flip. Always false for the stochastic dynamics.
   */
  readonly converged: boolean;
  /** 2 if synchronous recall ended in a cycle of two states, of which `state` is one; otherwise absent. */
  readonly cycle?: 2;
  /** The seed used. */
  readonly seed: number;
  /** E at the start and after each sweep, when asked for. */
  readonly trace?: Float64Array;
}

/**
 * Returns the state that a spin energy's threshold dynamics reaches from `probe`: S_i ← +1 if the energy is not higher
 * with S_i = +1, else −1. For a Hopfield energy this is S_i ← +1 if Σ_j w_ij S_j ≥ θ_i, else −1 (Hopfield 1982), a tie
 * giving +1 unless `ties` says otherwise.
 *
 * @param probe N entries, each −1 or +1.
 * @throws {DimensionError} unless `probe` and `known` have one entry for each neuron.
 * @throws {ArgumentError} for entries other than ±1, unknown names and numbers out of range.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { settle } from "@basin/hopfield";
 *
 * const magnet = denseQuadratic([[0, 1], [1, 0]]);
 * console.log(settle(magnet, [1, -1], { order: "fixed" }).state); // −1, −1
 * ```
 */
export function settle(energy: SpinEnergy, probe: VectorLike, options: RecallOptions = {}): Settling {
  checkRecall("settle", options);
  return recallWith(energy, probe, options);
}

/** @throws {ArgumentError} for an option that recalls do not have. */
export function checkRecall(asker: string, options: RecallOptions = {}): void {
  checkOptions(asker, options, "dynamics order seed maxSweeps temperature known ties trace");
}

/** Faster or fitter ways that a memory has to do parts of a recall. */
export interface RecallParts {
  /** Returns the start from a probe whose free entries are 0. Default: the linear completion of a quadratic energy. */
  complete?(known: Int8Array, free: Uint32Array): Int8Array;
  /** Returns a walk from `start`, or undefined where a cursor of the energy has to do. Default: always undefined. */
  walk?(start: Int8Array, settings: Settings): Walk | undefined;
}

/** Like {@link settle}, with parts of it done by the memory. */
export function recallWith(
  energy: SpinEnergy,
  given: VectorLike,
  options: RecallOptions = {},
  parts: RecallParts = {},
): Settling {
  const neurons = energy.space.dimension;
  const probe = toVector(given, "probe");
  const settings = resolveRecall(neurons, options);
  const { known, free } = settings;
  let start: Int8Array;
  if (known) {
    // What the probe holds at unknown entries is no evidence, so it is not even looked at.
    const certain = toState(
      Array.from(probe, (value, i) => (known[i] ? value : 1)),
      neurons,
      "probe",
    );
    for (const i of free) certain[i] = 0;
    start = parts.complete ? parts.complete(certain, free) : completeLinearly(energy, certain, free);
  } else {
    start = toState(probe, neurons, "probe");
  }
  // The memories' own walks know the first kind of tie alone.
  const own = settings.ties === "up" ? parts.walk?.(start, settings) : undefined;
  const walk = own ?? cursorWalk(energy.can.moves(start), settings);
  return { ...run(walk, settings), seed: settings.seed };
}

/** Checks the options and fills in the defaults. */
export function resolveRecall(neurons: number, options: RecallOptions): Settings {
  const { known } = options;
  const dynamics = checkName("dynamics", options.dynamics ?? "asynchronous", dynamicsNames);
  if (options.temperature !== undefined && dynamics !== "stochastic") {
    throw new ArgumentError(
      `temperature is ${options.temperature}, but ${dynamics} dynamics has none; use dynamics "stochastic"`,
    );
  }
  if (options.ties !== undefined && dynamics === "stochastic")
    throw new ArgumentError(`ties is "${options.ties}", but stochastic dynamics has none`);
  if (known) checkLength("known", known.length, neurons);
  const all = new Uint32Array(neurons);
  for (let i = 0; i < neurons; i++) all[i] = i;
  return {
    dynamics,
    order: checkName("order", options.order ?? "random", orderNames),
    seed: seedOf(options),
    maxSweeps: checkNumber("maxSweeps", options.maxSweeps ?? 100, { min: 1, integer: true }),
    temperature: checkNumber("temperature", options.temperature ?? 1, { above: 0 }),
    free: known ? all.filter((i) => !known[i]) : all,
    known,
    trace: options.trace ?? false,
    ties: checkName("ties", options.ties ?? "up", tieNames),
  };
}

/** The unknown entries count as zero in the fields: the mean over any values for them and the opposite ones. */
function completeLinearly(energy: SpinEnergy, known: Int8Array, free: Uint32Array): Int8Array {
  const up = energy.can.moves(known.map((spin) => spin || 1));
  const down = energy.can.moves(known.map((spin) => spin || -1));
  const start = known.slice();
  // delta(i) = 2 S_i (h_i − θ_i), and the two fields differ by the unknown part's share alone.
  for (const i of free) start[i] = up.delta(i) - down.delta(i) >= 0 ? 1 : -1;
  return start;
}

function run(walk: Walk, { maxSweeps, trace }: Settings): Omit<Settling, "seed"> {
  const energies = trace ? [walk.energy()] : undefined;
  let sweeps = 0;
  let flips = 0;
  let last: SweepResult = { flips: 0 };
  while (sweeps < maxSweeps && !last.end) {
    last = walk.sweep();
    sweeps++;
    flips += last.flips;
    energies?.push(walk.energy());
  }
  return {
    state: walk.state(),
    energy: walk.energy(),
    sweeps,
    flips,
    converged: last.end === "fixed point",
    ...(last.end === "cycle" ? { cycle: 2 } : {}),
    ...(energies ? { trace: Float64Array.from(energies) } : {}),
  };
}
