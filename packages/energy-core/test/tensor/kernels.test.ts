import { createRng } from "@basin/energy-core/random";
import { normalTensor, useWasm } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { GradientKernels } from "../../src/tensor/kernels/exports.ts";
import { twinKernels } from "../../src/tensor/kernels/twin.ts";
import { wasm } from "../../src/wasm/gradients.generated.ts";
import { wasmModule } from "../../src/wasm/module.ts";

beforeAll(() => useWasm());

const BYTES = 1 << 20;
const { exports, memory } = wasmModule<GradientKernels>(wasm).instantiateSync(BYTES);
const twinMemory = new ArrayBuffer(BYTES);
const twin = twinKernels(
  () => new Float32Array(twinMemory),
  () => new Int32Array(twinMemory),
);

/**
 * Runs one call on equal memories in both implementations, and expects equal memories, scratch past `compared` bytes
 * apart.
 */
function expectSameBits(seed: number, compared: number, call: (kernels: GradientKernels) => void): void {
  const rng = createRng(seed);
  const floats = new Float32Array(memory.buffer);
  for (let i = 0; i < 1 << 14; i++) floats[i] = rng.normal();
  new Uint8Array(twinMemory).set(new Uint8Array(memory.buffer));
  call(exports);
  call(twin);
  const [a, b] = [memory.buffer, twinMemory].map((buffer) => new Uint32Array(buffer, 0, compared / 4));
  expect(a.findIndex((word, i) => word !== b[i])).toBe(-1);
}

describe("gradient kernels in wasm and TypeScript", () => {
  it("multiply to the same bits, whatever the sizes and flags", () => {
    const size = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(
        size,
        fc.integer({ min: 1, max: 300 }),
        size,
        fc.boolean(),
        fc.boolean(),
        (m, depth, n, p, q) => {
          const [b, c] = [4 * m * depth, 4 * (m + n) * depth];
          const wide = (n + 7) & ~7;
          const out = c + 4 * m * wide;
          const end = out + 4 * m * n;
          expectSameBits(m * depth * n, end, (kernels) => {
            kernels.product(0, b, c, m, depth, n, p, q, end);
            kernels.trim(c, out, m, n);
          });
        },
      ),
      { numRuns: 60, seed: 3 },
    );
  });

  it("transpose, sum and add rows to the same bits", () => {
    for (const [rows, columns] of [
      [1, 1],
      [16, 4],
      [37, 23],
      [300, 17],
      [18, 130],
    ]) {
      const out = 4 * rows * columns;
      expectSameBits(rows, 2 * out, (kernels) => kernels.transpose(0, out, rows, columns));
      expectSameBits(rows, out + 4 * columns, (kernels) => kernels.sumRows(out, 0, rows, columns));
      expectSameBits(rows, out, (kernels) => kernels.add(0, out / 2 - (out % 8) / 2, (rows * columns) >> 1));
    }
  });
});

describe("fast kernels beside the gradients", () => {
  const values = (t: tf.Tensor) => t.dataSync() as Float32Array;

  it("multiply batches, broadcast ones too", () => {
    const rng = createRng(8);
    const a = normalTensor(rng, [2, 3, 5, 7]);
    const b = normalTensor(rng, [3, 4, 7]);
    const product = tf.matMul(a, b, false, true);
    expect(product.shape).toEqual([2, 3, 5, 4]);
    const [av, bv, pv] = [a, b, product].map(values);
    for (let at = 0; at < pv.length; at++) {
      const [batch, i, j] = [Math.floor(at / 20), Math.floor(at / 4) % 5, at % 4];
      let sum = 0;
      for (let k = 0; k < 7; k++) sum += av[(batch * 5 + i) * 7 + k] * bv[((batch % 3) * 4 + j) * 7 + k];
      expect(Math.abs(pv[at] - sum)).toBeLessThan(1e-5);
    }
  });

  it("sum over leading axes, keeping them or not, without losing digits in long sums", () => {
    const x = tf.fill([200_000, 3], 0.1);
    expect(tf.sum(x, 0).shape).toEqual([3]);
    expect(tf.sum(x, [0], true).shape).toEqual([1, 3]);
    for (const value of values(tf.sum(x, 0))) expect(Math.abs(value / 20_000 - 1)).toBeLessThan(1e-5);
    expect([
      ...values(
        tf.sum(
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
          1,
        ),
      ),
    ]).toEqual([3, 7]);
  });

  it("clone without copying, and free memory with the last clone", () => {
    const before = tf.memory().numBytes;
    const x = tf.ones([1000]);
    const clones = [x.clone(), x.clone()];
    x.dispose();
    clones[0].dispose();
    expect(values(clones[1])[999]).toBe(1);
    clones[1].dispose();
    expect(tf.memory().numBytes).toBe(before);
  });
});
