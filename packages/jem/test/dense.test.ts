import { createRng } from "@basin/energy-core/random";
import { useWasm } from "@basin/energy-core/tensor";
import { type HeadName, jointEnergy } from "@basin/jem";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { DenseEngine } from "../src/dense/engine.ts";
import type { DenseBuild } from "../src/dense/kernel.ts";
import { DenseNet } from "../src/dense/net.ts";
import { denseShape } from "../src/dense/of-layers.ts";
import { headNames } from "../src/model/head.ts";
import type { GroupTask } from "../src/train/engine.ts";
import { Adam } from "../src/train/optimizer.ts";
import { readVariables, TensorEngine } from "../src/train/tensor-engine.ts";

beforeAll(() => useWasm());

const BUILDS: DenseBuild[] = ["relaxed", "plain"];
const SIZES = [13, 20, 9] as const;

/** A net with every activation of the kernel, of widths that fill no whole vector. */
function layers(outputs: number): tf.Sequential {
  const dense = (units: number, seed: number, options: object) =>
    tf.layers.dense({
      units,
      kernelInitializer: tf.initializers.glorotNormal({ seed }),
      biasInitializer: tf.initializers.randomNormal({ stddev: 0.3, seed: seed + 50 }),
      ...options,
    });
  return tf.sequential({
    layers: [
      dense(SIZES[1], 1, { inputShape: [SIZES[0]], activation: "swish" }),
      dense(SIZES[2], 2, { activation: "tanh", useBias: false }),
      dense(11, 3, { activation: "relu" }),
      dense(7, 4, { activation: "sigmoid" }),
      dense(outputs, 5, {}),
    ],
  });
}

const normals = (count: number, seed: number): Float32Array => {
  const rng = createRng(seed);
  return Float32Array.from({ length: count }, () => rng.normal());
};

function expectClose(a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 2e-5): void {
  expect(a.length).toBe(b.length);
  for (let k = 0; k < a.length; k++)
    expect(Math.abs(a[k] - b[k]), `at ${k}: ${a[k]} and ${b[k]}`).toBeLessThan(
      tolerance * (1 + Math.abs(b[k])),
    );
}

describe("denseShape", () => {
  it("reads a stack of dense layers, a final softmax left out", () => {
    const { inputs, layers: found } = denseShape(layers(3))!;
    expect(inputs).toBe(13);
    expect(found.map(({ units, activation, bias }) => [units, activation, bias])).toEqual([
      [20, "swish", true],
      [9, "tanh", false],
      [11, "relu", true],
      [7, "sigmoid", true],
      [3, "linear", true],
    ]);
    const softmax = tf.sequential({
      layers: [
        tf.layers.flatten({ inputShape: [2, 3] }),
        tf.layers.dense({ units: 4, activation: "softmax" }),
      ],
    });
    expect(denseShape(softmax)).toEqual({
      inputs: 6,
      layers: [{ units: 4, activation: "linear", bias: true }],
    });
  });

  it("leaves alone what the kernel would compute wrongly", () => {
    const first = () => tf.layers.dense({ units: 4, inputShape: [3], activation: "swish" });
    const nets = [
      [first(), tf.layers.dropout({ rate: 0.5 }), tf.layers.dense({ units: 2 })],
      [first(), tf.layers.dense({ units: 2, activation: "elu" })],
      [tf.layers.dense({ units: 4, inputShape: [3], trainable: false }), tf.layers.dense({ units: 2 })],
    ];
    for (const net of nets) expect(denseShape(tf.sequential({ layers: net }))).toBeUndefined();
    const input = tf.input({ shape: [3] });
    const left = tf.layers.dense({ units: 3 }).apply(input) as tf.SymbolicTensor;
    const sum = tf.layers.add().apply([left, input]) as tf.SymbolicTensor;
    const output = tf.layers.dense({ units: 2 }).apply(sum) as tf.SymbolicTensor;
    expect(denseShape(tf.model({ inputs: input, outputs: output }))).toBeUndefined();
  });
});

describe.each(BUILDS)("the kernel of dense nets, %s", (build) => {
  it.each([1, 2, 5, 6, 8, 10, 64])("gives tfjs's outputs and input gradients for %i rows", (rows) => {
    const net = layers(3);
    const dense = new DenseNet(denseShape(net)!, rows, build);
    dense.setParameters(readVariables(jointEnergy(net).variables));
    const inputs = normals(rows * SIZES[0], rows);
    for (let i = 0; i < rows; i++)
      dense.inputs.set(inputs.subarray(i * SIZES[0], (i + 1) * SIZES[0]), i * dense.inputStride);
    dense.forward(rows);
    const x = tf.tensor2d(inputs, [rows, SIZES[0]]);
    const expected = net.predict(x) as tf.Tensor;
    const outputs = Array.from({ length: rows }, (_, i) => [
      ...dense.outputs.subarray(i * dense.outputStride, i * dense.outputStride + 3),
    ]);
    expectClose(outputs.flat(), expected.dataSync());
    for (let i = 0; i < rows; i++)
      dense.outputGradients.set([1, -2, 0.5, 0, 0, 0, 0, 0], i * dense.outputStride);
    dense.backwardInputs(rows);
    const gradient = tf.grad((y: tf.Tensor) => (net.apply(y) as tf.Tensor).mul(tf.tensor1d([1, -2, 0.5])))(x);
    const found = Array.from({ length: rows }, (_, i) => [
      ...dense.inputGradients.subarray(i * dense.inputStride, i * dense.inputStride + SIZES[0]),
    ]);
    expectClose(found.flat(), gradient.dataSync());
  });
});

const task = (parameters: Float32Array, extra: Partial<GroupTask> = {}): GroupTask => ({
  parameters,
  inputs: normals(6 * SIZES[0], 1),
  labels: Int32Array.of(0, 1, 2, 2, 1, 0),
  inputNoise: 0,
  sampleNoise: 0,
  states: normals(6 * SIZES[0], 2),
  outliers: normals(4 * SIZES[0], 3),
  sampler: tensorSgld({ steps: 3, stepSize: 0.5, noiseScale: 0, box: [-1, 1] }).settings!,
  key: 5,
  weights: {
    marginalWeight: 0.7,
    energyPenalty: 0.05,
    classConditional: false,
    outlierWeight: 0.3,
    margins: [-1.5, 0.5],
  },
  total: { data: 12, outliers: 8 },
  ...extra,
});

describe("the two engines", () => {
  const variants: [string, Partial<GroupTask>][] = [
    ["marginal", {}],
    [
      "class-conditional",
      {
        stateLabels: Int32Array.of(2, 1, 0, 0, 1, 2),
        weights: { ...task(new Float32Array()).weights, classConditional: true },
      },
    ],
    ["without samples", { states: undefined, outliers: undefined }],
    [
      "clamped",
      {
        sampler: tensorSgld({ steps: 3, stepSize: 1, noiseScale: 0, maxGradient: 0.05 }).settings!,
      },
    ],
    [
      "by sign",
      { sampler: tensorSgld({ steps: 3, stepSize: 0.01, noiseScale: 0, direction: "sign" }).settings! },
    ],
  ];
  describe.each(headNames)("with the head %s", (head: HeadName) => {
    it.each(variants)("move chains and take gradients alike: %s", (_, extra) => {
      const net = layers(head === "logits" ? 3 : 4);
      const model = jointEnergy(net, { head });
      const given = task(readVariables(model.variables), extra);
      const dense = new DenseEngine(denseShape(net)!, { head, labels: 3 }).run(given);
      const tensor = new TensorEngine(model).run(given);
      expectClose(dense.gradient, tensor.gradient);
      if (given.states) expectClose(dense.states!, tensor.states!);
      for (const [name, value] of Object.entries(tensor.sums))
        expectClose([dense.sums[name as keyof typeof dense.sums]], [value]);
    });

    it("differentiate the loss that is stated", () => {
      // The oracle is tfjs's own differentiation of the formula.
      const net = layers(head === "logits" ? 3 : 4);
      const model = jointEnergy(net, { head });
      const given = task(readVariables(model.variables));
      const { gradient, states } = new DenseEngine(denseShape(net)!, { head, labels: 3 }).run(given);
      const { marginalWeight: w, energyPenalty, outlierWeight, margins } = given.weights;
      const rows = (x: Float32Array) => tf.tensor2d(x, [x.length / SIZES[0], SIZES[0]]);
      const { grads } = tf.variableGrads(() => {
        const data = model.can.batch.energies(rows(given.inputs));
        const samples = model.can.batch.energies(rows(states!));
        const outside = model.can.batch.energies(rows(given.outliers!));
        const hot = tf.oneHot(tf.tensor1d(given.labels, "int32"), 3);
        const conditional = model.conditional(rows(given.inputs)).mul(hot).sum(1).log().neg();
        return conditional
          .sum()
          .add(data.sum().sub(samples.sum()).mul(w))
          .add(data.square().sum().add(samples.square().sum()).mul(energyPenalty))
          .add(data.sub(margins[0]).relu().square().sum().mul(outlierWeight))
          .div(12)
          .add(
            tf
              .scalar(margins[1])
              .sub(outside)
              .relu()
              .square()
              .sum()
              .mul(outlierWeight / 8),
          ) as tf.Scalar;
      }, model.variables as tf.Variable[]);
      const expected = model.variables.flatMap(({ name }) => [...grads[name].dataSync()]);
      expectClose(gradient, expected, 1e-4);
    });
  });

  it("draw Langevin noise of the scale asked for, the same for the same key", () => {
    const net = tf.sequential({
      layers: [tf.layers.dense({ inputShape: [16], units: 2, kernelInitializer: "zeros" })],
    });
    const engine = new DenseEngine(denseShape(net)!, { head: "logits", labels: 2 });
    const settings = tensorSgld({ steps: 1, stepSize: 1, noiseScale: 0.3 }).settings!;
    const zero = readVariables(jointEnergy(net).variables);
    const draw = (key: number) => engine.sample(zero, new Float32Array(16 * 500), undefined, settings, key);
    const first = draw(3);
    expect(draw(3)).toEqual(first);
    expect(draw(4)).not.toEqual(first);
    // No drift: the states are the noise. 8000 draws give the variance a relative standard error of √(2/8000).
    const variance = first.reduce((sum, x) => sum + x * x, 0) / first.length;
    expect(Math.abs(variance / 0.09 - 1)).toBeLessThan(4.89 * Math.sqrt(2 / 8000));
  });
});

describe("Adam", () => {
  it("gives the same bits in WebAssembly and in TypeScript, and tfjs's numbers to rounding", () => {
    const start = normals(37, 1);
    const [wasm, twin] = [new Adam(start, 0.9), new Adam(start, 0.9, "typescript")];
    const variable = tf.variable(tf.tensor1d(start));
    const reference = tf.train.adam(0.01, 0.9, 0.999, 1e-8);
    for (let k = 0; k < 20; k++) {
      const gradient = normals(37, 100 + k);
      for (const adam of [wasm, twin]) {
        adam.gradient.set(gradient);
        adam.step({ learningRate: 0.01, weightDecay: 0, scale: 1 });
      }
      reference.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradient) }]);
    }
    expect(wasm.parameters).toEqual(twin.parameters);
    expect(wasm.averaged()).toEqual(twin.averaged());
    expectClose(wasm.parameters, variable.dataSync(), 1e-5);
  });

  it("shrinks by the weight decay, and averages what it passes through", () => {
    const adam = new Adam(Float32Array.of(2), 0.5);
    adam.step({ learningRate: 0.1, weightDecay: 0.5, scale: 1 });
    expect(adam.parameters[0]).toBeCloseTo(1.9, 6);
    adam.step({ learningRate: 0.1, weightDecay: 0.5, scale: 1 });
    // Weights ¼ and ½, over their sum.
    expect(adam.averaged()[0]).toBeCloseTo((0.25 * 1.9 + 0.5 * 1.805) / 0.75, 6);
  });
});
