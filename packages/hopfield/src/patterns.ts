import {
  ArgumentError,
  checkNumber,
  DimensionError,
  type Matrix,
  type MatrixLike,
  matrix,
  row,
  toMatrix,
  type VectorLike,
} from "@basin/energy-core";
import { checkKind, checkLength, checkOptions, toVector } from "@basin/energy-core/internal";
import { createRng, permutation, type Rng } from "@basin/energy-core/random";

/**
 * Returns patterns or states as a dense matrix [P, N] of −1 and +1; axes after the first are flattened.
 *
 * @throws {DimensionError} for ragged rows, no rows (P = 0) and empty rows (N = 0).
 * @throws {ArgumentError} for an entry that is not −1 or +1, naming its place.
 */
export function toSpins(source: MatrixLike, what = "patterns"): Matrix<Int8Array> {
  if (isByteMatrix(source, what)) return checkedBytes(source, what);
  // Bytes would hide 0.5 and wrap 257, so the check reads the values before they become bytes.
  const bytes =
    "shape" in source ? source.data instanceof Int8Array : Array.isArray(source) && source.every(isBytes);
  const values = toMatrix(source, bytes ? Int8Array : Float64Array, what);
  const [count, neurons] = values.shape;
  if (count === 0) throw new DimensionError(`${what} has no rows, expected at least one`);
  if (neurons === 0) throw new DimensionError(`${what} has rows of length 0, expected at least one entry`);
  const { data } = values;
  const spins = new Int8Array(data.length);
  for (let k = 0; k < data.length; k++) {
    if (data[k] !== 1 && data[k] !== -1) {
      throw notSpin(`${what}[${Math.floor(k / neurons)}][${k % neurons}]`, data[k]);
    }
    spins[k] = data[k];
  }
  return matrix(spins, count, neurons);
}

/** Whether the source is laid out as our own matrices of spins are: then copying and checking is all there is to do. */
function isByteMatrix(source: MatrixLike, what: string): source is Matrix<Int8Array> {
  checkKind(what, source, typeof source === "object" && source !== null, "rows of -1 and +1");
  if (!("shape" in source) || !(source.data instanceof Int8Array) || source.shape.length !== 2) return false;
  const [rows, columns] = source.shape;
  const { stride = [columns, 1], offset = 0, data } = source;
  const dense = stride[0] === columns && stride[1] === 1 && offset === 0 && data.length === rows * columns;
  return dense && rows > 0 && columns > 0;
}

function checkedBytes({ data, shape }: Matrix<Int8Array>, what: string): Matrix<Int8Array> {
  checkBytes(data, shape, what);
  return matrix(data.slice(), ...shape);
}

/**
 * Returns the patterns like {@link toSpins}, but without a copy if their layout allows it, for callers that only read
 * them at once.
 */
export function borrowSpins(source: MatrixLike): Matrix<Int8Array> {
  if (!isByteMatrix(source, "patterns")) return toSpins(source);
  checkBytes(source.data, source.shape, "patterns");
  return matrix(source.data, ...source.shape);
}

function checkBytes(data: Int8Array, shape: readonly [number, number], what: string): void {
  const bad = firstBadByte(data);
  if (bad < 0) return;
  const place = `${what}[${Math.floor(bad / shape[1])}][${bad % shape[1]}]`;
  throw notSpin(place, data[bad]);
}

function notSpin(place: string, value: number): ArgumentError {
  const advice = value === 0 ? " (binarize makes spins of 0 and 1, and sparseMemory takes them)" : "";
  return new ArgumentError(`${place} is ${value}, expected -1 or +1${advice}`);
}

function isBytes(values: ArrayLike<number>): boolean {
  return values instanceof Int8Array;
}

/**
 * Returns a private copy of one state.
 *
 * @throws {DimensionError} when it has not `neurons` entries.
 * @throws {ArgumentError} for an entry that is not −1 or +1.
 */
export function toState(given: VectorLike, neurons: number, what = "state"): Int8Array {
  const source = toVector(given, what);
  checkLength(what, source.length, neurons);
  // Checked before they become bytes, which would hide 0.5 and wrap 257.
  const bad = source instanceof Int8Array ? firstBadByte(source) : firstBad(source);
  if (bad >= 0) throw notSpin(`${what}[${bad}]`, source[bad]);
  return source instanceof Int8Array ? source.slice() : Int8Array.from(source);
}

function firstBadByte(values: Int8Array): number {
  for (let i = 0; i < values.length; i++) if (values[i] * values[i] !== 1) return i;
  return -1;
}

function firstBad(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (values[i] !== 1 && values[i] !== -1) return i;
  return -1;
}

/** Returns the rows of a matrix of spins as views. */
function rows(patterns: Matrix<Int8Array>): Int8Array[] {
  return Array.from({ length: patterns.shape[0] }, (_, r) => row(patterns, r));
}

/** Options of {@link randomPatterns}. */
export interface RandomPatternsOptions {
  /** Seed of the draw. Required. */
  seed: number;
}

/**
 * Returns `count` patterns of `neurons` independent unbiased spins, as a matrix [count, neurons].
 *
 * @example
 * ```ts
 * import { randomPatterns } from "@basin/hopfield";
 *
 * console.log(randomPatterns(2, 5, { seed: 1 }).data);
 * ```
 */
export function randomPatterns(
  count: number,
  neurons: number,
  options: RandomPatternsOptions,
): Matrix<Int8Array> {
  checkOptions("randomPatterns", options, "seed");
  checkNumber("count", count, { min: 1, integer: true });
  checkNumber("neurons", neurons, { min: 1, integer: true });
  return matrix(randomState(createRng(options.seed), count * neurons), count, neurons);
}

/** Returns `neurons` independent unbiased spins. */
export function randomState(rng: Rng, neurons: number): Int8Array {
  const state = new Int8Array(neurons);
  for (let start = 0; start < neurons; start += 32) {
    let word = rng.uint32();
    const end = Math.min(start + 32, neurons);
    for (let i = start; i < end; i++, word >>>= 1) state[i] = word & 1 ? 1 : -1;
  }
  return state;
}

const CORRUPTION = 1;

/** Options of {@link corrupt}. */
export interface CorruptOptions {
  /** Seed of the choice of neurons. Required. */
  seed: number;
}

/**
 * Returns a copy of `state` with round(`fraction` · N) spins flipped, chosen uniformly without repetition.
 *
 * @param fraction in [0, 1].
 *
 * @example
 * ```ts
 * import { corrupt } from "@basin/hopfield";
 *
 * console.log(corrupt([1, 1, 1, 1], 0.5, { seed: 1 })); // two of the four flipped
 * ```
 */
export function corrupt(state: VectorLike, fraction: number, options: CorruptOptions): Int8Array {
  checkOptions("corrupt", options, "seed");
  checkNumber("fraction", fraction, { min: 0, max: 1 });
  const source = toVector(state, "state");
  const copy = toState(source, source.length);
  const flips = Math.round(fraction * copy.length);
  // A stream of its own: with one seed for both, recall would visit the flipped neurons first, and undo them one by
  // one.
  const order = permutation(createRng(options.seed).split(CORRUPTION), copy.length);
  for (let k = 0; k < flips; k++) copy[order[k]] = -copy[order[k]];
  return copy;
}

/**
 * Returns images as spins [P, N]: +1 where a value is strictly above `threshold`, −1 elsewhere.
 *
 * @param images any numbers, [P, …]; axes after the first are flattened.
 * @param threshold in the units of the images. Default {@link middleOf} them.
 * @throws {ArgumentError} for a NaN, naming its place.
 *
 * @example
 * ```ts
 * import { binarize } from "@basin/hopfield";
 *
 * console.log(binarize([[0, 0.4, 0.9]]).data); // −1, −1, 1
 * ```
 */
export function binarize(images: MatrixLike, threshold = middleOf(images)): Matrix<Int8Array> {
  checkNumber("threshold", threshold);
  const { data, shape } = toMatrix(images, Float64Array, "images");
  const [count, pixels] = shape;
  const spins = new Int8Array(data.length);
  for (let k = 0; k < data.length; k++) {
    if (Number.isNaN(data[k])) {
      throw new ArgumentError(`images[${Math.floor(k / pixels)}][${k % pixels}] is NaN, expected a number`);
    }
    spins[k] = data[k] > threshold ? 1 : -1;
  }
  return matrix(spins, count, pixels);
}

/**
 * Returns the middle of the range of image values: 127 for bytes and 32767 for words if some are above 1, 0 if some are
 * negative, otherwise 0.5.
 *
 * @example
 * ```ts
 * import { middleOf } from "@basin/hopfield";
 *
 * console.log(middleOf({ data: Uint8Array.of(0, 200), shape: [1, 2] }), middleOf([[-1, 1]])); // 127, 0
 * ```
 */
export function middleOf(images: MatrixLike): number {
  const data = "data" in images ? images.data : undefined;
  const values = toMatrix(images, Float64Array, "images").data;
  if (values.some((value) => value < 0)) return 0;
  const wide = values.some((value) => value > 1);
  if (wide && (data instanceof Uint8Array || data instanceof Uint8ClampedArray)) return 127;
  return wide && data instanceof Uint16Array ? 32767 : 0.5;
}

/** Returns the overlaps m^μ = (1/N) Σ_i ξ_i^μ S_i of a state with every pattern. */
export function overlaps(patterns: Matrix<Int8Array>, state: Int8Array): Float64Array {
  const neurons = state.length;
  return Float64Array.from(rows(patterns), (pattern) => {
    let sum = 0;
    for (let i = 0; i < neurons; i++) sum += pattern[i] * state[i];
    return sum / neurons;
  });
}

/** Returns row-major P × N patterns as columns: the P entries of neuron i at i P. */
export function transpose(patterns: Int8Array, neurons: number): Int8Array {
  const count = patterns.length / neurons;
  const columns = new Int8Array(patterns.length);
  for (let mu = 0, at = 0; mu < count; mu++) {
    for (let i = 0; i < neurons; i++, at++) columns[i * count + mu] = patterns[at];
  }
  return columns;
}
