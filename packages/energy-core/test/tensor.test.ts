import { createRng } from "@basin/energy-core/random";
import {
  inputGradients,
  installFastWasmKernels,
  normalTensor,
  tensorEnergy,
  uniformTensor,
  uninstallFastWasmKernels,
  useWasm,
} from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

describe("tensor energies", () => {
  it("give energies and input gradients of each state of a batch", () => {
    const energy = tensorEnergy([2], (x) => x.square().sum(1).mul(0.5));
    const { energies, gradients } = inputGradients(
      energy,
      tf.tensor2d([
        [3, 4],
        [1, 0],
      ]),
    );
    expect([...energies.dataSync()]).toEqual([12.5, 0.5]);
    expect([...gradients.dataSync()]).toEqual([3, 4, 1, 0]);
  });

  it("refuse batches and results of another shape", () => {
    const energy = tensorEnergy([2], (x) => x.sum(1));
    expect(() => energy.can.batch.energies(tf.zeros([2, 3]))).toThrow(
      /shape \[2, 3\], expected \[batch, 2\]/,
    );
    expect(() => energy.can.batch.energies(tf.zeros([0, 2]))).toThrow(/at least one state/);
    expect(() => tensorEnergy([2], (x) => x).can.batch.energies(tf.zeros([3, 2]))).toThrow(
      /gave shape \[3, 2\], expected \[3\]/,
    );
  });

  it("leave no tensor behind", () => {
    const energy = tensorEnergy([3], (x) => x.square().sum(1));
    const x = tf.ones([5, 3]);
    const before = tf.memory().numTensors;
    tf.dispose(inputGradients(energy, x) as unknown as tf.TensorContainer);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("the fast matrix product", () => {
  it("equals a plain sum on random shapes and flags", () => {
    const shape = fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      rows: fc.integer({ min: 1, max: 9 }),
      inner: fc.integer({ min: 1, max: 9 }),
      columns: fc.integer({ min: 1, max: 9 }),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(shape, ({ batch, rows, inner, columns, transposeA, transposeB, seed }) => {
        const rng = createRng(seed);
        const a = normalTensor(rng, transposeA ? [batch, inner, rows] : [batch, rows, inner]);
        const b = normalTensor(rng, transposeB ? [batch, columns, inner] : [batch, inner, columns]);
        const [av, bv] = [a.dataSync(), b.dataSync()];
        const product = tf.matMul(a, b, transposeA, transposeB).dataSync();
        for (let n = 0, at = 0; n < batch; n++) {
          for (let i = 0; i < rows; i++) {
            for (let j = 0; j < columns; j++, at++) {
              let sum = 0;
              for (let k = 0; k < inner; k++) {
                const left = n * rows * inner + (transposeA ? k * rows + i : i * inner + k);
                const right = n * inner * columns + (transposeB ? j * inner + k : k * columns + j);
                sum += av[left] * bv[right];
              }
              expect(Math.abs(product[at] - sum)).toBeLessThan(1e-4 * (1 + Math.abs(sum)));
            }
          }
        }
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it("can be taken out and put back, and frees what it makes", () => {
    const [a, b] = [tf.ones([4, 3]), tf.ones([4, 5])];
    const before = tf.memory();
    uninstallFastWasmKernels();
    const stock = tf.matMul(a, b, true, false);
    expect(installFastWasmKernels()).toBe(true);
    expect(installFastWasmKernels()).toBe(true);
    const fast = tf.matMul(a, b, true, false);
    expect([...fast.dataSync()]).toEqual([...stock.dataSync()]);
    tf.dispose([stock, fast]);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

describe("fills", () => {
  it("repeat with the seed and have their moments", () => {
    const n = 100_000;
    const x = normalTensor(createRng(3), [n], 2).dataSync() as Float32Array;
    expect([...normalTensor(createRng(3), [n], 2).dataSync().slice(0, 5)]).toEqual([...x.slice(0, 5)]);
    const mean = x.reduce((sum, value) => sum + value, 0) / n;
    expect(Math.abs(mean)).toBeLessThan((4.89 * 2) / Math.sqrt(n));
    const u = uniformTensor(createRng(4), [n], -1, 3).dataSync() as Float32Array;
    expect(Math.min(...u.slice(0, 50_000))).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...u.slice(0, 50_000))).toBeLessThanOrEqual(3);
    const meanU = u.reduce((sum, value) => sum + value, 0) / n;
    expect(Math.abs(meanU - 1)).toBeLessThan((4.89 * 4) / Math.sqrt(12 * n));
  });
});
