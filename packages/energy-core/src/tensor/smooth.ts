import * as tf from "@tensorflow/tfjs";

/** The second argument of a tf.customGrad function, whose type tfjs states as a tensor. */
type Save = (tensors: tf.Tensor[]) => void;

/**
 * A function of a tensor whose gradient is an ordinary expression of its input. tfjs's own `tanh`, `sigmoid`, `swish`,
 * `exp` and `logSumExp` give second derivatives that are wrong or missing, because their gradients use the saved output
 * as if it were a constant; score matching and gradient penalties need the ones here.
 */
function smooth(
  value: (x: tf.Tensor) => tf.Tensor,
  derivative: (x: tf.Tensor) => tf.Tensor,
): (x: tf.Tensor) => tf.Tensor {
  return tf.customGrad((x, save) => {
    (save as Save)([x as tf.Tensor]);
    return {
      value: value(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dy.mul(derivative(saved[0])),
    };
  }) as (x: tf.Tensor) => tf.Tensor;
}

/**
 * Returns eˣ, with right derivatives of every order.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { tensorExp } from "@basin/energy-core/tensor";
 *
 * const slope = tf.grad((x: tf.Tensor) => tensorExp(x).sum());
 * const curvature = tf.grad((x: tf.Tensor) => slope(x).sum());
 * console.log(tensorExp(tf.tensor1d([1])).dataSync(), curvature(tf.tensor1d([1])).dataSync()); // [e], and the second derivative
 * ```
 */
export function tensorExp<T extends tf.Tensor>(x: T): T {
  return smoothExp(x) as T;
}

/**
 * Returns 1/(1 + e⁻ˣ), with right derivatives of every order.
 */
export function tensorSigmoid<T extends tf.Tensor>(x: T): T {
  return smoothSigmoid(x) as T;
}

/**
 * Returns tanh x, with right derivatives of every order.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { tensorTanh } from "@basin/energy-core/tensor";
 *
 * const slope = tf.grad((x: tf.Tensor) => tensorTanh(x).sum());
 * const curvature = tf.grad((x: tf.Tensor) => slope(x).sum());
 * console.log(tensorTanh(tf.tensor1d([1])).dataSync(), curvature(tf.tensor1d([1])).dataSync()); // [0.761…], and the second derivative
 * ```
 */
export function tensorTanh<T extends tf.Tensor>(x: T): T {
  return smoothTanh(x) as T;
}

/**
 * Returns x/(1 + e⁻ˣ), also called swish, with right derivatives of every order.
 */
export function tensorSilu<T extends tf.Tensor>(x: T): T {
  return smoothSilu(x) as T;
}

/**
 * Returns log Σ eˣ over one axis (default: the last), which disappears, with right derivatives of every order. The
 * maximum is taken out first.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { tensorLogSumExp } from "@basin/energy-core/tensor";
 *
 * console.log(tensorLogSumExp(tf.tensor2d([[1000, 1000]])).dataSync()); // [1000 + ln 2]
 * ```
 */
export function tensorLogSumExp(x: tf.Tensor, axis = -1): tf.Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  return tf.customGrad((y, save) => {
    (save as Save)([y as tf.Tensor]);
    return {
      value: tf.logSumExp(y as tf.Tensor, at),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dy.expandDims(at).mul(softmax(saved[0], at)),
    };
  })(x);
}

/** e^(x − max) / Σ e^(x − max); the maximum is a constant of the gradient, which it does not change. */
function softmax(x: tf.Tensor, axis: number): tf.Tensor {
  const weights = tensorExp(x.sub(constantMax(x, axis)));
  return weights.div(weights.sum(axis, true));
}

function constantMax(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.customGrad((y) => ({
    value: tf.max(y as tf.Tensor, axis, true),
    gradFunc: () => tf.zerosLike(y as tf.Tensor),
  }))(x);
}

const smoothExp = smooth(
  (x) => tf.exp(x),
  (x) => tensorExp(x),
);
const smoothSigmoid = smooth(
  (x) => tf.sigmoid(x),
  (x) => {
    const s = tensorSigmoid(x);
    return s.sub(s.square());
  },
);
const smoothTanh = smooth(
  (x) => tf.tanh(x),
  (x) => tf.scalar(1).sub(tensorTanh(x).square()),
);
const smoothSilu = smooth(
  (x) => x.mul(tf.sigmoid(x)),
  (x) => {
    // (x σ)′ = σ + xσ(1 − σ)
    const s = tensorSigmoid(x);
    const y = x.mul(s);
    return s.add(y).sub(y.mul(s));
  },
);
