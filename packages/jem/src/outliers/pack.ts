import { ArgumentError } from "@basin/energy-core";
import { base64Bytes, base64Text } from "@basin/energy-core/internal";

/** Numbers and arrays of numbers by name: the state of a fitted score. */
export type State = Readonly<Record<string, number | Float64Array | Float32Array>>;

/** The same as JSON: arrays as the base64 of their little-endian bytes. */
export type PackedState = Record<string, number | { float64: string } | { float32: string }>;

/** Returns a state as a value for JSON, without loss. */
export function pack(state: State): PackedState {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => {
      if (typeof value === "number") return [name, value];
      const text = base64Text(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      return [name, value instanceof Float64Array ? { float64: text } : { float32: text }];
    }),
  );
}

/** Returns the state that was packed. @throws {ArgumentError} for a value that is not a packed state. */
export function unpack(packed: unknown, what: string): State {
  if (typeof packed !== "object" || packed === null) throw new ArgumentError(`${what} holds no state`);
  return Object.fromEntries(
    Object.entries(packed).map(([name, value]) => {
      if (typeof value === "number") return [name, value];
      const { float64, float32 } = (value ?? {}) as Record<string, unknown>;
      if (typeof float64 === "string") return [name, new Float64Array(base64Bytes(float64).buffer)];
      if (typeof float32 === "string") return [name, new Float32Array(base64Bytes(float32).buffer)];
      throw new ArgumentError(`${what}: "${name}" is neither a number nor a packed array`);
    }),
  );
}
