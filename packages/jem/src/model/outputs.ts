import { ArgumentError } from "@basin/energy-core";
import { checkName } from "@basin/energy-core/internal";
import * as tf from "@tensorflow/tfjs";

/**
 * The readings of a classifier's outputs: "logits", f_y themselves; "softmax", whose input is read; "binary", one logit
 * z of the second of two labels, or its sigmoid, read as f = (−z/2, z/2); "exclusive", sigmoids whose inputs are the
 * logits of exclusive classes.
 */
const outputNames = ["logits", "softmax", "binary", "exclusive"] as const;
export type OutputName = (typeof outputNames)[number];

/**
 * What a classifier ends in, as its structure shows: a named function of its last numbers, or nothing that squeezes
 * them.
 */
export interface Ending {
  /** "linear" where nothing squeezes the outputs. */
  readonly activation: string;
  /** Where it stands, for messages: `the softmax of layer "dense_2"`. */
  readonly place: string;
  /** What mixes the squeezed numbers afterwards, so that they are not to be had any more. */
  readonly mixedBy?: string;
}

/** Functions of the outputs whose input cannot be told from them in float32. */
const SATURATING = new Set(["hardSigmoid", "tanh", "softsign"]);

/**
 * Returns what `outputs` numbers that end so are, which decides what is read.
 *
 * @param wanted the option that decides where the structure allows two readings.
 * @throws {ArgumentError} where there are two readings and no option, or none.
 */
export function readingOf(ending: Ending, outputs: number, wanted: OutputName | undefined): OutputName {
  if (wanted !== undefined) checkName("output", wanted, outputNames);
  const { activation, place, mixedBy } = ending;
  const squeezed = activation === "softmax" || activation === "logSoftmax" || activation === "sigmoid";
  if (mixedBy !== undefined && (squeezed || SATURATING.has(activation)) && wanted !== "logits")
    throw new ArgumentError(
      `the classifier's output is ${place} mixed by ${mixedBy}, from which no logits can be read; give it the layers before, ` +
        'or { output: "logits" } to read the outputs as logits',
    );
  if (mixedBy !== undefined) return "logits";
  if (activation === "sigmoid") return ofSigmoids(place, outputs, wanted);
  if (activation === "softmax" || activation === "logSoftmax") {
    if (outputs === 1)
      throw new ArgumentError(`the classifier ends in ${place} over one output, which is constant`);
    return only("softmax", wanted, `ends in ${place}`);
  }
  if (SATURATING.has(activation) && wanted !== "logits")
    throw new ArgumentError(
      `the classifier ends in ${place}, which is not invertible to logits in float32; give it the layers before, ` +
        'or { output: "logits" } to read the outputs as logits',
    );
  if (outputs > 1) return only("logits", wanted, `has ${outputs} outputs that nothing squeezes`);
  if (wanted !== "binary")
    throw new ArgumentError(
      "the classifier has one output, which is the logit of the second of two labels, or an energy: " +
        'give jointEnergy { output: "binary" }, or use energyNet',
    );
  return wanted;
}

function ofSigmoids(place: string, outputs: number, wanted: OutputName | undefined): OutputName {
  if (outputs === 1) return only("binary", wanted, `ends in ${place} with one output`);
  if (wanted === "exclusive") return wanted;
  throw new ArgumentError(
    `the classifier ends in ${place} with ${outputs} outputs, which are classes that exclude one another or attributes that do not: ` +
      'give { output: "exclusive" } for the first; the second are not labels, but −Σ softplus of the inputs of the sigmoids is an energy (tensorEnergy)',
  );
}

function only(name: OutputName, wanted: OutputName | undefined, what: string): OutputName {
  if (wanted === undefined || wanted === name) return name;
  throw new ArgumentError(`output is "${wanted}", but the classifier ${what}: expected "${name}"`);
}

/** Returns logits `[batch, labels]` of what was read. */
export function toLogits(read: tf.Tensor2D, output: OutputName): tf.Tensor2D {
  return output === "binary" ? tf.concat([read.mul(-0.5), read.mul(0.5)], 1) : read;
}

/** Numbers looked at before outputs that say nothing of themselves are believed to be logits. */
const ENOUGH = 16;

/**
 * Returns a check of outputs whose structure says nothing, a function's or a custom layer's, that refuses what are
 * probabilities: log p as logits would make E(x) ≡ 0, and p as logits makes it nearly constant. It looks at the first
 * numbers only.
 */
export function suspicion(): (outputs: tf.Tensor2D) => void {
  let seen = 0;
  return (outputs) => {
    if (seen >= ENOUGH || outputs.shape[1] < 2) return;
    seen += outputs.size;
    const [values, labels] = [outputs.dataSync(), outputs.shape[1]];
    const sums = Array.from({ length: outputs.shape[0] }, (_, row) =>
      values.subarray(row * labels, (row + 1) * labels),
    );
    const each = (test: (row: ArrayLike<number> & Iterable<number>) => boolean) => sums.every(test);
    const near = (a: number, b: number) => Math.abs(a - b) < 1e-3;
    const inUnit = each((row) => Array.from(row).every((value) => value >= 0 && value <= 1 + 1e-6));
    const sum = (row: ArrayLike<number>, f: (value: number) => number) =>
      Array.from(row).reduce((total, value) => total + f(value), 0);
    const found =
      inUnit && each((row) => near(sum(row, Number), 1))
        ? "probabilities (they lie in [0, 1] and sum to 1)"
        : each((row) => near(sum(row, Math.exp), 1))
          ? "logarithms of probabilities (their exponentials sum to 1)"
          : inUnit && values.length >= ENOUGH
            ? "probabilities of independent labels (they all lie in [0, 1])"
            : undefined;
    if (found === undefined) return;
    throw new ArgumentError(
      `the classifier's outputs look like ${found}, and logits were expected: give what goes into the softmax or sigmoid, ` +
        'or { output: "logits" } where they are logits',
    );
  };
}
