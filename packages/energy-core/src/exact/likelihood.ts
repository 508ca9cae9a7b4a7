import type { LearnableEnergy, SpinEnergy } from "../energy.ts";
import {
  ArgumentError,
  checkEnergy,
  checkNumber,
  EnergyValueError,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "../errors.ts";
import { exp } from "../random/math.ts";
import { enumerate } from "./enumerate.ts";
import { walkStates } from "./gray.ts";

/** The options of {@link spinLikelihood}. */
export interface SpinLikelihoodOptions extends TemperatureOptions {
  /** Largest n that is walked, at most 30. Default 20. */
  maximumSpins?: number;
}

/** The exact negative log-likelihood of a data set, and the two phases of its gradient. */
export interface SpinLikelihood {
  /** Mean of −log p(x) over the data, β E_data[E] + log Z, in nats a state. */
  readonly loss: number;
  /** ∂loss/∂θ = β (positive − negative). */
  readonly gradient: Float64Array;
  /** E_data[∂E/∂θ]: the data's energies are pulled down. */
  readonly positive: Float64Array;
  /** E_model[∂E/∂θ]: the model's own states are pushed up. */
  readonly negative: Float64Array;
  /** log Z. */
  readonly logPartition: number;
}

/**
 * Returns the exact cross-entropy between data and p(x) = exp(−βE(x)) / Z with its gradient, β (E_data[∂E/∂θ] −
 * E_model[∂E/∂θ]), both phases apart (Ackley, Hinton & Sejnowski 1985). What contrastive divergence estimates, computed by
 * visiting every state twice.
 *
 * @param data states of the energy's length, at least one.
 *
 * @example
 * ```ts
 * import { couplings, spinLikelihood, sparseQuadratic } from "@basin/energy-core";
 *
 * const model = sparseQuadratic(couplings(2, [[0, 1, 0]]));
 * const data = [Int8Array.of(1, 1), Int8Array.of(-1, -1)];
 * for (let step = 0; step < 100; step++) {
 *   const { gradient } = spinLikelihood(model, data);
 *   for (const [k, slope] of gradient.entries()) model.parameters[k] -= 0.5 * slope;
 * }
 * console.log(spinLikelihood(model, data).loss); // toward ln 2
 * ```
 *
 * @throws {CostError} beyond `maximumSpins`; {ArgumentError} for no data.
 * @throws {EnergyValueError} when an energy is NaN or −∞, or a datum lies outside the support.
 */
export function spinLikelihood(
  energy: SpinEnergy & LearnableEnergy<Int8Array>,
  data: readonly Int8Array[],
  options: SpinLikelihoodOptions = {},
): SpinLikelihood {
  if (data.length === 0) throw new ArgumentError("no data were given, expected at least one state");
  const inverseTemperature = checkNumber("inverseTemperature", resolveInverseTemperature(options), {
    above: 0,
  });
  const maximumSpins = options.maximumSpins ?? 20;
  const { logPartition, minimum } = enumerate(energy, { inverseTemperature, maximumSpins });
  const size = energy.parameters.length;
  const positive = new Float64Array(size);
  let mean = 0;
  for (const [i, x] of data.entries()) {
    const value = checkEnergy(energy.energy(x), `the energy of datum ${i}`);
    if (value === Number.POSITIVE_INFINITY) {
      throw new EnergyValueError(`the energy of datum ${i} is +Infinity: the model gives it probability 0`);
    }
    mean += value / data.length;
    energy.addParameterGradient(x, 1 / data.length, positive);
  }
  const negative = new Float64Array(size);
  // Relative to the minimum both exponents stay moderate where −βE and log Z alone would cancel.
  const reference = logPartition + inverseTemperature * minimum;
  walkStates(energy, ({ energy: value, state }) => {
    if (value === Number.POSITIVE_INFINITY) return;
    const p = exp(-inverseTemperature * (value - minimum) - reference);
    if (p > 0) energy.addParameterGradient(state, p, negative);
  });
  return {
    loss: inverseTemperature * mean + logPartition,
    gradient: positive.map((g, k) => inverseTemperature * (g - negative[k])),
    positive,
    negative,
    logPartition,
  };
}
