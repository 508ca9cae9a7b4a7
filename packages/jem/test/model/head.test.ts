import { inputGradients, useWasm } from "@basin/energy-core/tensor";
import { energyNet, type HeadName, jointEnergy } from "@basin/jem";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { headNames } from "../../src/model/head.ts";

beforeAll(() => useWasm());

const net = (units: number) =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        inputShape: [2],
        units: 8,
        activation: "swish",
        kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
      }),
      tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed: 4 }) }),
    ],
  });

const x = () =>
  tf.tensor2d([
    [0.2, -1],
    [1.5, 0.4],
  ]);

describe("heads", () => {
  it.each([
    ["logits+scalar", ([a, b, c, g]: number[]) => [a + g, b + g, c + g]],
    [
      "centered+scalar",
      ([a, b, c, g]: number[]) => {
        const log = Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c));
        return [a - log + g, b - log + g, c - log + g];
      },
    ],
  ] as [HeadName, (outputs: number[]) => number[]][])("reads %s off one output more", (head, expected) => {
    const layers = net(4);
    const model = jointEnergy(layers, { head });
    expect(model.labels).toBe(3);
    const outputs = (layers.predict(x()) as tf.Tensor).arraySync() as number[][];
    const energies = model.joint.can.batch.energies(x()).arraySync() as number[][];
    for (const [n, row] of outputs.entries()) {
      for (const [y, f] of expected(row).entries()) expect(energies[n][y]).toBeCloseTo(-f, 5);
    }
  });

  it("leaves p(y|x) as it is when a centered head's scalar alone moves, and E(x) is that scalar", () => {
    const layers = net(4);
    const model = jointEnergy(layers, { head: "centered+scalar" });
    const before = model.conditional(x()).arraySync();
    const [kernel, bias] = layers.layers[1].getWeights();
    layers.layers[1].setWeights([
      kernel.mul(tf.tensor1d([1, 1, 1, 3])),
      bias.add(tf.tensor1d([0, 0, 0, 2])) as tf.Tensor1D,
    ]);
    const after = model.conditional(x()).arraySync();
    for (const [n, row] of before.entries())
      for (const [y, p] of row.entries()) expect(after[n][y]).toBeCloseTo(p, 6);
    const g = (layers.predict(x()) as tf.Tensor).arraySync() as number[][];
    const energies = model.can.batch.energies(x()).dataSync();
    for (const [n, row] of g.entries()) expect(energies[n]).toBeCloseTo(-row[3], 5);
  });

  it("refuses a head that it does not know, and outputs too few for one", () => {
    expect(() => jointEnergy(net(3), { head: "scalar" as HeadName })).toThrow(
      new RegExp(headNames.map((name) => name.replace("+", "\\+")).join(".*")),
    );
    expect(() => jointEnergy(net(1), { head: "centered+scalar" })).toThrow(
      /has 1 output, expected at least 2/,
    );
  });
});

describe("energyNet", () => {
  it("is the net's output, with its gradient, and certain of its only label", () => {
    const layers = net(1);
    const model = energyNet(layers);
    const outputs = (layers.predict(x()) as tf.Tensor).dataSync();
    const energies = model.can.batch.energies(x()).dataSync();
    for (const [n, value] of outputs.entries()) expect(energies[n]).toBeCloseTo(value, 6);
    expect([...model.conditional(x()).dataSync()]).toEqual([1, 1]);
    const { gradients } = inputGradients(model, x());
    const at = (shift: number) => model.can.batch.energies(x().add(tf.tensor1d([shift, 0]))).dataSync()[0];
    expect(gradients.dataSync()[0]).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 3);
    expect(() => energyNet(net(2))).toThrow(/one output, this one has 2/);
  });
});
