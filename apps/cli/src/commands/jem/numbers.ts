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

/** Returns p(y|x) = softmax(f(x)/T)_y of rows of `classes` logits. */
export function softmax(logits: Float32Array, classes: number, temperature: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let at = 0; at < logits.length; at += classes) {
    const row = logits.subarray(at, at + classes);
    const largest = row.reduce((most, f) => Math.max(most, f), Number.NEGATIVE_INFINITY);
    const weights = row.map((f) => Math.exp((f - largest) / temperature));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    result.set(
      weights.map((weight) => weight / sum),
      at,
    );
  }
  return result;
}
