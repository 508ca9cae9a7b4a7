import { createRng } from "@basin/energy-core/random";
import {
  installFastWasmKernels,
  normalTensor,
  uninstallFastWasmKernels,
  useWasm,
} from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());
afterAll(() => tf.setBackend("wasm"));

type Args = tf.Tensor[];
interface Values {
  shape: number[];
  values: Float32Array;
}

/** Values and all gradients of Σ f(x)·sin(index), so that every output counts with a weight of its own. */
async function differentiate(
  backend: string,
  f: (...args: Args) => tf.Tensor,
  args: readonly Values[],
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const tensors = args.map(({ shape, values }) => tf.tensor(values, shape));
    const y = f(...tensors);
    const weights = tf.tensor(
      Float32Array.from({ length: y.size }, (_, i) => Math.sin(i + 1)),
      y.shape,
    );
    const gradients = tf.grads((...inputs: Args) =>
      f(...inputs)
        .mul(weights)
        .sum(),
    )(tensors);
    return [y, ...gradients].map((t) => t.dataSync().slice() as Float32Array);
  });
}

/** The largest difference of two arrays, relative to the largest of their entries. */
function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / scale;
}

/** What the cpu backend gives, which takes long and is the same for all kernels. */
const references = new Map<string, Promise<Float32Array[]>>();

/** Compares the backends; a `name` is that of the call, and stands for all that goes into it. */
async function agree(
  f: (...args: Args) => tf.Tensor,
  args: readonly Values[],
  { onCpu = f, name }: { onCpu?: (...args: Args) => tf.Tensor; name?: string } = {},
): Promise<void> {
  const fast = await differentiate("wasm", f, args);
  const found = references.get(name ?? "") ?? differentiate("cpu", onCpu, args);
  if (name !== undefined) references.set(name, found);
  const slow = await found;
  for (const [i, values] of fast.entries()) expect(distance(slow[i], values)).toBeLessThan(1e-4);
}

function random(seed: number, ...shapes: number[][]): Values[] {
  const rng = createRng(seed);
  return shapes.map((shape) => ({
    shape,
    values: normalTensor(rng, shape).dataSync() as Float32Array,
  }));
}

const side = fc.integer({ min: 1, max: 3 });
const border = fc.integer({ min: 0, max: 3 });
const layout = fc.record({
  n: fc.integer({ min: 1, max: 3 }),
  size: fc.tuple(fc.integer({ min: 7, max: 11 }), fc.integer({ min: 7, max: 11 })),
  c: fc.integer({ min: 1, max: 10 }),
  k: fc.integer({ min: 1, max: 9 }),
  taps: fc.tuple(side, side),
  step: fc.tuple(side, side),
  dilated: fc.boolean(),
  pad: fc.oneof(
    fc.constantFrom("same" as const, "valid" as const),
    fc.tuple(fc.tuple(border, border), fc.tuple(border, border)),
  ),
  seed: fc.integer({ min: 0, max: 1e6 }),
});
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never;

function padding({ pad }: Layout): "same" | "valid" | tf.backend_util.ExplicitPadding {
  return typeof pad === "string" ? pad : [[0, 0], pad[0], pad[1], [0, 0]];
}

/** The filter with zeros between its taps, which the cpu backend convolves without dilations. */
function spread(filter: tf.Tensor, [dh, dw]: readonly number[]): tf.Tensor {
  const [kh, kw, c, k] = filter.shape;
  const columns = tf.pad(filter.reshape([kh, kw, 1, c * k]), [
    [0, 0],
    [0, 0],
    [0, dw - 1],
    [0, 0],
  ]);
  const rows = tf.pad(columns.reshape([kh, 1, kw * dw, c * k]), [
    [0, 0],
    [0, dh - 1],
    [0, 0],
    [0, 0],
  ]);
  return rows
    .reshape([kh * dh, kw * dw, c, k])
    .slice([0, 0, 0, 0], [(kh - 1) * dh + 1, (kw - 1) * dw + 1, c, k]);
}

type Convolution = (
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  strides: [number, number],
  pad: "same" | "valid",
  format: "NHWC",
  dilations: [number, number],
) => tf.Tensor;

function convolutionsAgree(convolve: Convolution, numRuns: number, order: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(layout, async (drawn) => {
      const { n, size, c, k, taps, step, dilated, seed } = drawn;
      const strides: [number, number] = dilated ? [1, 1] : step;
      const dilations: [number, number] = dilated ? step : [1, 1];
      const pad = padding(drawn) as "same";
      const plain = (x: tf.Tensor, filter: tf.Tensor, spacing: [number, number]) =>
        convolve(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, "NHWC", spacing);
      const higher = (f: (...args: Args) => tf.Tensor) =>
        order === 1
          ? f
          : (...args: Args) => {
              const [dx, df] = tf.grads((...inner: Args) =>
                f(...inner)
                  .square()
                  .sum(),
              )(args);
              return tf.concat([dx.flatten(), df.flatten()]);
            };
      await agree(
        higher((x, filter) => plain(x, filter, dilations)),
        random(seed, [n, ...size, c], [...taps, c, k]),
        {
          onCpu: higher((x, filter) => plain(x, spread(filter, dilations), [1, 1])),
          name: JSON.stringify([convolve.name, order, drawn]),
        },
      );
    }),
    { numRuns, seed: 11 },
  );
}

describe.each(["wasm", "typescript"] as const)("gradients with the %s kernels", (kernel) => {
  beforeAll(() => {
    uninstallFastWasmKernels();
    installFastWasmKernels({ kernel });
  });
  afterAll(() => {
    uninstallFastWasmKernels();
    installFastWasmKernels();
  });

  it("of convolutions equal the cpu backend's, whatever the stride, padding and dilation", () =>
    convolutionsAgree(tf.conv2d as Convolution, 150, 1));

  it("of depthwise convolutions do too", () => convolutionsAgree(tf.depthwiseConv2d as Convolution, 100, 1));

  it("of the gradients of convolutions do too", () => convolutionsAgree(tf.conv2d as Convolution, 30, 2));

  it("of large convolutions are put together from chunks", () =>
    agree(
      (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same"),
      random(3, [9, 40, 40, 12], [3, 3, 12, 3]),
      { name: "large" },
    ));

  it("of transposed convolutions, and with a rounding mode, equal the cpu backend's", async () => {
    await agree(
      (x, filter) => tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 9, 9, 3], 2, "same"),
      random(4, [2, 5, 5, 4], [3, 3, 3, 4]),
    );
    await agree(
      (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 1, "NHWC", 1, "floor"),
      random(5, [2, 9, 9, 3], [3, 3, 3, 4]),
    );
  });

  it("of a gather sum what comes back to each row", () =>
    agree((x) => tf.gather(x, tf.tensor1d([4, 0, 4, 2, 4], "int32"), 1), random(6, [3, 5, 2])));

  it("leave no tensor behind", () => {
    const run = () =>
      tf.tidy(() => {
        const [x, f] = random(7, [2, 8, 8, 9], [3, 3, 9, 4]).map(({ values, shape }) =>
          tf.tensor(values, shape),
        );
        for (const step of [1, 2]) {
          tf.grads((a: tf.Tensor, b: tf.Tensor) =>
            tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, step, "same").sum(),
          )([x, f]);
        }
      });
    run();
    const before = tf.memory();
    run();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });
});
