import * as tf from "@tensorflow/tfjs";

/** An exponential moving average of variables, corrected for its start at zero (as Adam's moments are). */
export class ParameterAverage {
  readonly #variables: readonly tf.Variable[];
  readonly #decay: number;
  readonly #averages: tf.Tensor[];
  #weight = 0;

  constructor(variables: readonly tf.Variable[], decay: number) {
    this.#variables = variables;
    this.#decay = decay;
    this.#averages = decay > 0 ? variables.map((variable) => tf.zerosLike(variable)) : [];
  }

  /** Takes the variables' present values in. */
  update(): void {
    if (this.#decay === 0) return;
    this.#weight = this.#decay * this.#weight + (1 - this.#decay);
    for (const [k, variable] of this.#variables.entries()) {
      const next = tf.tidy(() => this.#averages[k].mul(this.#decay).add(variable.mul(1 - this.#decay)));
      this.#averages[k].dispose();
      this.#averages[k] = next;
    }
  }

  /** Writes the averages into the variables, if any update was taken in, and frees them. */
  apply(): void {
    if (this.#weight > 0) {
      for (const [k, variable] of this.#variables.entries()) {
        const average = this.#averages[k].div(this.#weight);
        variable.assign(average as tf.Tensor);
        average.dispose();
      }
    }
    tf.dispose(this.#averages);
    this.#averages.length = 0;
    this.#weight = 0;
  }
}
