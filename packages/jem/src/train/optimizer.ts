import { denseKernel } from "../dense/kernel.ts";

/** What one update of {@link Adam} is given. */
export interface AdamStep {
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Factor on the gradient, such as a clip of its norm. */
  readonly scale: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

type Update = (rate: number, epsilon: number, shrink: number, averageDecay: number) => void;

/**
 * Adam (Kingma & Ba 2015) with decoupled weight decay on one flat array of parameters, and their exponential moving
 * average. All state is in plain arrays, so that a checkpoint holds it and a run goes on to the same bits.
 */
export class Adam {
  readonly parameters: Float32Array;
  readonly gradient: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly average: Float32Array;
  /** Updates made, and the weight that the average has gathered: what corrects both for their start at zero. */
  updates = 0;
  averageWeight = 0;
  readonly #averageDecay: number;
  readonly #update: Update;

  constructor(parameters: Float32Array, averageDecay: number, kernel: "wasm" | "typescript" = "wasm") {
    const length = (parameters.length + 3) & ~3;
    const instance = kernel === "wasm" ? denseKernel(5 * 4 * length) : undefined;
    const memory = instance ? new Float32Array(instance.memory.buffer) : new Float32Array(5 * length);
    const arrays = Array.from({ length: 5 }, (_, k) =>
      memory.subarray(k * length, k * length + parameters.length),
    );
    [this.parameters, this.gradient, this.first, this.second, this.average] = arrays;
    this.parameters.set(parameters);
    this.#averageDecay = averageDecay;
    const at = arrays.map((array) => array.byteOffset);
    this.#update = instance
      ? (rate, epsilon, shrink, decay) =>
          instance.exports.adam(
            at[0],
            at[1],
            at[2],
            at[3],
            at[4],
            length,
            rate,
            BETA1,
            BETA2,
            epsilon,
            shrink,
            decay,
          )
      : (rate, epsilon, shrink, decay) => updateTwin(this, rate, epsilon, shrink, decay);
  }

  /** Takes one step along `gradient`, which is left scaled. */
  step({ learningRate, weightDecay, scale }: AdamStep): void {
    if (scale !== 1) for (let k = 0; k < this.gradient.length; k++) this.gradient[k] *= scale;
    const t = ++this.updates;
    const second = Math.sqrt(1 - BETA2 ** t);
    this.averageWeight = this.#averageDecay * this.averageWeight + (1 - this.#averageDecay);
    this.#update(
      (learningRate * second) / (1 - BETA1 ** t),
      EPSILON * second,
      1 - learningRate * weightDecay,
      this.#averageDecay,
    );
  }

  /** Returns the moving average, or the parameters where none is kept or no update was made. */
  averaged(): Float32Array {
    if (this.updates === 0 || this.#averageDecay === 0) return this.parameters.slice();
    return this.average.map((value) => value / this.averageWeight);
  }
}

/** The kernel's update, operation by operation in single precision. */
function updateTwin(
  { parameters, gradient, first, second, average }: Adam,
  rate: number,
  epsilon: number,
  shrink: number,
  decay: number,
): void {
  const f = Math.fround;
  const [b1, b2, d] = [f(BETA1), f(BETA2), f(decay)];
  const [c1, c2, rest] = [f(1 - b1), f(1 - b2), f(1 - d)];
  const [r, e, keep] = [f(rate), f(epsilon), f(shrink)];
  for (let k = 0; k < parameters.length; k++) {
    const g = gradient[k];
    first[k] = f(b1 * first[k]) + f(c1 * g);
    second[k] = f(b2 * second[k]) + f(c2 * f(g * g));
    const step = f(f(r * first[k]) / f(f(Math.sqrt(second[k])) + e));
    parameters[k] = f(keep * parameters[k]) - step;
    average[k] = f(d * average[k]) + f(rest * parameters[k]);
  }
}
