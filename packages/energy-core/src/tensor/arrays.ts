import * as tf from "@tensorflow/tfjs";
import type { Arrays, Batch, Partials } from "../energy.ts";
import { checkLength } from "../errors.ts";
import { tensorLogSumExp } from "./smooth.ts";
import { Weights } from "./weights.ts";

/** The arithmetic of tfjs tensors for combinators. */
export const tensorArrays: Arrays<tf.Tensor> = {
  tidy: (compute) => tf.tidy(compute),
  linear: (values, weights, constant) =>
    tf.tidy(() =>
      values
        .map((value, k) => (weights[k] === 1 ? value : value.mul(weights[k])))
        .reduce((total, value) => total.add(value))
        .add(constant),
    ),
  softMinimum: (values, offsets) =>
    tf.tidy(() => tensorLogSumExp(tf.stack(values.map((value, k) => value.add(offsets[k]).neg())), 0).neg()),
  freeEnergy: (values, inverseTemperature) =>
    tf.tidy(() => {
      if (inverseTemperature === Number.POSITIVE_INFINITY) return tf.min(values, -1);
      return tensorLogSumExp(values.mul(-inverseTemperature), -1).div(-inverseTemperature);
    }),
  restrict: (values, states, low, high) =>
    tf.tidy(() => {
      const inside = within(states, low, high).reshape([
        states.shape[0],
        ...values.shape.slice(1).map(() => 1),
      ]);
      const wall = tf.fill(values.shape, Number.POSITIVE_INFINITY);
      return tf.where(inside.toBool().broadcastTo(values.shape), values, wall);
    }),
  single,
};

/**
 * 1 for each state inside the box: where the wall stands is a constant of the gradient, and comparisons have none in
 * tfjs.
 */
function within(states: tf.Tensor, low: Float64Array, high: Float64Array): tf.Tensor {
  const shape = states.shape.slice(1);
  return tf.customGrad((x) => {
    const batch = x as tf.Tensor;
    const [from, to] = [low, high].map((corner) => tf.tensor(Float32Array.from(corner), shape));
    const legal = batch.greaterEqual(from).logicalAnd(batch.lessEqual(to));
    const value = legal.reshape([batch.shape[0], -1]).all(1).toFloat();
    return { value, gradFunc: () => tf.zerosLike(batch) };
  })(states);
}

function single(batch: Batch<tf.Tensor>): {
  energy(x: Float64Array): number;
  readonly can: Partials<Float64Array>;
} {
  const shape = [1, ...batch.shape];
  const dimension = shape.reduce((product, length) => product * length, 1);
  // Variables are read when parameters are first asked for: training by tfjs never does.
  let weights: Weights | undefined;
  const learnt = () => {
    weights ??= new Weights(batch.variables as readonly tf.Variable[]);
    return weights;
  };
  const state = (x: Float64Array) => {
    checkLength("state", x.length, dimension);
    weights?.send();
    return tf.tensor(Float32Array.from(x), shape);
  };
  const parameters = {
    get values() {
      return learnt().values;
    },
    addGradient(x: Float64Array, weight: number, out: Float64Array) {
      checkLength("out", out.length, learnt().values.length);
      tf.tidy(() => {
        const one = state(x);
        learnt().addGradient(() => batch.energies(one).sum() as tf.Scalar, weight, out);
      });
    },
  };
  return {
    energy: (x) => tf.tidy(() => batch.energies(state(x)).dataSync()[0]),
    can: {
      batch,
      gradient: (x, out) =>
        tf.tidy(() => {
          checkLength("out", out.length, dimension);
          const { energies, gradients } = batchGradients(batch, state(x));
          out.set(gradients.dataSync());
          const [value] = energies.dataSync();
          energies.dispose();
          return value;
        }),
      ...(batch.variables.length > 0 && { parameters }),
    },
  };
}

/** Energies of a batch with their gradients. The caller disposes of both. */
export interface EnergiesAndGradients {
  /** E(x), `[batch]`. */
  readonly energies: tf.Tensor1D;
  /** ∇ₓE(x), `[batch, ...shape]`. */
  readonly gradients: tf.Tensor;
}

/** Returns E(x) and ∇ₓE(x) for each state, in one forward and one backward pass. */
export function batchGradients(batch: Batch<tf.Tensor>, states: tf.Tensor): EnergiesAndGradients {
  let energies: tf.Tensor1D | undefined;
  // States of a batch do not interact, so the gradient of the sum holds the gradient of each.
  const { value, grad: gradients } = tf.valueAndGrad((x: tf.Tensor) => {
    energies = tf.keep(batch.energies(x)) as tf.Tensor1D;
    return energies.sum();
  })(states);
  value.dispose();
  return { energies: energies as tf.Tensor1D, gradients };
}
