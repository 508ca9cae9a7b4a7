import { ArgumentError } from "@basin/energy-core";

/** Inputs as they come from files, canvases and nets, row-major: bytes stand for value/255, floats for themselves. */
export type Inputs = Uint8Array | Uint8ClampedArray | Float32Array | Float64Array;

const SHADES = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Whether values are bytes that stand for value/255. */
export function areBytes(inputs: Inputs): inputs is Uint8Array | Uint8ClampedArray {
  return inputs instanceof Uint8Array || inputs instanceof Uint8ClampedArray;
}

/**
 * Returns inputs `from` to `to` of row-major data as floats of their own.
 *
 * @throws {ArgumentError} for arrays of another type, which could mean either.
 */
export function floatRows(inputs: Inputs, size: number, from: number, to: number): Float32Array {
  if (!areBytes(inputs) && !(inputs instanceof Float32Array || inputs instanceof Float64Array)) {
    const kind = (Object(inputs) as { constructor?: { name: string } }).constructor?.name ?? typeof inputs;
    throw new ArgumentError(
      `inputs is a ${kind}, expected bytes (Uint8Array, Uint8ClampedArray) or floats (Float32Array, Float64Array)`,
    );
  }
  const part = inputs.subarray(from * size, to * size);
  if (!areBytes(part)) return new Float32Array(part);
  const floats = new Float32Array(part.length);
  for (let k = 0; k < part.length; k++) floats[k] = SHADES[part[k]];
  return floats;
}

/** Returns the number of coordinates of an input of a shape; an axis of unknown length counts as none. */
export function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce((product: number, length) => product * (length ?? 0), 1);
}

/** @throws {ArgumentError} for a float that is not finite, naming its row and place. */
export function checkFinite(name: string, inputs: Inputs, size: number): void {
  if (areBytes(inputs)) return;
  const bad = inputs.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ArgumentError(
      `${name} ${Math.floor(bad / size)} holds ${inputs[bad]} at ${bad % size}, expected finite numbers`,
    );
  }
}
