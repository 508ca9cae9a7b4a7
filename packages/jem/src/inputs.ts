import { ArgumentError, CapabilityError, DimensionError } from "@basin/energy-core";
import { kindOf } from "@basin/energy-core/internal";
import type * as tf from "@tensorflow/tfjs";
import { checkChannels } from "./channels.ts";
import type { JointModel } from "./model/contract.ts";
import { leavesOf } from "./model/structure.ts";

/** Row-major inputs from files, canvases and nets. A byte means value/255, a float means itself. */
export type Inputs = Uint8Array | Uint8ClampedArray | Float32Array | Float64Array;

/**
 * Inputs with their shape `[count, ...shape of one]`, which is checked, as from `readImages`. A 16-bit value means
 * value/65535.
 */
export interface ShapedInputs {
  readonly data: Inputs | Uint16Array;
  readonly shape: readonly number[];
  readonly stride?: readonly number[];
  readonly offset?: number;
}

const SHADES = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Whether values are bytes that stand for value/255. */
export function areBytes(inputs: ArrayLike<number>): inputs is Uint8Array | Uint8ClampedArray {
  return inputs instanceof Uint8Array || inputs instanceof Uint8ClampedArray;
}

/**
 * Returns a copy of inputs `from` to `to` of row-major data as floats.
 *
 * @throws {ArgumentError} for arrays of another type, which could mean either.
 */
export function floatRows(inputs: Inputs, size: number, from: number, to: number): Float32Array {
  checkType(inputs);
  const part = inputs.subarray(from * size, to * size);
  if (!areBytes(part)) return new Float32Array(part);
  const floats = new Float32Array(part.length);
  for (let k = 0; k < part.length; k++) floats[k] = SHADES[part[k]];
  return floats;
}

function checkType(inputs: Inputs): void {
  if (areBytes(inputs) || inputs instanceof Float32Array || inputs instanceof Float64Array) return;
  const pixels =
    (inputs as unknown) instanceof Int32Array ? "; pixels of tfjs are Uint8Array.from(values)" : "";
  throw new ArgumentError(
    `inputs is ${kindOf(inputs)}, expected bytes (Uint8Array, Uint8ClampedArray), floats (Float32Array, Float64Array), or { data, shape }${pixels}`,
  );
}

/** Returns the number of coordinates of an input of a shape; an axis of unknown length counts as none. */
export function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce((product: number, length) => product * (length ?? 0), 1);
}

/** @throws {ArgumentError} for a float that is not finite, naming its row and place. */
export function checkFinite(name: string, inputs: ArrayLike<number>, size: number): void {
  if (areBytes(inputs)) return;
  for (let i = 0; i < inputs.length; i++)
    if (!Number.isFinite(inputs[i]))
      throw new ArgumentError(
        `${name} ${Math.floor(i / size)} holds ${inputs[i]} at ${i % size}, expected finite numbers`,
      );
}

/** Rows of checked inputs. */
export interface Rows {
  readonly count: number;
  /** Returns rows `from` to `to` as the model takes them. */
  read(from: number, to: number): Float32Array;
}

/** What of a model says how inputs are read. */
export type Reader = Pick<JointModel, "space"> & Partial<Pick<JointModel, "reading">>;

/**
 * Returns checked inputs of a model: whole rows, finite, of the model's channels, and tokens where it takes such.
 *
 * @throws {DimensionError} for another shape or length; {ArgumentError} for what has two readings, or none.
 */
export function openInputs({ space, reading }: Reader, inputs: Inputs | ShapedInputs): Rows {
  const size = sizeOf(space.shape);
  const values = arrayOf(inputs, space.shape);
  const count = values.length / size;
  if (!Number.isInteger(count))
    throw new DimensionError(`inputs has length ${values.length}, expected whole rows of ${size}`);
  if (values === inputs) checkChannels(values, space.shape);
  checkFinite("input", values, size);
  const plain = (from: number, to: number) => new Float32Array(values.subarray(from * size, to * size));
  if (reading?.inputs === "tokens") {
    checkTokens(values, size, reading.tokens ?? Number.POSITIVE_INFINITY);
    return { count, read: plain };
  }
  if (reading?.inputs === "bytes") {
    checkByteRange(values);
    return { count, read: plain };
  }
  return { count, read: (from, to) => floatRows(values, size, from, to) };
}

/** Returns the values of inputs of either kind, those of 16 bits scaled to [0, 1]. */
function arrayOf(inputs: Inputs | ShapedInputs, shape: readonly number[]): Inputs {
  const shaped = inputs as ShapedInputs;
  const hasShape =
    !ArrayBuffer.isView(inputs) && Array.isArray(shaped?.shape) && ArrayBuffer.isView(shaped.data);
  if (!hasShape) {
    checkType(inputs as Inputs);
    return inputs as Inputs;
  }
  const [, ...own] = shaped.shape;
  const bare = (axes: readonly number[]) => (axes.at(-1) === 1 ? axes.slice(0, -1) : axes).join();
  if (bare(own) !== bare(shape) && !(own.length === 1 && own[0] === sizeOf(shape)))
    throw new DimensionError(
      `inputs has shape [${shaped.shape.join(", ")}], expected [count, ${shape.join(", ")}]`,
    );
  const rowMajor = shaped.shape.map((_, axis) => sizeOf(shaped.shape.slice(axis + 1)));
  const strided = shaped.stride?.some((step, axis) => shaped.shape[axis] > 1 && step !== rowMajor[axis]);
  if (strided || (shaped.offset ?? 0) !== 0 || shaped.data.length !== sizeOf(shaped.shape))
    throw new ArgumentError(
      `inputs of shape [${shaped.shape.join(", ")}] have ${shaped.data.length} numbers with stride [${shaped.stride?.join(", ")}] from ${shaped.offset ?? 0}, expected them row-major and whole`,
    );
  if (shaped.data instanceof Uint16Array) return Float32Array.from(shaped.data, (value) => value / 65535);
  checkType(shaped.data);
  return shaped.data;
}

function checkTokens(values: Inputs, size: number, tokens: number): void {
  for (let i = 0; i < values.length; i++)
    if (!(Number.isInteger(values[i]) && values[i] >= 0 && values[i] < tokens))
      throw new ArgumentError(
        `input ${Math.floor(i / size)} holds ${values[i]} at ${i % size}, but the model looks up tokens: expected integers from 0${tokens < Infinity ? ` to ${tokens - 1}` : ""}`,
      );
}

/** Floats of a model that scales bytes down itself are mistaken where they have been scaled before. */
function checkByteRange(values: Inputs): void {
  if (areBytes(values) || values.length === 0) return;
  const scaled =
    values.every((value) => value >= -1 && value <= 1) && values.some((v) => !Number.isInteger(v));
  if (!scaled) return;
  throw new ArgumentError(
    "inputs lie in [−1, 1], but the model's first layer scales numbers from 0 to 255 down: give bytes, or floats from 0 to 255",
  );
}

/**
 * @throws {CapabilityError} for a task that moves inputs with a model that takes tokens, which cannot be moved.
 */
export function refuseTokens({ reading }: Reader, task: string): void {
  if (reading?.inputs === "tokens")
    throw new CapabilityError(
      `${task} needs the gradient in the inputs, but the model looks up tokens, which have none; give it a model of what the tokens are embedded as`,
    );
}

/** Floats of activations held at a time: 128 MB. */
const HELD = 2 ** 25;
/** Floats of activations a float of input, where the model does not say. */
const USUAL = 40;
/** How many times the memory a backward pass takes, which holds every step of every layer and its gradient. */
const BACKWARD = 4;

/**
 * Returns how many rows of a model go through at a time, at most `most`, so that large inputs do not fill the backend's
 * memory.
 *
 * @param backward whether gradients are taken.
 */
export function rowsAtOnce(
  { space, classifier }: Reader & { classifier?: tf.LayersModel },
  most: number,
  backward = false,
): number {
  const activations = classifier === undefined ? 0 : activationsOf(classifier);
  const each = Math.max(USUAL * sizeOf(space.shape), activations) * (backward ? BACKWARD : 1);
  return Math.max(1, Math.min(most, Math.floor(HELD / each)));
}

function activationsOf(model: tf.LayersModel): number {
  const shapes = leavesOf(model).flatMap(({ inboundNodes }) =>
    inboundNodes.flatMap(({ outputShapes }) => outputShapes as (number | null)[][]),
  );
  return shapes.reduce((total, [, ...shape]) => total + sizeOf(shape), 0);
}
