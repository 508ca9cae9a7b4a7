import { createRng } from "@basin/energy-core/random";
import { inputGradients, useWasm } from "@basin/energy-core/tensor";
import {
  accuracy,
  attack,
  calibration,
  classify,
  fitTemperature,
  generate,
  jointEnergy,
  logitsOf,
  probabilities,
  scores,
  train,
} from "@basin/jem";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

const L = tf.layers;
const identity = (options: object = {}) =>
  jointEnergy(
    tf.sequential({
      layers: [L.dense({ inputShape: [2], units: 2, kernelInitializer: "identity", ...options })],
    }),
  );

describe("figures of nothing", () => {
  const broken = identity();
  broken.classifier?.setWeights([tf.fill([2, 2], Number.NaN), tf.zeros([2])]);
  const x = new Float32Array(20).fill(0.5);
  const y = Array.from({ length: 10 }, (_, i) => i % 2);

  it.each([
    ["accuracy", () => accuracy(broken, x, y)],
    ["classify", () => classify(broken, x)],
    ["probabilities", () => probabilities(broken, x)],
    ["logitsOf", () => logitsOf(broken, x)],
    ["scores", () => scores(broken, x)],
    ["max-softmax", () => scores(broken, x, "max-softmax")],
    ["max-logit", () => scores(broken, x, "max-logit")],
    ["approximate-mass", () => scores(broken, x, "approximate-mass")],
    ["attack", () => attack(broken, x, y, { radius: 0.1, seed: 0 })],
  ])("are refused of a model of NaN by %s, which names the weight", async (_, run) => {
    await expect((async () => run())()).rejects.toThrow(/of input 0 is NaN: weight "[^"]*kernel"/);
  });

  it.each([Number.NaN, Infinity, -Infinity])("are refused of an input of %d", async (value) => {
    const bad = Float32Array.of(0, 1, 0, value);
    for (const run of [
      () => scores(identity(), bad),
      () => accuracy(identity(), bad, [0, 1]),
      () => attack(identity(), bad, [0, 1], { seed: 0 }),
    ])
      await expect((async () => run())()).rejects.toThrow(
        new RegExp(`input 1 holds ${value} at 1, expected finite numbers`),
      );
    await expect(generate(identity(), { start: bad, seed: 0 })).rejects.toThrow(/start 1 holds/);
  });

  it("do not come of outputs of −∞, which are labels that cannot be", () => {
    const masked = jointEnergy({
      shape: [2],
      labels: 2,
      logits: (b) => b.add(tf.tensor2d([[0, Number.NEGATIVE_INFINITY]])) as tf.Tensor2D,
    });
    expect(probabilities(masked, Float32Array.of(3, 1))).toEqual(Float64Array.of(1, 0));
  });
});

describe("labels", () => {
  const model = identity();
  const x = Float32Array.of(0.1, 0.9, 0.9, 0.1, 0.2, 0.8);
  const WRONG: [string, unknown, RegExp][] = [
    [
      "one-hot rows",
      [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
      /labels are nested arrays.*row\.indexOf\(1\)/,
    ],
    [
      "one-hot rows in one array",
      Uint8Array.of(0, 1, 1, 0, 0, 1),
      /3 rows with a 1 in each.*row\.indexOf\(1\)/,
    ],
    ["names", ["cat", "dog", "cat"], /label 0 is the string "cat".*names\.indexOf\(name\)/],
    [
      "classes from 1 on",
      [1, 2, 1],
      /label 1 is 2, expected an integer from 0 to 1; these run from 1: subtract 1/,
    ],
    ["big integers", BigInt64Array.of(0n, 1n, 0n), /label 0 is the bigint 0n.*Array\.from\(labels, Number\)/],
    ["a tensor", tf.tensor1d([0, 1, 0]), /labels is a tf\.Tensor of shape \[3\] \(await its data\(\)\)/],
    ["a promise", Promise.resolve([0]), /labels is a promise/],
    ["fractions", [0, 0.5, 1], /label 1 is 0\.5/],
    ["gaps", [0, undefined, 1], /label 1 is undefined/],
    ["NaN", [0, Number.NaN, 1], /label 1 is NaN/],
    ["truths", [false, true, false], /label 0 is false/],
    ["too few", [0, 1], /labels has length 2, expected 3/],
  ];
  const f = Float32Array.of(1, 0, 0, 1, 1, 0);
  const doors: Record<string, (labels: ArrayLike<number>) => unknown> = {
    accuracy: (labels) => accuracy(model, x, labels),
    attack: (labels) => attack(model, x, labels, { seed: 0 }),
    calibration: (labels) => calibration(f, labels, 2),
    fitTemperature: (labels) => fitTemperature(f, labels, 2),
    generate: (labels) => generate(model, { count: 3, labels, seed: 0 }),
  };

  it.each(WRONG)("are refused by name where they are %s, at every door", async (_, labels, message) => {
    for (const door of Object.values(doors)) {
      await expect((async () => door(labels as number[]))()).rejects.toThrow(message);
    }
    await expect(train(model, { inputs: x, labels: labels as number[] }, { seed: 0 })).rejects.toThrow(
      message,
    );
  });

  it.each(Object.keys(doors))(
    "are taken as any list of classes by %s, with the same result",
    async (name) => {
      const plain = await doors[name]([0, 1, 0]);
      for (const labels of [Uint8Array.of(0, 1, 0), Int32Array.of(0, 1, 0), Float64Array.of(0, 1, 0)])
        expect(await doors[name](labels)).toEqual(plain);
    },
  );
});

describe("images", () => {
  const [h, w] = [12, 10];
  const shape = (channels: number) => [h, w, channels];
  const imageModel = (channels: number) =>
    jointEnergy(
      tf.sequential({ layers: [L.flatten({ inputShape: shape(channels) }), L.dense({ units: 2 })] }),
    );

  /** Smooth pictures: each channel a few waves of its own over a level of its own. */
  function pictures(count: number, channels: number, seed: number): Uint8Array {
    const rng = createRng(seed);
    const out = new Uint8Array(count * h * w * channels);
    for (let n = 0; n < count; n++) {
      const waves = Array.from({ length: channels }, () => [
        60 + 130 * rng.uniform(),
        rng.normal(),
        rng.normal(),
        6 * rng.uniform(),
      ]);
      for (let p = 0; p < h * w; p++)
        for (const [k, [level, a, b, phase]] of waves.entries())
          out[(n * h * w + p) * channels + k] =
            k === 3 ? 255 : level + 50 * Math.sin(0.4 * a * Math.floor(p / w) + 0.4 * b * (p % w) + phase);
    }
    return out;
  }

  /** Image k alone, with its shape. */
  const oneOf = (images: Uint8Array | Float32Array, k: number, channels: number) => ({
    data: images.slice(k * h * w * channels, (k + 1) * h * w * channels),
    shape: [1, h, w, channels],
  });

  const fromGray = (gray: Uint8Array, channels: number) => {
    const out = new Uint8Array(gray.length * channels).fill(255);
    for (let p = 0; p < gray.length; p++)
      for (let k = 0; k < Math.min(3, channels); k++) out[p * channels + k] = gray[p];
    return out;
  };

  it.each([1, 2, 3, 4, 5])(
    "of other channels that fill rows of a gray model are refused, and gray ones taken (seed %i)",
    (seed) => {
      const gray = imageModel(1);
      for (const count of [1, 3, 4]) {
        for (const other of [3, 4]) {
          for (const wrong of [pictures(count, other, seed), fromGray(pictures(count, 1, seed), other)]) {
            const message = new RegExp(
              `${count * other} images of \\[12, 10, 1\\], or ${count} of ${other} channels`,
            );
            expect(() => scores(gray, wrong), `${count} ${other}`).toThrow(message);
            expect(() =>
              scores(
                gray,
                Float32Array.from(wrong, (v) => v / 255),
              ),
            ).toThrow(message);
          }
        }
        for (const n of [3 * count, 4 * count]) {
          const taken = pictures(n, 1, seed);
          const each = Array.from({ length: n }, (_, k) => scores(gray, oneOf(taken, k, 1))[0]);
          const noise = createRng(seed);
          const noisy = Float32Array.from({ length: n * h * w }, () => noise.uniform());
          const eachNoisy = Array.from({ length: n }, (_, k) => scores(gray, oneOf(noisy, k, 1))[0]);
          for (let k = 0; k < n; k++) {
            expect(scores(gray, taken)[k]).toBeCloseTo(each[k], 4);
            expect(scores(gray, noisy)[k]).toBeCloseTo(eachNoisy[k], 4);
          }
        }
      }
      expect(() => scores(imageModel(3), pictures(3, 4, seed))).toThrow(
        /4 images of \[12, 10, 3\], or 3 of 4 channels/,
      );
      const [color, taken] = [imageModel(3), pictures(4, 3, seed)];
      for (const [k, score] of scores(color, taken).entries())
        expect(score).toBeCloseTo(scores(color, oneOf(taken, k, 3))[0], 4);
    },
  );

  it("of a canvas, and blank ones, are refused; a shape says what they are, and is checked", () => {
    const gray = imageModel(1);
    expect(() => scores(gray, new Uint8ClampedArray(h * w * 4))).toThrow(
      /clamped bytes are what a canvas gives/,
    );
    expect(() => scores(gray, new Uint8Array(3 * h * w))).toThrow(/they are blank, which shows neither/);
    const data = new Uint8Array(3 * h * w);
    const [blank] = scores(gray, { data: data.slice(0, h * w), shape: [1, h, w] });
    expect([...scores(gray, { data, shape: [3, h, w] })]).toEqual([blank, blank, blank]);
    expect([...scores(gray, { data, shape: [3, h, w, 1] })]).toEqual([blank, blank, blank]);
    expect(() => scores(gray, { data, shape: [1, h, w, 3] })).toThrow(
      /shape \[1, 12, 10, 3\], expected \[count, 12, 10, 1\]/,
    );
    expect(() => scores(gray, { data, shape: [3, h, w], stride: [1, 3, 30] })).toThrow(
      /expected them row-major/,
    );
    expect(() => scores(gray, { data, shape: [4, h, w] })).toThrow(/have 360 numbers/);
    const deep = Uint16Array.from({ length: h * w }, (_, i) => 500 * i);
    expect(scores(gray, { data: deep, shape: [1, h, w] })[0]).toBe(
      scores(
        gray,
        Float32Array.from(deep, (v) => v / 65535),
      )[0],
    );
  });

  it("of bytes are what they are where the model scales them down itself", () => {
    const model = jointEnergy(
      tf.sequential({
        layers: [
          L.rescaling({ scale: 1 / 255, inputShape: [2] }),
          L.dense({ units: 2, kernelInitializer: "identity" }),
        ],
      }),
    );
    expect(model.reading.inputs).toBe("bytes");
    expect([...logitsOf(model, Uint8Array.of(255, 51))].map((v) => v.toFixed(4))).toEqual([
      "1.0000",
      "0.2000",
    ]);
    expect(logitsOf(model, Float32Array.of(255, 51))).toEqual(logitsOf(model, Uint8Array.of(255, 51)));
    expect(() => scores(model, Float32Array.of(1, 0.2))).toThrow(
      /inputs lie in \[−1, 1\], but the model's first layer scales/,
    );
  });
});

describe("tokens", () => {
  const table = Float32Array.from({ length: 20 }, (_, i) => (i >> 1 >= 5 === (i % 2 === 1) ? 5 : -5));
  const model = jointEnergy(
    tf.sequential({
      layers: [
        L.embedding({
          inputDim: 10,
          outputDim: 2,
          inputLength: 1,
          weights: [tf.tensor2d(table, [10, 2])],
        } as never),
        L.flatten(),
        L.dense({ units: 2, kernelInitializer: "identity", useBias: false }),
      ],
    }),
  );

  it("are what integers are, bytes or floats", () => {
    expect(model.reading).toMatchObject({ inputs: "tokens", tokens: 10 });
    for (const tokens of [Uint8Array.of(2, 9), Float32Array.of(2, 9)])
      expect(accuracy(model, tokens, [0, 1])).toBe(1);
    expect(() => scores(model, Float32Array.of(0.5))).toThrow(
      /input 0 holds 0.5 at 0.*tokens: expected integers from 0 to 9/,
    );
    expect(() => scores(model, Uint8Array.of(3, 10))).toThrow(/input 1 holds 10/);
  });

  it("have no gradient, and every task that needs one says so", async () => {
    expect(() => scores(model, Uint8Array.of(2), "approximate-mass")).toThrow(/looks up tokens/);
    await expect(generate(model, { count: 1, seed: 0 })).rejects.toThrow(
      /generate needs the gradient.*tokens/,
    );
    await expect(attack(model, Uint8Array.of(2), [0], { seed: 0 })).rejects.toThrow(
      /attack needs the gradient.*tokens/,
    );
    expect(() => inputGradients(model, tf.tensor2d([[2]]))).toThrow(/looks up tokens/);
    await expect(train(model, { inputs: Uint8Array.of(2, 9), labels: [0, 1] }, { seed: 0 })).rejects.toThrow(
      /train needs .*tokens/,
    );
  });
});

describe("large inputs", () => {
  it("go through in batches that fit, with the scores of smaller ones", () => {
    const model = jointEnergy(
      tf.sequential({
        layers: [
          L.conv2d({
            inputShape: [160, 160, 3],
            filters: 16,
            kernelSize: 3,
            strides: 2,
            kernelInitializer: tf.initializers.randomNormal({ seed: 2 }),
          }),
          L.globalAveragePooling2d({}),
          L.dense({ units: 2, kernelInitializer: tf.initializers.randomNormal({ seed: 3 }) }),
        ],
      }),
    );
    const rng = createRng(4);
    const size = 160 * 160 * 3;
    const images = Uint8Array.from({ length: 60 * size }, () => rng.index(256));
    const tensors: number[] = [];
    const { batch } = model.can;
    const energies = (states: tf.Tensor) => {
      tensors.push(states.shape[0]);
      return batch.energies(states);
    };
    const spied = { ...model, can: { ...model.can, batch: { ...batch, energies } } };
    const all = scores(spied, images);
    expect(Math.max(...tensors)).toBeLessThanOrEqual(10);
    expect(tensors.reduce((a, b) => a + b)).toBe(60);
    for (const i of [0, 31, 59])
      expect(all[i]).toBeCloseTo(scores(model, images.subarray(i * size, (i + 1) * size))[0], 5);
  });
});
