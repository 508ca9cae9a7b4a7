import {
  ArgumentError,
  checkLength,
  checkName,
  checkNumber,
  type SpinCursor,
  type SpinEnergy,
} from "@basin/energy-core";
import { createRng, exp, permutation, type Rng } from "@basin/energy-core/random";
import { toState } from "./patterns.ts";

/** How the neurons of a memory are updated. */
export const DYNAMICS = ["asynchronous", "synchronous", "stochastic"] as const;
export type Dynamics = (typeof DYNAMICS)[number];

/** In which order a sweep visits the neurons. */
export const ORDERS = ["random", "fixed"] as const;
export type Order = (typeof ORDERS)[number];

/** Options of {@link recall}. */
export interface RecallOptions {
  /**
   * `"asynchronous"`: one neuron after another, the energy never rises. `"synchronous"`: all at once from the same state,
   * which can end in a cycle of two. `"stochastic"`: S_i = +1 with probability 1/(1 + exp(−2 (h_i − θ_i)/T)), one after
   * another, for `maxSweeps` sweeps. Default "asynchronous".
   */
  dynamics?: Dynamics;
  /** `"random"`: a fresh permutation each sweep. `"fixed"`: 0, 1, …, N − 1. Default "random". */
  order?: Order;
  /** Seed of the order and of the stochastic dynamics. Default 0. */
  seed?: number;
  /** Sweeps (N updates each) after which recall stops, at least 1. Default 100. */
  maxSweeps?: number;
  /** T of the stochastic dynamics, above 0; only there. Default 1. */
  temperature?: number;
  /**
   * Which entries of the probe are certain, one truth value a neuron. They are held fixed, and the others start from what the
   * known ones say (S_i = +1 where the field of the known part alone reaches the threshold), whatever the probe holds there.
   * Default: all entries are evidence, none is held.
   */
  known?: ArrayLike<number | boolean>;
  /** Whether to record the energy after each sweep. Default false. */
  trace?: boolean;
}

/** The outcome of {@link recall}. */
export interface Recall {
  /** The state reached. */
  readonly state: Int8Array;
  /** E(state). */
  readonly energy: number;
  /** Sweeps made, the last one without a flip included. */
  readonly sweeps: number;
  /** Spins flipped on the way. */
  readonly flips: number;
  /** Whether `state` is a fixed point: a whole sweep passed without a flip. Never claimed by the stochastic dynamics. */
  readonly converged: boolean;
  /** 2 when synchronous recall ended in a cycle of two states, of which `state` is one; else absent. */
  readonly cycle?: 2;
  /** The seed used. */
  readonly seed: number;
  /** E at the start and after each sweep, when asked for. */
  readonly trace?: Float64Array;
}

/**
 * Returns the state that a spin energy's threshold dynamics reaches from `probe`: S_i ← +1 if the energy is not higher with S_i = +1, else −1.
 * For a Hopfield energy this is S_i ← +1 if Σ_j w_ij S_j ≥ θ_i, else −1 (Hopfield 1982), a tie giving +1.
 *
 * @param probe N entries, each −1 or +1.
 * @throws {DimensionError} when `probe` or `known` has not one entry a neuron.
 * @throws {ArgumentError} for entries other than ±1, unknown names and numbers out of range.
 */
export function recall(energy: SpinEnergy, probe: ArrayLike<number>, options: RecallOptions = {}): Recall {
  return recallFrom(energy, probe, options, (known, free) => completeLinearly(energy, known, free));
}

/**
 * Like {@link recall}.
 *
 * @param complete returns the start from a probe whose free entries are 0.
 */
export function recallFrom(
  energy: SpinEnergy,
  probe: ArrayLike<number>,
  options: RecallOptions = {},
  complete: (known: Int8Array, free: Uint32Array) => Int8Array,
): Recall {
  const neurons = energy.space.dimension;
  const settings = resolveRecall(neurons, options);
  const { known, free } = settings;
  if (!known) return runRecall(energy.attach(toState(probe, neurons, "probe")), settings);
  // What the probe holds at unknown entries is no evidence, so it is not even looked at.
  const certain = toState(
    Array.from(probe, (value, i) => (known[i] ? value : 1)),
    neurons,
    "probe",
  );
  for (const i of free) certain[i] = 0;
  return runRecall(energy.attach(complete(certain, free)), settings);
}

interface Settings {
  readonly dynamics: Dynamics;
  readonly order: Order;
  readonly seed: number;
  readonly maxSweeps: number;
  readonly temperature: number;
  /** The neurons that may change, ascending. */
  readonly free: Uint32Array;
  readonly known?: ArrayLike<number | boolean>;
  readonly trace: boolean;
}

function resolveRecall(neurons: number, options: RecallOptions): Settings {
  const { known } = options;
  const dynamics = checkName("dynamics", options.dynamics ?? "asynchronous", DYNAMICS);
  if (options.temperature !== undefined && dynamics !== "stochastic") {
    throw new ArgumentError(
      `temperature is ${options.temperature}, but ${dynamics} dynamics has none; use dynamics "stochastic"`,
    );
  }
  if (known) checkLength("known", known.length, neurons);
  const all = Uint32Array.from({ length: neurons }, (_, i) => i);
  return {
    dynamics,
    order: checkName("order", options.order ?? "random", ORDERS),
    seed: options.seed ?? 0,
    maxSweeps: checkNumber("maxSweeps", options.maxSweeps ?? 100, { min: 1, integer: true }),
    temperature: checkNumber("temperature", options.temperature ?? 1, { above: 0 }),
    free: known ? all.filter((i) => !known[i]) : all,
    known,
    trace: options.trace ?? false,
  };
}

/** The unknown entries count as zero in the fields: the mean over any values for them and the opposite ones. */
function completeLinearly(energy: SpinEnergy, known: Int8Array, free: Uint32Array): Int8Array {
  const up = energy.attach(known.map((spin) => spin || 1));
  const down = energy.attach(known.map((spin) => spin || -1));
  const start = known.slice();
  // delta(i) = 2 S_i (h_i − θ_i), and the two fields differ by the unknown part's share alone.
  for (const i of free) start[i] = up.delta(i) - down.delta(i) >= 0 ? 1 : -1;
  return start;
}

function runRecall(cursor: SpinCursor, settings: Settings): Recall {
  const rng = createRng(settings.seed);
  const sweep = SWEEPS[settings.dynamics](cursor, settings, rng);
  const trace = settings.trace ? [cursor.energy] : undefined;
  let sweeps = 0;
  let flips = 0;
  let result: SweepResult = { flips: 0 };
  while (sweeps < settings.maxSweeps && !result.end) {
    result = sweep();
    sweeps++;
    flips += result.flips;
    trace?.push(cursor.energy);
  }
  return {
    state: cursor.state.slice(),
    energy: cursor.energy,
    sweeps,
    flips,
    converged: result.end === "fixed point",
    ...(result.end === "cycle" ? { cycle: 2 } : {}),
    seed: settings.seed,
    ...(trace ? { trace: Float64Array.from(trace) } : {}),
  };
}

interface SweepResult {
  readonly flips: number;
  readonly end?: "fixed point" | "cycle";
}

type SweepFactory = (cursor: SpinCursor, settings: Settings, rng: Rng) => () => SweepResult;

const SWEEPS: Record<Dynamics, SweepFactory> = {
  asynchronous: (cursor, settings, rng) => () => {
    let flips = 0;
    for (const i of visitingOrder(settings, rng)) {
      if (wantsFlip(cursor, i)) {
        cursor.flip(i);
        flips++;
      }
    }
    return { flips, end: flips === 0 ? "fixed point" : undefined };
  },
  synchronous: (cursor, { free }) => {
    let before: Uint32Array | undefined;
    return () => {
      const turning = free.filter((i) => wantsFlip(cursor, i));
      for (const i of turning) cursor.flip(i);
      if (turning.length === 0) return { flips: 0, end: "fixed point" };
      // The same neurons turning twice in a row lead back to the state of two sweeps ago.
      const back = before !== undefined && sameEntries(before, turning);
      before = turning;
      return { flips: turning.length, end: back ? "cycle" : undefined };
    };
  },
  stochastic: (cursor, settings, rng) => () => {
    let flips = 0;
    for (const i of visitingOrder(settings, rng)) {
      if (rng.bernoulli(1 / (1 + exp(cursor.delta(i) / settings.temperature)))) {
        cursor.flip(i);
        flips++;
      }
    }
    return { flips };
  },
};

function wantsFlip(cursor: SpinCursor, i: number): boolean {
  const delta = cursor.delta(i);
  return delta < 0 || (delta === 0 && cursor.state[i] < 0);
}

function visitingOrder({ order, free }: Settings, rng: Rng): Uint32Array {
  if (order === "fixed") return free;
  return permutation(rng, free.length).map((k) => free[k]);
}

function sameEntries(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}
