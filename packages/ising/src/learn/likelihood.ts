import { checkNumber, type MatrixLike } from "@basin/energy-core";
import { checkName, checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, log } from "@basin/energy-core/random";
import type { PartitionEstimate } from "@basin/samplers/temper";
import { probabilities } from "./data.ts";
import { exactLogPartition } from "./exact-partition.ts";
import { type AnnealedLogPartitionOptions, annealedLogPartition } from "./partition.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";

/** Log Z: exact, or bracketed by annealing. */
export type LogPartition = { readonly exact: number } | (PartitionEstimate & { readonly seed?: number });

/** A mean log-likelihood in nats a state. */
export interface LogLikelihood {
  readonly mean: number;
  /** Between states; that of log Z is its own. */
  readonly standardError: number;
  /** With the upper end of log Z: what the likelihood is at least. */
  readonly lowerEnd: number;
  /** States that it is averaged over. */
  readonly states: number;
  /** The seed of the drawing. */
  readonly seed: number;
}

/** Options of {@link logPartition}; those of annealing are for `"annealed"` alone. */
export interface LogPartitionOptions extends AnnealedLogPartitionOptions {
  /** Default: `"exact"` where the smaller layer has at most `maxUnits` units, and `"annealed"` elsewhere. */
  method?: "exact" | "annealed";
  /** Maximum units of the smaller layer for enumeration of log Z, at most 25. Default 18, which takes seconds. */
  maxUnits?: number;
}

/**
 * Resolves to log Z of a machine. `"exact"` walks all states of the smaller layer in Gray-code order with the other
 * layer summed out: 2^min(V, H) · max(V, H) steps. `"annealed"` is a bracket by annealed importance sampling, forward
 * (Neal 2001; Salakhutdinov & Murray 2008) and in reverse (Grosse, Ghahramani & Adams 2015), along the laws of
 * {@link layers}: the forward estimate is too low in expectation. Reverse chains start where forward chains ended,
 * `settle` Gibbs steps later; were those states exact, the reverse estimate would be too high in expectation.
 *
 * @example
 * ```ts
 * import { logPartition, restrictedBoltzmannMachine } from "@basin/ising/learn";
 * import { crowdedSchedule } from "@basin/samplers/temper";
 *
 * const machine = restrictedBoltzmannMachine({ visible: 8, hidden: 4, weightScale: 1, seed: 3 });
 * const inverseTemperatures = crowdedSchedule(500);
 * const { exact } = await logPartition(machine, { method: "exact" });
 * const { forward, reverse } = await logPartition(machine, { method: "annealed", seed: 1, inverseTemperatures });
 * console.log(forward.mean, reverse.mean, exact);
 * ```
 *
 * @throws {CostError} for `"exact"` where both layers have more than 25 units.
 * @throws {ArgumentError} for inverse temperatures that do not lead from 0 to 1, and for numbers out of range.
 */
export async function logPartition(
  machine: RestrictedBoltzmannMachine,
  options: LogPartitionOptions & { method: "exact" },
): Promise<{ readonly exact: number }>;
export async function logPartition(
  machine: RestrictedBoltzmannMachine,
  options: LogPartitionOptions & { method: "annealed" },
): Promise<PartitionEstimate & { readonly seed: number }>;
export async function logPartition(
  machine: RestrictedBoltzmannMachine,
  options?: LogPartitionOptions,
): Promise<LogPartition>;
export async function logPartition(
  machine: RestrictedBoltzmannMachine,
  options: LogPartitionOptions = {},
): Promise<LogPartition> {
  checkOptions(
    "logPartition",
    options,
    "method maxUnits seed chains inverseTemperatures base settle kernel checkpoint checkpointEvery signal onProgress",
  );
  const { method, maxUnits, ...annealing } = options;
  if (method !== undefined) checkName("method", method, ["exact", "annealed"]);
  const most = checkNumber("maxUnits", maxUnits ?? 18, { min: 0, max: 25, integer: true });
  const small = Math.min(machine.visible, machine.hidden) <= most;
  return (method ?? (small ? "exact" : "annealed")) === "exact"
    ? { exact: exactLogPartition(machine) }
    : annealedLogPartition(machine, annealing);
}

/**
 * Returns the mean of log p(v) = −F(v) − log Z over data. Values between 0 and 1 are drawn once: a unit is on with its
 * probability (Salakhutdinov & Murray 2008).
 *
 * @param data probabilities or spins, [n, visible].
 * @param options `maxStates` are taken evenly from the data, by default 10 000; `seed` is that of the drawing, by
 * default drawn and reported.
 *
 * @example
 * ```ts
 * import { logLikelihood, logPartition, restrictedBoltzmannMachine } from "@basin/ising/learn";
 *
 * const coins = restrictedBoltzmannMachine({ visible: 4, hidden: 2, weightScale: 0, seed: 0 });
 * const { mean } = logLikelihood(coins, [[1, 0, 0, 1]], await logPartition(coins, { seed: 1 }));
 * console.log(mean); // −4 log 2
 * ```
 *
 * @throws {DimensionError} for rows of another length; {ArgumentError} for values that are neither probabilities nor
 * spins.
 */
export function logLikelihood(
  machine: RestrictedBoltzmannMachine,
  data: MatrixLike,
  partition: LogPartition,
  options: { maxStates?: number; seed?: number } = {},
): LogLikelihood {
  checkOptions("logLikelihood", options, "maxStates seed");
  const { maxStates = 10_000 } = options;
  const seed = seedOf(options);
  const { data: values, shape } = probabilities(data, machine.visible);
  const [rows, columns] = shape;
  const states = Math.min(rows, checkNumber("maxStates", maxStates, { min: 1, integer: true }));
  const rng = createRng(seed);
  const energies = Float64Array.from({ length: states }, (_, k) => {
    const row = Math.floor((k * rows) / states) * columns;
    return machine.energy(
      Int8Array.from({ length: columns }, (_, i) => (rng.bernoulli(values[row + i]) ? 1 : -1)),
    );
  });
  const mean = energies.reduce((sum, energy) => sum + energy, 0) / states;
  const variance = energies.reduce((sum, energy) => sum + (energy - mean) ** 2, 0) / Math.max(1, states - 1);
  const [middle, high] =
    "exact" in partition
      ? [partition.exact, partition.exact]
      : [partition.forward.mean, Math.max(partition.bracket[1], partition.forward.mean)];
  const standardError = Math.sqrt(variance / states);
  return { mean: -mean - middle, standardError, lowerEnd: -mean - high, states, seed };
}

/**
 * Returns the log-odds of each unit in data, log((n₁ + 1)/(n − n₁ + 1)), one state of each kind added so that none is
 * infinite: the initial biases, and the base of {@link logPartition}.
 *
 * @param data probabilities or spins, [n, units].
 *
 * @example
 * ```ts
 * import { logOdds } from "@basin/ising/learn";
 *
 * console.log(logOdds([[1, 0], [1, 1]], 2)); // log 3, 0
 * ```
 *
 * @throws {ArgumentError} for values that are neither probabilities nor spins.
 */
export function logOdds(data: MatrixLike, units: number): Float64Array {
  const { data: values, shape } = probabilities(data, units);
  const sums = new Float64Array(units);
  for (let k = 0; k < values.length; k++) sums[k % units] += values[k];
  return sums.map((sum) => log((sum + 1) / (shape[0] - sum + 1)));
}
