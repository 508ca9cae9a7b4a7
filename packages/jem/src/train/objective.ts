import type { HeadName } from "../model/head.ts";

/** Weights of the parts of the loss; see {@link objective}. */
export interface LossWeights {
  readonly marginalWeight: number;
  readonly energyPenalty: number;
  /** Whether the marginal term compares E(x, y) instead of E(x), with samples drawn from p(x|y). */
  readonly classConditional: boolean;
  readonly outlierWeight: number;
  /** m_in and m_out. */
  readonly margins: readonly [inside: number, outside: number];
}

/** Which rows of a batch are what: data first, then samples of the model, then known outliers. */
export interface Rows {
  readonly labels: ArrayLike<number>;
  readonly sampleLabels?: ArrayLike<number>;
  readonly samples: number;
  readonly outliers: number;
}

/** Sums over the rows of a batch. */
export interface LossSums {
  crossEntropy: number;
  dataEnergy: number;
  sampleEnergy: number;
  outlierEnergy: number;
  hits: number;
  /** Σ E² over data and samples. */
  squaredEnergy: number;
  /** Σ of the squared hinges of Liu et al. 2020. */
  hinges: number;
}

/** How outputs are read: see `jointEnergy`. */
export interface OutputReading {
  readonly head: HeadName;
  readonly labels: number;
  /** Floats from one row to the next. */
  readonly stride: number;
}

/**
 * Adds up the loss of a batch and writes its derivative with respect to the outputs of the net: with means over data,
 * samples, outliers,
 *
 *   E_data[−log p(y|x)] + w (E_data[E] − E_model[E]) + α (E_data[E²] + E_model[E²])
 *     + λ (E_data[max(0, E − m_in)²] + E_outliers[max(0, m_out − E)²]),
 *
 * the last line being the energy fine-tuning of Liu et al. 2020. E is E(x), or E(x, y) in the second term when
 * `classConditional`.
 *
 * @param total rows of each kind in the whole batch, of which these may be a part: what the means divide by.
 */
export function objective(
  outputs: Float32Array,
  derivatives: Float32Array,
  reading: OutputReading,
  rows: Rows,
  weights: LossWeights,
  total: { readonly data: number; readonly outliers: number },
): LossSums {
  const sums: LossSums = {
    crossEntropy: 0,
    dataEnergy: 0,
    sampleEnergy: 0,
    outlierEnergy: 0,
    hits: 0,
    squaredEnergy: 0,
    hinges: 0,
  };
  const row = new OutputRow(outputs, derivatives, reading);
  addData(row, sums, rows, weights, total.data);
  addSamples(row, sums, rows, weights, total.data);
  addOutliers(row, sums, rows, weights, total.outliers);
  return sums;
}

function addData(row: OutputRow, sums: LossSums, rows: Rows, weights: LossWeights, total: number): void {
  const { marginalWeight: w, energyPenalty, classConditional, outlierWeight, margins } = weights;
  const sampling = rows.samples > 0;
  const ownTerm = sampling && classConditional ? w : 0;
  for (let i = 0; i < rows.labels.length; i++) {
    const energy = row.read(i);
    const label = rows.labels[i];
    const excess = Math.max(0, energy - margins[0]);
    const ofEnergy =
      (sampling ? (classConditional ? 0 : w) + 2 * energyPenalty * energy : 0) + 2 * outlierWeight * excess;
    sums.crossEntropy += row.logSum - row.logits[label];
    sums.dataEnergy += energy;
    sums.hits += row.best === label ? 1 : 0;
    sums.squaredEnergy += energy * energy;
    if (outlierWeight > 0) sums.hinges += excess * excess;
    // dE/df = −p; d(−log p(y|x))/df = p − [y]; dE(x, y)/df = −[y].
    for (let y = 0; y < row.slopes.length; y++) {
      const own = y === label ? 1 : 0;
      const p = row.probabilities[y];
      row.slopes[y] = (p - own - ofEnergy * p - ownTerm * own) / total;
    }
    row.write(i);
  }
}

function addSamples(row: OutputRow, sums: LossSums, rows: Rows, weights: LossWeights, total: number): void {
  const { marginalWeight: w, energyPenalty, classConditional } = weights;
  const from = rows.labels.length;
  for (let i = 0; i < rows.samples; i++) {
    const energy = row.read(from + i);
    const label = classConditional && rows.sampleLabels ? rows.sampleLabels[i] : -1;
    const ofEnergy = (label < 0 ? -w : 0) + 2 * energyPenalty * energy;
    sums.sampleEnergy += energy;
    sums.squaredEnergy += energy * energy;
    for (let y = 0; y < row.slopes.length; y++) {
      const own = y === label ? w : 0;
      row.slopes[y] = (own - ofEnergy * row.probabilities[y]) / total;
    }
    row.write(from + i);
  }
}

function addOutliers(row: OutputRow, sums: LossSums, rows: Rows, weights: LossWeights, total: number): void {
  const { outlierWeight, margins } = weights;
  const from = rows.labels.length + rows.samples;
  for (let i = 0; i < rows.outliers; i++) {
    const energy = row.read(from + i);
    const lack = Math.max(0, margins[1] - energy);
    sums.outlierEnergy += energy;
    sums.hinges += lack * lack;
    for (let y = 0; y < row.slopes.length; y++)
      row.slopes[y] = (2 * outlierWeight * lack * row.probabilities[y]) / total;
    row.write(from + i);
  }
}

/**
 * Writes the derivative of E(x), or of E(x, y) given a label a row, with respect to the outputs: where sampling starts.
 */
export function energySlopes(
  outputs: Float32Array,
  derivatives: Float32Array,
  reading: OutputReading,
  count: number,
  labels?: ArrayLike<number>,
): void {
  const row = new OutputRow(outputs, derivatives, reading);
  for (let i = 0; i < count; i++) {
    row.read(i);
    for (let y = 0; y < reading.labels; y++) {
      row.slopes[y] = labels ? (labels[i] === y ? -1 : 0) : -row.probabilities[y];
    }
    row.write(i);
  }
}

/** One row of outputs as logits, and back from a derivative with respect to logits to one with respect to outputs. */
class OutputRow {
  readonly logits: Float64Array;
  readonly probabilities: Float64Array;
  /** d/df_y, for the caller to fill before {@link write}. */
  readonly slopes: Float64Array;
  logSum = 0;
  best = 0;
  readonly #outputs: Float32Array;
  readonly #derivatives: Float32Array;
  readonly #reading: OutputReading;

  constructor(outputs: Float32Array, derivatives: Float32Array, reading: OutputReading) {
    this.#outputs = outputs;
    this.#derivatives = derivatives;
    this.#reading = reading;
    this.logits = new Float64Array(reading.labels);
    this.probabilities = new Float64Array(reading.labels);
    this.slopes = new Float64Array(reading.labels);
  }

  /** Reads a row and returns E(x) = −log Σ exp f. */
  read(row: number): number {
    const { head, labels, stride } = this.#reading;
    const { logits, probabilities } = this;
    const at = row * stride;
    let [best, largest] = [0, Number.NEGATIVE_INFINITY];
    for (let y = 0; y < labels; y++) {
      const value = head === "energy" ? -this.#outputs[at + y] : this.#outputs[at + y];
      logits[y] = value;
      if (value > largest) [best, largest] = [y, value];
    }
    let sum = 0;
    for (let y = 0; y < labels; y++) sum += probabilities[y] = Math.exp(logits[y] - largest);
    for (let y = 0; y < labels; y++) probabilities[y] /= sum;
    let logSum = largest + Math.log(sum);
    if (hasScalar(head)) {
      const shift = this.#outputs[at + labels] - (head === "centered+scalar" ? logSum : 0);
      for (let y = 0; y < labels; y++) logits[y] += shift;
      logSum += shift;
    }
    this.best = best;
    this.logSum = logSum;
    return -logSum;
  }

  write(row: number): void {
    const { head, labels, stride } = this.#reading;
    const at = row * stride;
    let total = 0;
    for (let y = 0; y < labels; y++) total += this.slopes[y];
    const share = head === "centered+scalar" ? total : 0;
    const sign = head === "energy" ? -1 : 1;
    for (let y = 0; y < labels; y++)
      this.#derivatives[at + y] = sign * (this.slopes[y] - share * this.probabilities[y]);
    if (hasScalar(head)) this.#derivatives[at + labels] = total;
  }
}

const hasScalar = (head: HeadName): boolean => head === "logits+scalar" || head === "centered+scalar";
