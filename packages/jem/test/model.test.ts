import { inputGradients, useWasm } from "@basin/energy-core/tensor";
import {
  accuracy,
  energyNet,
  generate,
  jointEnergy,
  logitsOf,
  probabilities,
  scores,
  train,
} from "@basin/jem";
import { tensorSgld } from "@basin/samplers/tensor";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import type { JointEnergyOptions } from "../src/model/joint-energy.ts";

beforeAll(() => useWasm());

const L = tf.layers;
const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.randomNormal({ stddev: 2, seed }) });
const X = Float32Array.of(0.3, -0.7, 1.5, 0.4, -2, 0.1);
const x = () => tf.tensor2d(X, [3, 2]);
const net = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });
const first = (options: object = {}) => L.dense({ units: 3, inputShape: [2], ...seeded(1), ...options });

/** A model read so, and logits that it should have. */
type Case = [name: string, model: () => tf.LayersModel, outputs: string, options?: JointEnergyOptions];

const SOFTMAX: Case[] = [
  ["of a dense layer", () => net(first({ activation: "softmax" })), "softmax"],
  ["of a layer of its own", () => net(first(), L.softmax()), "softmax"],
  ["of an activation", () => net(first(), L.activation({ activation: "softmax" })), "softmax"],
  ["as a logarithm", () => net(first({ activation: "logSoftmax" })), "softmax"],
  ["behind a dropout", () => net(first({ activation: "softmax" }), L.dropout({ rate: 0.5 })), "softmax"],
  [
    "behind a reshape and a linear activation",
    () =>
      net(
        first({ activation: "softmax" }),
        L.reshape({ targetShape: [3, 1] }),
        L.flatten(),
        L.activation({ activation: "linear" }),
      ),
    "softmax",
  ],
  ["inside a nested model", () => nested(net(first({ activation: "softmax" }))), "softmax"],
  ["inside a model inside a model", () => nested(nested(net(first({ activation: "softmax" })))), "softmax"],
  [
    "of sigmoids of classes that exclude one another",
    () => net(first({ activation: "sigmoid" })),
    "exclusive",
    { output: "exclusive" },
  ],
  ["that is not there", () => net(first()), "logits"],
  ["that is followed by a layer with weights", () => net(first(), L.batchNormalization()), "logits"],
];

/** The same model behind one that changes nothing, as transfer learning puts a head behind a base. */
function nested(head: tf.LayersModel): tf.LayersModel {
  const base = net(L.activation({ activation: "linear", inputShape: [2] }));
  const whole = tf.sequential();
  whole.add(base);
  whole.add(head as unknown as tf.layers.Layer);
  return whole;
}

describe("a classifier's output", () => {
  it.each(SOFTMAX)("is read up to the softmax %s", (_, make, outputs, options) => {
    const model = jointEnergy(make(), options);
    expect(model.reading.outputs).toBe(outputs);
    const right = (first().apply(x()) as tf.Tensor).dataSync();
    const scale = outputs === "logits" && make().layers.length > 1 ? 1 / Math.sqrt(1.001) : 1;
    for (const [i, f] of logitsOf(model, X).entries()) expect(f).toBeCloseTo(right[i] * scale, 4);
    const far = scores(
      model,
      X.map((v) => 1000 * v),
    );
    expect(Math.min(...far)).toBeLessThan(-100);
  });

  it("has the probabilities that the model predicts, and the right gradient", () => {
    const classifier = nested(net(first({ activation: "softmax" }), L.dropout({ rate: 0.5 })));
    const model = jointEnergy(classifier);
    const predicted = (classifier.predict(x()) as tf.Tensor).dataSync();
    for (const [i, p] of probabilities(model, X).entries()) expect(p).toBeCloseTo(predicted[i], 5);
    const at = (a: number) => model.can.batch.energies(tf.tensor2d([[a, 0.2]])).dataSync()[0];
    const { gradients } = inputGradients(model, tf.tensor2d([[0.1, 0.2]]));
    expect(gradients.dataSync()[0]).toBeCloseTo((at(0.11) - at(0.09)) / 0.02, 2);
    // The model is as it was.
    expect((classifier.predict(x()) as tf.Tensor).dataSync()).toEqual(predicted);
  });

  it.each([
    ["sigmoid", { activation: "sigmoid" }, {}],
    ["logit, as the option says", {}, { output: "binary" }],
  ] as [string, object, JointEnergyOptions][])("is two labels where it is one %s", (_, layer, options) => {
    const model = jointEnergy(net(L.dense({ units: 1, inputShape: [2], ...seeded(2), ...layer })), options);
    expect(model.labels).toBe(2);
    expect(model.reading.outputs).toBe("binary");
    const z = (L.dense({ units: 1, inputShape: [2], ...seeded(2) }).apply(x()) as tf.Tensor).dataSync();
    const p = probabilities(model, X);
    const e = scores(model, X);
    for (const [i, value] of z.entries()) {
      expect(p[2 * i + 1]).toBeCloseTo(1 / (1 + Math.exp(-value)), 5);
      expect(e[i]).toBeCloseTo(-Math.log(2 * Math.cosh(value / 2)), 4);
    }
    expect(
      accuracy(
        model,
        X,
        Array.from(z, (value) => (value > 0 ? 1 : 0)),
      ),
    ).toBe(1);
  });

  it("of one logit is trained and drawn from like two labels, on threads too", async () => {
    const sampler = tensorSgld({ steps: 2, stepSize: 0.01, temperature: 1, box: [-3, 3] });
    const energies = [];
    const drawn = [];
    for (const workers of [1, 2]) {
      const model = jointEnergy(
        net(L.dense({ units: 1, inputShape: [2], activation: "sigmoid", ...seeded(2) })),
      );
      const report = await train(
        model,
        { inputs: X, labels: [0, 1, 0] },
        { steps: 3, batchSize: 2, bufferSize: 10, sampler, workers, seed: 0 },
      );
      expect(report.engine).toBe("tfjs");
      energies.push([...scores(model, X)]);
      drawn.push(await generate(model, { labels: [0, 1], sampler, seed: 0 }));
    }
    for (const [i, value] of energies[0].entries()) expect(energies[1][i]).toBeCloseTo(value, 4);
    expect(drawn[0]).toHaveLength(4);
    for (const [i, value] of drawn[0].entries()) expect(drawn[1][i]).toBeCloseTo(value, 3);
  });

  const branch = (merge: tf.layers.Layer, activation: string) => {
    const input = tf.input({ shape: [2] });
    const ways = [1, 2].map((seed) =>
      L.dense({ units: 3, activation: activation as "softmax", ...seeded(seed) }).apply(input),
    );
    return tf.model({
      inputs: input,
      outputs: merge.apply(ways as tf.SymbolicTensor[]) as tf.SymbolicTensor,
    });
  };

  it.each([
    ["one plain output", () => net(L.dense({ units: 1, inputShape: [2] })), {}, /"binary".*energyNet/],
    ["several sigmoids", () => net(first({ activation: "sigmoid" })), {}, /"exclusive".*tensorEnergy/],
    ["a tanh", () => net(first({ activation: "tanh" })), {}, /the tanh of layer .* not invertible/],
    [
      "that of a dilated depthwise convolution, which tfjs computes without dilation",
      () =>
        net(
          L.depthwiseConv2d({ kernelSize: 2, dilationRate: 2, inputShape: [4, 4, 2] }),
          L.globalAveragePooling2d({}),
        ),
      {},
      /is a DepthwiseConv2D with the dilation rate 2(, 2)?, which tfjs leaves out/,
    ],
    [
      "a softmax of one",
      () => net(L.dense({ units: 1, inputShape: [2], activation: "softmax" })),
      {},
      /constant/,
    ],
    [
      "an average of softmaxes",
      () => branch(L.average(), "softmax"),
      {},
      /the softmax of layer .* mixed by layer .*Average/,
    ],
    [
      "sigmoids side by side",
      () => branch(L.concatenate(), "sigmoid"),
      {},
      /the sigmoid of layer .* mixed by .*Concatenate/,
    ],
    [
      "a recurrent layer",
      () => net(L.lstm({ units: 3, inputShape: [2, 1] })),
      {},
      /the tanh of layer .* mixed by the rest of that LSTM/,
    ],
    [
      "logits that are called binary",
      () => net(first()),
      { output: "binary" },
      /output is "binary".*expected "logits"/,
    ],
    [
      "a softmax that is called logits",
      () => net(first({ activation: "softmax" })),
      { output: "logits" },
      /expected "softmax"/,
    ],
    ["another word", () => net(first()), { output: "odds" }, /unknown output "odds"; known: logits, softmax/],
    [
      "a softmax beside a scalar",
      () => net(first({ activation: "softmax" })),
      { head: "logits+scalar" },
      /scalar beside them/,
    ],
  ] as [string, () => tf.LayersModel, JointEnergyOptions, RegExp][])(
    "is refused where it is %s",
    (_, make, options, message) => {
      expect(() => jointEnergy(make(), options)).toThrow(message);
    },
  );

  it("is taken as it is on the word of the option", () => {
    const squashed = net(first({ activation: "tanh" }));
    const model = jointEnergy(squashed, { output: "logits" });
    expect(logitsOf(model, X)).toEqual((squashed.predict(x()) as tf.Tensor).dataSync());
    expect(energyNet(net(L.dense({ units: 1, inputShape: [2] }))).reading.outputs).toBe("energy");
  });

  const softmax = net(first({ activation: "softmax" }));
  const predict = (batch: tf.Tensor) => softmax.predict(batch) as tf.Tensor2D;
  it.each([
    ["probabilities", predict, /look like probabilities \(they lie in \[0, 1\] and sum to 1\)/],
    ["their logarithms", (b: tf.Tensor) => predict(b).log(), /look like logarithms of probabilities/],
    ["independent probabilities", (b: tf.Tensor) => predict(b).sqrt(), /independent labels/],
  ] as [string, (b: tf.Tensor) => tf.Tensor2D, RegExp][])(
    "of a function is refused where it is %s",
    (_, logits, message) => {
      const many = new Float32Array(20).map((_, i) => Math.sin(i));
      expect(() => scores(jointEnergy({ shape: [2], labels: 3, logits }), many)).toThrow(message);
      const believed = jointEnergy({ shape: [2], labels: 3, logits }, { output: "logits" });
      const energies = tf.tidy(() =>
        logits(tf.tensor2d(many, [10, 2]))
          .logSumExp(1)
          .neg()
          .dataSync(),
      );
      const found = scores(believed, many);
      for (const [i, energy] of energies.entries()) expect(found[i]).toBeCloseTo(energy, 5);
    },
  );
});

describe("a graph model", () => {
  const node = (name: string, op: string, input: string[] = [], attr = {}) => ({
    name,
    op,
    input,
    attr: { T: { type: 1 }, ...attr },
  });
  const graph = (...last: ReturnType<typeof node>[]) =>
    tf.loadGraphModel(
      tf.io.fromMemory({
        modelTopology: {
          node: [
            node("x", "Placeholder", [], {
              dtype: { type: 1 },
              shape: { shape: { dim: [{ size: "-1" }, { size: "2" }] } },
            }),
            node("w", "Const", [], {
              dtype: { type: 1 },
              value: { tensor: { dtype: 1, tensorShape: { dim: [{ size: "2" }, { size: "2" }] } } },
            }),
            node("logits", "MatMul", ["x", "w"]),
            ...last,
          ],
          versions: {},
        },
        weightSpecs: [{ name: "w", shape: [2, 2], dtype: "float32" }],
        weightData: Float32Array.of(1, 0, 0, 1).buffer,
      } as never),
    );
  const rows = Float32Array.of(0, 0, 9, 0);

  it.each([
    ["softmax", [node("p", "Softmax", ["logits"])], "softmax"],
    ["softmax handed on", [node("p", "Softmax", ["logits"]), node("out", "Identity", ["p"])], "softmax"],
    ["nothing", [], "logits"],
  ] as [string, ReturnType<typeof node>[], string][])(
    "that ends in %s is read at its logits, with gradients",
    async (_, last, outputs) => {
      const model = jointEnergy(await graph(...last));
      expect(model.reading.outputs).toBe(outputs);
      expect(model.space.shape).toEqual([2]);
      const [near, far] = scores(model, rows);
      expect(near).toBeCloseTo(-Math.log(2), 5);
      expect(far).toBeCloseTo(-9.0001, 3);
      expect(scores(model, rows, "approximate-mass")[1]).toBeCloseTo(1, 3);
    },
  );

  it("that ends in sigmoids needs to be told what they are, and one of another ending is looked at", async () => {
    const sigmoids = await graph(node("p", "Sigmoid", ["logits"]));
    expect(() => jointEnergy(sigmoids)).toThrow(/the sigmoid of node "p".*"exclusive"/);
    expect(scores(jointEnergy(sigmoids, { output: "exclusive" }), rows)[1]).toBeCloseTo(-9.0001, 3);
    const parts = await graph(
      node("e", "Exp", ["logits"]),
      node("s", "Softmax", ["logits"]),
      node("p", "Minimum", ["s", "e"]),
    );
    expect(() => scores(jointEnergy(parts), rows)).toThrow(/look like probabilities/);
  });

  it("is no other object", () => {
    expect(() => jointEnergy({ predict: () => {} } as never)).toThrow(
      /an object with the keys predict, expected a tf.LayersModel/,
    );
    expect(() => jointEnergy(undefined as never)).toThrow(/the classifier is undefined/);
    expect(() => jointEnergy(Promise.resolve() as never)).toThrow(/a promise \(await it\)/);
  });
});

describe("a model with axes left open", () => {
  const open = () =>
    net(
      L.conv2d({ filters: 2, kernelSize: 1, inputShape: [null, null, 1] as never }),
      L.globalAveragePooling2d({}),
    );

  it("takes the shape that is given", () => {
    expect(() => jointEnergy(open())).toThrow(
      /shape \[batch, \?, \?, 1\]: axis 1 has no fixed length; give \{ shape \}/,
    );
    const inputs = Float32Array.from({ length: 12 }, (_, i) => i / 12);
    const shaped = jointEnergy(open(), { shape: [3, 2, 1] });
    const found = scores(shaped, inputs);
    const given = scores(shaped, { data: inputs, shape: [2, 3, 2, 1] });
    expect(found).toHaveLength(2);
    expect([...found]).toEqual([...given]);
    expect(() => jointEnergy(open(), { shape: [3, 2, 3] })).toThrow(/shape is \[3, 2, 3\], but/);
    expect(() => jointEnergy(open(), { shape: [6] })).toThrow(/shape is \[6\], but/);
  });
});
