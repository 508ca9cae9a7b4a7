import { outlierMetrics } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { tensorEnergy, useWasm } from "@basin/energy-core/tensor";
import { type HeadName, jointEnergy } from "@basin/jem";
import {
  boxPartition,
  cdNegatives,
  contrastive,
  experimentCells,
  fit,
  marginalMovement,
  planeNet,
  runExperiment,
  summarizeExperiment,
} from "@basin/jem/experiments";
import { drawToy, twoMoons } from "@basin/jem/toys";
import { zThreshold } from "@basin/testing";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { runCell } from "../src/experiments/cell-job.ts";
import { joint } from "../src/experiments/methods.ts";
import { type ImageData, imageProblem, planeProblem } from "../src/experiments/problem.ts";
import { headNames } from "../src/model/head.ts";

beforeAll(() => useWasm());

describe("boxPartition", () => {
  const bowl = tensorEnergy([2], (x) => x.sub(1).square().sum(1).mul(2));
  const truth = Math.log(Math.PI / 2);
  const final = (rng: ReturnType<typeof createRng>, count: number) =>
    Float32Array.from({ length: 2 * count }, () => 1 + 0.5 * rng.normal());

  it("brackets a Gaussian's log Z; a value 0.4 off lies outside", async () => {
    const found = await boxPartition(bowl, { seed: 3, box: [-5, 5], final });
    const z = zThreshold(2);
    const low = found.forward.mean - z * found.forward.standardError;
    const high = found.reverse.mean + z * found.reverse.standardError;
    expect(low).toBeLessThan(truth);
    expect(high).toBeGreaterThan(truth);
    expect(high).toBeLessThan(truth + 0.4);
    expect(low).toBeGreaterThan(truth - 0.4);
    expect(found.forward.effectiveSampleSize).toBeGreaterThan(100);
  });

  it("gives the same bits for a seed, leaves no tensor, and checks its options", async () => {
    const options = { seed: 3, box: [-5, 5] as const, temperatures: 20, chains: 50 };
    const before = tf.memory().numTensors;
    const found = await boxPartition(bowl, options);
    expect(await boxPartition(bowl, options)).toEqual(found);
    expect(found.reverse.mean).toBeNaN();
    expect(tf.memory().numTensors).toBe(before);
    await expect(boxPartition(bowl, { seed: 1, box: [1, 1] })).rejects.toThrow(/box is \[1, 1\]/);
    await expect(boxPartition(bowl, { seed: 1, box: [0, 1], chains: 1 })).rejects.toThrow(/chains is 1/);
  });
});

describe("one step on log p(x) alone", () => {
  const probe = drawToy(twoMoons(), createRng(4), 200);
  const batch = () => {
    const { inputs, labels } = drawToy(twoMoons(), createRng(5), 128);
    return { x: tf.tensor2d(inputs, [128, 2]), y: tf.tensor1d(Int32Array.from(labels), "int32") };
  };
  const movement = async (head: HeadName, separate: boolean) => {
    const outputs = head === "logits" ? 2 : 3;
    const model = jointEnergy(planeNet({ seed: 1, outputs, head, separate }), { head });
    await fit(model.variables, batch, joint(model, undefined, 0), {
      seed: 1,
      updates: 30,
      learningRate: 0.005,
    });
    const objective = contrastive(model, { negatives: cdNegatives({ steps: 5, stepSize: 0.002 }) });
    const kept = model.variables.map((variable) => variable.dataSync());
    const found = marginalMovement(model, objective, batch(), probe, createRng(6));
    expect(model.variables.map((variable) => variable.dataSync())).toEqual(kept);
    return found;
  };

  it("leaves p(y|x) alone, to rounding, where g(x) has a net of its own under centered logits; E(x) moves", async () => {
    const {
      movement: moved,
      divergence,
      flips,
      marginalMovement: shift,
    } = await movement("centered+scalar", true);
    expect(moved).toBeLessThan(1e-7);
    expect(Math.abs(divergence)).toBeLessThan(1e-8);
    expect(flips).toBe(0);
    expect(shift).toBeGreaterThan(0.01);
  });

  it("moves p(y|x) under every other head, shared nets included", async () => {
    for (const head of headNames) {
      const { movement: moved } = await movement(head, false);
      expect([head, moved > 1e-4]).toEqual([head, true]);
    }
    expect((await movement("logits+scalar", true)).movement).toBeGreaterThan(1e-4);
  });
});

describe("experiments", () => {
  const quick = { gridSize: 40, chainSteps: 20 };

  it("run the same cell to the same numbers, and another seed to others", async () => {
    const problem = planeProblem(twoMoons(), quick);
    const [first, second] = experimentCells("q2", {
      seed: 0,
      seeds: 2,
      problems: ["two moons"],
      updates: 6,
    }).filter(({ method, head }) => method === "pcd" && head === "logits");
    const before = tf.memory().numTensors;
    const once = await runCell(first, problem);
    expect(tf.memory().numTensors).toBe(before);
    expect(await runCell(first, problem)).toEqual(once);
    expect((await runCell(second, problem)).kl).not.toBe(once.kl);
    expect(once.diverged).toBe(0);
    for (const name of ["kl", "accuracy", "ece", "auroc", "drift", "movement"])
      expect(once[name]).toBeTypeOf("number");
  });

  it("call a run that diverges by its name", async () => {
    const problem = { ...planeProblem(twoMoons(), quick), learningRate: 1e5 };
    const [cell] = experimentCells("q1", { seed: 0, seeds: 1, problems: ["two moons"], updates: 20 });
    expect(await runCell(cell, problem)).toEqual({ diverged: 1 });
  });

  it("measure images, with the baselines beside them", async () => {
    const rng = createRng(2);
    const part = (count: number) => ({
      inputs: Uint8Array.from(
        { length: 100 * count },
        (_, i) => (i % 2 === Math.floor(i / 100) % 2 ? 200 : 20) + rng.index(30),
      ),
      labels: Uint8Array.from({ length: count }, (_, i) => i % 2),
    });
    const outliers = Uint8Array.from({ length: 100 * 60 }, () => rng.index(256));
    const data: ImageData = { size: 100, labels: 2, train: part(200), test: part(100), outliers };
    const problem = imageProblem("mnist", data);
    const [cell] = experimentCells("q1", { seed: 0, seeds: 1, problems: ["mnist"], updates: 30 }).filter(
      ({ method, steps }) => method === "cd-reversal" && steps === 5,
    );
    const found = await runCell(cell, problem);
    expect(found.accuracy).toBe(1);
    // Noise of at most 30 a pixel is below what 50 directions leave of noise of 256.
    expect(found.pcaAuroc).toBe(1);
    const means = (bytes: Uint8Array) =>
      Array.from({ length: bytes.length / 100 }, (_, i) =>
        bytes.subarray(100 * i, 100 * i + 100).reduce((sum, byte) => sum + byte, 0),
      );
    const { auroc } = outlierMetrics(means(data.test.inputs), means(outliers), { seed: 1 });
    expect(found.brightnessAuroc).toBeCloseTo(auroc, 3);
    // E|w − 1| ≥ |E w − 1|, and steps of a Langevin walk that rejects nothing do not keep detailed balance.
    expect(found.weightSpread).toBeGreaterThanOrEqual(Math.abs(found.meanWeight - 1) - 1e-12);
    expect(found.weightSpread).toBeGreaterThan(1e-6);
  });

  it("run on threads, take finished cells as they are, and average over seeds", async () => {
    const cells = experimentCells("q2", { seed: 0, seeds: 2, problems: ["two moons"], updates: 2 }).filter(
      ({ method }) => method === "ce",
    );
    const done = [{ cell: cells[0], measures: { diverged: 0, kl: 42 } }];
    const seen: number[][] = [];
    const one = await runExperiment(cells, { done, workers: 1 });
    const results = await runExperiment(cells, {
      done,
      workers: 2,
      onProgress: (progress) => seen.push([progress.done, progress.total]),
    });
    expect(results).toEqual(one);
    expect(results[0]).toEqual(done[0]);
    expect(results[1]).toEqual({
      cell: cells[1],
      measures: await runCell(cells[1], planeProblem(twoMoons())),
    });
    expect(seen).toEqual([[2, 2]]);
    const [row] = summarizeExperiment(results);
    expect(row).toMatchObject({ seeds: 2, diverged: 0 });
    const [a, b] = results.map(({ measures }) => measures.kl);
    expect(row.measures.kl.mean).toBeCloseTo((a + b) / 2, 10);
    expect(row.measures.kl.standardError).toBeCloseTo(Math.abs(a - b) / 2, 10);
  });

  it("leave diverged runs out of the means, and count them", () => {
    const [cell] = experimentCells("q1", { seed: 0, seeds: 1, problems: ["two moons"] });
    const result = (seed: number, measures: Record<string, number>) => ({
      cell: { ...cell, seed },
      measures,
    });
    const [row] = summarizeExperiment([result(0, { diverged: 0, kl: 1 }), result(1, { diverged: 1 })]);
    expect(row).toMatchObject({
      seeds: 2,
      diverged: 1,
      measures: { kl: { mean: 1, standardError: Number.NaN } },
    });
    const [none] = summarizeExperiment([result(1, { diverged: 1 })]);
    expect(none).toMatchObject({ seeds: 1, diverged: 1, measures: {} });
  });

  it("say what they do not know", () => {
    expect(() => experimentCells("q3" as "q1")).toThrow(/unknown experiment "q3"; known: q1, q2, density/);
    expect(() => experimentCells("q1", { problems: ["cifar" as "mnist"] })).toThrow(
      /unknown problem "cifar"; known: two moons, mnist/,
    );
    expect(() => experimentCells("q1", { seeds: 0 })).toThrow(/seeds is 0/);
  });
});
