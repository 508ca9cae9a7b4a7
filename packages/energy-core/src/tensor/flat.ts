import * as tf from "@tensorflow/tfjs";
import { differentiable } from "../adapt.ts";
import type { DifferentiableEnergy, LearnableEnergy } from "../energy.ts";
import { checkLength } from "../errors.ts";
import { inputGradients, type LearnableTensorEnergy, type TensorEnergy } from "./tensor-energy.ts";

/**
 * Returns a tensor energy as one of flat vectors, row by row, so that everything written for real vectors takes it: descent, attractors,
 * landscapes, HMC and NUTS, checkGradient. Values are those of 32-bit floats. An energy with `variables` becomes learnable: `parameters`
 * holds them one after another and decides; what is written into it reaches the variables with the next call.
 *
 * Each call waits for the backend, so that the backend must be one that can be read at once (not webgpu).
 *
 * @example
 * ```ts
 * import { descend } from "@basin/energy-core";
 * import { flatEnergy, tensorEnergy } from "@basin/energy-core/tensor";
 *
 * const bowl = flatEnergy(tensorEnergy([2, 2], (x) => x.sub(1).square().sum([1, 2])));
 * console.log(descend(bowl, new Float64Array(4), { gradientTolerance: 1e-4 }).state); // about [1, 1, 1, 1]
 * ```
 */
export function flatEnergy(
  energy: LearnableTensorEnergy,
): DifferentiableEnergy & LearnableEnergy<Float64Array>;
export function flatEnergy(energy: TensorEnergy): DifferentiableEnergy;
export function flatEnergy(energy: TensorEnergy & Partial<LearnableTensorEnergy>): DifferentiableEnergy {
  const shape = [1, ...energy.space.shape];
  const dimension = shape.reduce((product, length) => product * length, 1);
  const weights = energy.variables === undefined ? undefined : new Weights(energy.variables);
  const state = (x: Float64Array) => tf.tensor(Float32Array.from(x), shape);
  const base = differentiable(dimension, (x, gradient) => {
    weights?.send();
    return tf.tidy(() => {
      const { energies, gradients } = inputGradients(energy, state(x));
      gradient.set(gradients.dataSync());
      return energies.dataSync()[0];
    });
  });
  const flat: DifferentiableEnergy = {
    ...base,
    energy(x) {
      checkLength("state", x.length, dimension);
      weights?.send();
      return tf.tidy(() => energy.energies(state(x)).dataSync()[0]);
    },
  };
  if (weights === undefined) return flat;
  return Object.assign(flat, {
    parameters: weights.parameters,
    addParameterGradient(x: Float64Array, weight: number, out: Float64Array) {
      checkLength("state", x.length, dimension);
      checkLength("out", out.length, weights.parameters.length);
      weights.send();
      weights.addGradient(() => energy.energies(state(x)).sum() as tf.Scalar, weight, out);
    },
  } satisfies Pick<LearnableEnergy<Float64Array>, "parameters" | "addParameterGradient">);
}

/** Variables as one vector, which they follow. */
class Weights {
  readonly parameters: Float64Array;
  readonly #variables: readonly tf.Variable[];
  readonly #sent: Float32Array;

  constructor(variables: readonly tf.Variable[]) {
    this.#variables = variables;
    this.parameters = Float64Array.from(variables.flatMap((variable) => [...variable.dataSync()]));
    this.#sent = Float32Array.from(this.parameters);
  }

  /** Brings the variables to the parameters, those alone that have changed. */
  send(): void {
    let from = 0;
    for (const variable of this.#variables) {
      const [now, sent] = [this.parameters, this.#sent].map((all) =>
        all.subarray(from, from + variable.size),
      );
      from += variable.size;
      if (now.every((value, i) => Math.fround(value) === sent[i])) continue;
      sent.set(now);
      tf.tidy(() => variable.assign(tf.tensor(Float32Array.from(sent), variable.shape)));
    }
  }

  addGradient(energy: () => tf.Scalar, weight: number, out: Float64Array): void {
    const { value, grads } = tf.variableGrads(energy, [...this.#variables]);
    value.dispose();
    let at = 0;
    for (const { name } of this.#variables) {
      for (const slope of grads[name].dataSync()) out[at++] += weight * slope;
    }
    tf.dispose(grads);
  }
}
