/** Returns images as floats: bytes stand for value/255, floats for themselves. */
export function floats(inputs: Uint8Array | Float32Array): Float32Array {
  return inputs instanceof Uint8Array ? Float32Array.from(inputs, (byte) => byte / 255) : inputs;
}

/** Numbers in one image of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Whether images of both shapes are the same: a single channel may be left out. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  const bare = (shape: readonly number[]) =>
    (shape.length === 3 && shape[2] === 1 ? shape.slice(0, 2) : shape).join();
  return bare(a) === bare(b);
}
