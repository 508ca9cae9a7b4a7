import { checkOptions } from "./check-options.ts";
import {
  ArgumentError,
  checkEnergy,
  checkNumbers,
  EnergyValueError,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "./errors.ts";
import { kindOf } from "./kind-of.ts";
import { exp, log } from "./random/math.ts";

/**
 * Returns log Σ_i exp(v_i), with the maximum taken out so that nothing overflows; −∞ for no values or only −∞ ones.
 * The same bits on every platform.
 *
 * @example
 * ```ts
 * import { logSumExp } from "@basin/energy-core";
 *
 * console.log(logSumExp([1000, 1000])); // 1000 + ln 2
 * ```
 *
 * @throws {ArgumentError} when a value is NaN.
 */
export function logSumExp(values: ArrayLike<number>): number {
  checkNumbers("values", values);
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value > highest) highest = value;
    else if (Number.isNaN(value)) throw new ArgumentError(`value ${i} is NaN, expected a number`);
  }
  if (!Number.isFinite(highest)) return highest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += exp(values[i] - highest);
  return highest + log(sum);
}

/**
 * Returns the Gibbs distribution over finitely many states, p_i = exp(−βE_i) / Σ_j exp(−βE_j): the softmax of −βE.
 * Adding a constant to every energy changes nothing but rounding. An energy of +∞ gives probability 0. β = +∞ divides
 * the probability equally among the minimizers, β = 0 among the states of finite energy. The same bits on every
 * platform.
 *
 * @example
 * ```ts
 * import { softmin } from "@basin/energy-core";
 *
 * console.log(softmin([0, Math.log(3)])); // [0.75, 0.25]
 * ```
 *
 * @throws {EnergyValueError} for NaN and −∞, and when no energy is finite.
 * @throws {ArgumentError} when no energies are given.
 */
export function softmin(energies: ArrayLike<number>, options: TemperatureOptions = {}): Float64Array {
  checkOptions("softmin", options, "inverseTemperature temperature");
  const beta = resolveInverseTemperature(options);
  const lowest = minimum(energies);
  if (lowest === Number.POSITIVE_INFINITY) {
    throw new EnergyValueError(
      `all ${energies.length} energies are +Infinity: no state has positive probability`,
    );
  }
  const probabilities = new Float64Array(energies.length);
  let sum = 0;
  for (let i = 0; i < energies.length; i++) {
    sum += probabilities[i] = boltzmannFactor(energies[i] - lowest, beta);
  }
  for (let i = 0; i < probabilities.length; i++) probabilities[i] /= sum;
  return probabilities;
}

/**
 * Returns the free energy F = −(1/β) log Σ_i exp(−βE_i): the energy of the union of the states, which is the marginal
 * energy of x when E_i = E(x, y = i). β = +∞ gives the minimum; +∞ when every energy is +∞.
 *
 * @example
 * ```ts
 * import { freeEnergy } from "@basin/energy-core";
 *
 * console.log(freeEnergy([1, 1])); // 1 − ln 2
 * console.log(freeEnergy([1, 2], { temperature: 0 })); // 1
 * ```
 *
 * @throws {EnergyValueError} for NaN and −∞.
 * @throws {ArgumentError} when no energies are given, and for β = 0, where F is −∞.
 */
export function freeEnergy(energies: ArrayLike<number>, options: TemperatureOptions = {}): number {
  checkOptions("freeEnergy", options, "inverseTemperature temperature");
  const beta = resolveInverseTemperature(options);
  if (beta === 0) throw new ArgumentError("inverseTemperature is 0, where the free energy is -Infinity");
  const lowest = minimum(energies);
  if (beta === Number.POSITIVE_INFINITY || lowest === Number.POSITIVE_INFINITY) return lowest;
  let sum = 0;
  for (let i = 0; i < energies.length; i++) sum += boltzmannFactor(energies[i] - lowest, beta);
  return lowest - log(sum) / beta;
}

/** exp(−β · excess), with 0 · ∞ read as a state outside the support and ∞ · 0 as a minimizer. */
function boltzmannFactor(excess: number, beta: number): number {
  if (excess === 0) return 1;
  return excess === Number.POSITIVE_INFINITY ? 0 : exp(-beta * excess);
}

function minimum(energies: ArrayLike<number>): number {
  if (!(energies?.length > 0))
    throw new ArgumentError(`energies are ${kindOf(energies)}, expected one at least`);
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < energies.length; i++) {
    lowest = Math.min(lowest, checkEnergy(energies[i], `energy ${i}`));
  }
  return lowest;
}
