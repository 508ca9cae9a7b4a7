import { checkOptions } from "../check-options.ts";
import { type Energy, requireCapability } from "../energy.ts";
import {
  ArgumentError,
  checkEnergy,
  checkNumber,
  EnergyValueError,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "../errors.ts";
import { movesOf } from "../moves-of.ts";
import { exp } from "../random/math.ts";
import { enumerate } from "./enumerate.ts";
import { walkStates } from "./walk.ts";

/** The options of {@link exactLikelihood}. */
export interface ExactLikelihoodOptions extends TemperatureOptions {
  /** Maximum number of states visited. Default 2²⁰: 20 spins. */
  maxStates?: number;
}

/** The exact negative log-likelihood of a data set, and the two phases of its gradient. */
export interface ExactLikelihood {
  /** Mean of −log p(x) over the data, β E_data[E] + log Z, in nats per state. */
  readonly loss: number;
  /** ∂loss/∂θ = β (positive − negative). */
  readonly gradient: Float64Array;
  /** E_data[∂E/∂θ]: lowers the energies of the data. */
  readonly positive: Float64Array;
  /** E_model[∂E/∂θ]: raises the energies of the model's states. */
  readonly negative: Float64Array;
  /** log Z. */
  readonly logPartition: number;
}

/**
 * Returns the exact cross-entropy between data and p(x) = exp(−βE(x)) / Z with its gradient, β (E_data[∂E/∂θ] −
 * E_model[∂E/∂θ]), with both phases separate (Ackley, Hinton & Sejnowski 1985). This is what contrastive divergence
 * estimates, computed by visiting every state twice.
 *
 * @param data states of the energy's length, at least one.
 *
 * @example
 * ```ts
 * import { couplings, exactLikelihood, sparseQuadratic } from "@basin/energy-core";
 *
 * const model = sparseQuadratic(couplings(2, [[0, 1, 0]]));
 * const data = [Int8Array.of(1, 1), Int8Array.of(-1, -1)];
 * for (let step = 0; step < 100; step++) {
 *   const { gradient } = exactLikelihood(model, data);
 *   for (const [k, slope] of gradient.entries()) model.can.parameters.values[k] -= 0.5 * slope;
 * }
 * console.log(exactLikelihood(model, data).loss); // toward ln 2
 * ```
 *
 * @throws {CostError} beyond `maxStates`; {ArgumentError} for no data.
 * @throws {EnergyValueError} when an energy is NaN or −∞, or a datum lies outside the support.
 */
export function exactLikelihood<X extends ArrayLike<number>>(
  energy: Energy<X>,
  data: readonly X[],
  options: ExactLikelihoodOptions = {},
): ExactLikelihood {
  checkOptions("exactLikelihood", options, "maxStates inverseTemperature temperature");
  if (data.length === 0) throw new ArgumentError("no data were given, expected at least one state");
  const inverseTemperature = checkNumber("inverseTemperature", resolveInverseTemperature(options), {
    above: 0,
  });
  const parameters = requireCapability(energy, "parameters", "exactLikelihood");
  movesOf(energy.space, "exactLikelihood");
  requireCapability(energy, "moves", "exactLikelihood");
  const { logPartition, minimum } = enumerate(energy, {
    inverseTemperature,
    maxStates: options.maxStates ?? 2 ** 20,
  });
  const size = parameters.values.length;
  const positive = new Float64Array(size);
  let mean = 0;
  for (const [i, x] of data.entries()) {
    const value = checkEnergy(energy.energy(x), `the energy of datum ${i}`);
    if (value === Number.POSITIVE_INFINITY) {
      throw new EnergyValueError(`the energy of datum ${i} is +Infinity: the model gives it probability 0`);
    }
    mean += value / data.length;
    parameters.addGradient(x, 1 / data.length, positive);
  }
  const negative = new Float64Array(size);
  // Relative to the minimum both exponents stay moderate where −βE and log Z alone would cancel.
  const reference = logPartition + inverseTemperature * minimum;
  walkStates(
    energy,
    ({ energy: value, state }) => {
      if (value === Number.POSITIVE_INFINITY) return;
      const p = exp(-inverseTemperature * (value - minimum) - reference);
      if (p > 0) parameters.addGradient(state, p, negative);
    },
    "exactLikelihood",
  );
  return {
    loss: inverseTemperature * mean + logPartition,
    gradient: positive.map((g, k) => inverseTemperature * (g - negative[k])),
    positive,
    negative,
    logPartition,
  };
}
