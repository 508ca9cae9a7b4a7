// The library is compiled without DOM types, and browsers have the constructor only on pages that are isolated across
// origins.
const { SharedArrayBuffer: Shared } = globalThis as {
  SharedArrayBuffer?: new (bytes: number) => ArrayBufferLike;
};

/** Returns zeros that threads share where the platform lets them, and that are copied to them elsewhere. */
export function sharedFloats(length: number): Float32Array {
  return Shared === undefined ? new Float32Array(length) : new Float32Array(new Shared(4 * length));
}
