import { expect, test } from "vitest";
import { recipeSampler, resolveTrainOptions } from "../../src/train/options.ts";

test("every option has the default that its comment states", () => {
  const { sampler, ...defaults } = resolveTrainOptions({ seed: 1 });
  const recipe = recipeSampler();
  expect((sampler as typeof recipe).settings).toEqual(recipe.settings);
  expect(defaults).toEqual({
    ...{ steps: 1000, timeLimit: Number.MAX_VALUE, batchSize: 64, groups: 2, workers: 1, seed: 1 },
    ...{ learningRate: 7e-4, schedule: "cosine", finalRate: 0.02, warmup: 0, weightDecay: 0 },
    ...{ maxGradientNorm: 5, maxLag: 0.1, maxGap: 1000, goodEvery: 50, backOff: 0, checkpointEvery: 30_000 },
    ...{
      marginalWeight: 0.1,
      energyPenalty: 1e-3,
      classConditional: true,
      outlierWeight: 0,
      averageDecay: 0.998,
    },
    ...{ chains: "buffer", bufferSize: 5000, restartProbability: 0.05, initialStates: "uniform" },
    ...{ inputNoise: 0.1, sampleNoise: 0.1, engine: "auto" },
  });
});

test("groups follow an odd batch, noise of samples that of inputs, and steps a time limit", () => {
  const { groups, sampleNoise, steps } = resolveTrainOptions({ batchSize: 7, inputNoise: 0.3, timeLimit: 5 });
  expect({ groups, sampleNoise, steps }).toEqual({ groups: 1, sampleNoise: 0.3, steps: 0 });
  const limits = resolveTrainOptions({ maxGradientNorm: Infinity, maxLag: Infinity });
  expect([limits.maxGradientNorm, limits.maxLag]).toEqual([Infinity, Infinity]);
});

test("what contradicts is refused with its values", () => {
  expect(() => resolveTrainOptions({ batchSize: 10, groups: 4 })).toThrow(
    "batchSize is 10, expected a multiple of groups (4)",
  );
  expect(() => resolveTrainOptions({ outlierWeight: 1 })).toThrow(
    "margins and outlierWeight are of no use without outliers",
  );
});
