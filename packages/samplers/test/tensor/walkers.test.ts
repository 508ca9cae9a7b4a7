import { createRng } from "@basin/energy-core/random";
import { tensorEnergy } from "@basin/energy-core/tensor";
import { assertMean } from "@basin/testing";
import { type WalkerCase, walkerChecks } from "@basin/testing/walkers";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { estimateMean } from "../../src/diagnose/index.ts";
import { series } from "../../src/index.ts";
import { annealedImportance, temper } from "../../src/temper/index.ts";
import { liftBatch, tensorHmc } from "../../src/tensor/index.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

// E = 2x² + ½y² over tensors of shape [2, 1]: Z = π.
const bowl = tensorEnergy([2, 1], (batch) => {
  const [x, y] = tf.split(batch.reshape([batch.shape[0], 2]), 2, 1);
  return x.square().mul(2).add(y.square().mul(0.5)).sum(1);
});

const streamsOf = (seed: number) => {
  const rng = createRng(seed);
  return (group: number) => rng.split(group);
};

const batches: WalkerCase<Float64Array> = {
  name: "hmc on batches of three",
  make: async (groups, seed) => ({
    walkers: (await tensorHmc({ steps: 2, stepSize: 0.4, group: 3 }).walkers(bowl, {
      groups,
      streams: streamsOf(seed),
    })) as never,
    streams: streamsOf(seed) as never,
  }),
  energy: (state) => bowl.energy(state),
  state: (number) => Float64Array.of(number / 8, -number / 4),
  inverseTemperatures: [1, 2],
};

describe("walkers in batches of tensors", () => {
  test.each(Object.keys(walkerChecks))("%s", (name) => walkerChecks[name](batches as WalkerCase<unknown>));

  test("need a way to move a batch", () => {
    expect(() => liftBatch(undefined as never)).toThrow(
      "the move of liftBatch is undefined, expected a move of a batch: { name, propose }",
    );
  });

  test("temper with the law of the coldest level, and leave no tensor", async () => {
    const before = tf.memory().numTensors;
    const draws = await temper(bowl, tensorHmc({ steps: 3, stepSize: 0.4, group: 20 }), {
      seed: 4,
      temperatures: [1, 2],
      chains: 1,
      warmup: 30,
      draws: 150,
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(draws.chains.length).toBe(20);
    for (const [coordinate, variance] of [0.25, 1].entries()) {
      const squares = series(draws, coordinate).map((chain) => chain.map((value) => value ** 2));
      assertMean(estimateMean(squares), variance, { comparisons: 2, what: `⟨x${coordinate}²⟩` });
    }
  });

  test("anneal from one Gaussian to another of known log Z", async () => {
    const found = await annealedImportance(bowl, tensorHmc({ steps: 2, stepSize: 0.3, group: 100 }), {
      seed: 5,
      chains: 200,
      // From exp(−E/4), whose Z is 4π, to exp(−E).
      inverseTemperatures: Float64Array.from({ length: 31 }, (_, k) => 0.25 + (0.75 * k) / 30),
      logPartitionAtStart: Math.log(4 * Math.PI),
      initial: (rng) => Float64Array.of(rng.normal(), 2 * rng.normal()),
      settle: 5,
    });
    expect(found.forward.mean - 5 * found.forward.standardError).toBeLessThan(Math.log(Math.PI));
    expect(found.reverse.mean + 5 * found.reverse.standardError).toBeGreaterThan(Math.log(Math.PI));
    expect(found.reverse.mean - found.forward.mean).toBeLessThan(0.2);
    expect(found.acceptances.every((mean) => mean > 0.8)).toBe(true);
  });
});
