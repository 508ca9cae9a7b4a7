import * as tf from "@tensorflow/tfjs";

/** Variables as one vector, which they follow. */
export class Weights {
  readonly values: Float64Array;
  readonly #variables: readonly tf.Variable[];
  readonly #sent: Float32Array;

  constructor(variables: readonly tf.Variable[]) {
    this.#variables = variables;
    this.values = Float64Array.from(variables.flatMap((variable) => [...variable.dataSync()]));
    this.#sent = Float32Array.from(this.values);
  }

  /** Brings the variables to the values, those alone that have changed. */
  send(): void {
    let from = 0;
    for (const variable of this.#variables) {
      const [now, sent] = [this.values, this.#sent].map((all) => all.subarray(from, from + variable.size));
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
