import { ArgumentError, EnergyValueError, type LearnableEnergy } from "@basin/energy-core";
import { checkEnergy, checkLength } from "@basin/energy-core/internal";

/**
 * Writes the gradient of the negative log-likelihood, mean over data of ∂E/∂θ − mean over the model of ∂E/∂θ, into
 * `out` (length of `energy.can.parameters.values`) with samples for both expectations, and returns its length and the
 * energy gap. A step down the gradient lowers the energy of the positives and raises that of the negatives. Negatives
 * are constants: gradients do not flow through the sampler (Hinton 2002).
 *
 * @throws {ArgumentError} for an empty batch.
 * @throws {EnergyValueError} when an energy or a component is not finite.
 */
export function contrastiveGradient<X>(
  energy: LearnableEnergy<X>,
  positives: readonly X[],
  negatives: readonly X[],
  out: Float64Array,
): {
  /**
   * Mean energy of the positives minus that of the negatives; near 0 if the model gives its samples the energies of the
   * data.
   */
  readonly energyGap: number;
  /** Euclidean length of the gradient. */
  readonly norm: number;
} {
  checkLength("gradient", out.length, energy.can.parameters.values.length);
  if (positives.length === 0 || negatives.length === 0) {
    throw new ArgumentError(
      `a gradient needs positives and negatives, got ${positives.length} and ${negatives.length}`,
    );
  }
  out.fill(0);
  const up = addPhase(energy, positives, 1, out, "positive");
  const down = addPhase(energy, negatives, -1, out, "negative");
  let square = 0;
  for (const [i, value] of out.entries()) {
    if (!Number.isFinite(value)) {
      throw new EnergyValueError(
        `the gradient of parameter ${i} is ${value}: training has gone astray; lower the learning rate or bound the energy`,
      );
    }
    square += value * value;
  }
  return { energyGap: up - down, norm: Math.sqrt(square) };
}

function addPhase<X>(
  energy: LearnableEnergy<X>,
  states: readonly X[],
  sign: 1 | -1,
  out: Float64Array,
  phase: string,
): number {
  let mean = 0;
  for (const [k, state] of states.entries()) {
    mean += checkEnergy(energy.energy(state), `the energy of ${phase} ${k}`) / states.length;
    energy.can.parameters.addGradient(state, sign / states.length, out);
  }
  return mean;
}
