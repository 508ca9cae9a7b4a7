import { exactLikelihood } from "@basin/energy-core";
import { categorical, createRng, type Rng } from "@basin/energy-core/random";
import { createModel, potts, swendsenWang, weightedGraph, wolff } from "@basin/ising";
import { estimateMean, gibbs, gibbsWithGradients, heatBath, metropolis, sample } from "@basin/samplers";
import { contrastiveDivergence, maximizeLikelihood, persistentChains } from "@basin/samplers/learn";
import {
  annealedImportance,
  geometricSchedule,
  sequentialMonteCarlo,
  simulatedAnnealing,
  temper,
} from "@basin/samplers/temper";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { enumerated, type PottsKernel, randomModel } from "../potts/models.ts";

const magnet = randomModel(4, 3, 41, { ferromagnetic: true });
const { states, energies, logZ, lowest } = enumerated(magnet);
const meanAt = (beta: number, of: (s: Uint8Array, k: number) => number) =>
  enumerated(magnet, beta).law.reduce((sum, p, k) => sum + p * of(states[k], k), 0);

const kernels: [string, PottsKernel][] = [
  ["metropolis", metropolis()],
  ["heat bath", heatBath()],
  ["gibbs", gibbs()],
  ["gibbs with gradients", gibbsWithGradients()],
  ["Wolff's clusters", wolff({ clusters: 3 })],
  ["Swendsen and Wang's clusters", swendsenWang()],
];

describe.each(kernels)("%s, against enumeration:", (_, kernel) => {
  it("sample draws every label of every site as often as it should", async () => {
    const draws = await sample(magnet.energy, kernel, {
      seed: 3,
      inverseTemperature: 0.9,
      warmup: 50,
      draws: 3000,
    });
    const mean = (of: (s: Uint8Array) => number) =>
      estimateMean(
        draws.chains.map(({ positions }) =>
          Float64Array.from({ length: 3000 }, (_, t) => of(positions.subarray(4 * t, 4 * t + 4))),
        ),
      );
    for (let site = 0; site < 4; site++) {
      for (const label of [0, 1]) {
        const has = (s: Uint8Array) => Number(s[site] === label);
        assertMean(mean(has), meanAt(0.9, has), { comparisons: 9 });
      }
    }
    const energy = estimateMean(draws.chains.map(({ stats }) => stats.energy));
    assertMean(
      energy,
      meanAt(0.9, (_, k) => energies[k]),
      { comparisons: 9 },
    );
  });

  it("temper draws from the coldest law", async () => {
    const draws = await temper(magnet.energy, kernel, {
      seed: 4,
      inverseTemperatures: [0, 0.7, 1.5],
      warmup: 100,
      draws: 2000,
    });
    const energy = estimateMean(draws.chains.map(({ stats }) => stats.energy));
    assertMean(
      energy,
      meanAt(1.5, (_, k) => energies[k]),
    );
    expect(Math.min(...draws.roundTrips)).toBeGreaterThan(50);
  });

  it("annealedImportance brackets log Z", async () => {
    const { law } = enumerated(magnet);
    const found = await annealedImportance(magnet.energy, kernel, {
      seed: 5,
      inverseTemperatures: Float64Array.from({ length: 26 }, (_, k) => k / 25),
      logPartitionAtStart: 4 * Math.log(3),
      chains: 400,
      final: (rng: Rng) => states[categorical(rng, law)],
    });
    assertMean(found.forward, logZ, { comparisons: 2 });
    assertMean(found.reverse, logZ, { comparisons: 2 });
    expect(found.forward.standardError).toBeLessThan(0.1);
  });

  it("sequentialMonteCarlo finds Z", async () => {
    const ratios: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const options = { seed, particles: 100, steps: 2 };
      const { logPartition } = await sequentialMonteCarlo(magnet.energy, kernel, options);
      ratios.push(Math.exp(logPartition - logZ));
    }
    const mean = ratios.reduce((a, b) => a + b) / 40;
    const variance = ratios.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 39;
    assertMean({ mean, standardError: Math.sqrt(variance / 40) }, 1);
  });

  it("simulatedAnnealing finds the ground state", async () => {
    const [best] = await simulatedAnnealing(magnet.energy, kernel, {
      seed: 6,
      inverseTemperatures: geometricSchedule(0.1, 10, 60),
      reads: 6,
    });
    expect(best.energy).toBeCloseTo(lowest, 10);
  });
});

it("nine sites of a torus have the mean energy of enumeration under clusters and heat bath", async () => {
  const torus = potts(createModel("square", 3), { states: 3 });
  const beta = 0.9;
  // 3⁹ states.
  let [z, sum] = [0, 0];
  for (let k = 0; k < 3 ** 9; k++) {
    const E = torus.energy(torus.space.moves.state(k));
    z += Math.exp(-beta * E);
    sum += E * Math.exp(-beta * E);
  }
  for (const kernel of [wolff(), heatBath()] as PottsKernel[]) {
    const draws = await sample(torus, kernel, {
      seed: 8,
      inverseTemperature: beta,
      draws: 4000,
      keep: false,
    });
    assertMean(estimateMean(draws.chains.map(({ stats }) => stats.energy)), sum / z, { comparisons: 2 });
  }
});

describe("learning", () => {
  const truth = randomModel(4, 3, 51, { ferromagnetic: true });
  const { law, states: all } = enumerated(truth);
  const rng = createRng(9);
  const data = Array.from({ length: 400 }, () => all[categorical(rng, law)]);
  const blank = () =>
    potts(
      weightedGraph(
        4,
        truth.bonds.map(([i, j]) => [i, j, 0.01]),
      ),
      { states: 3 },
    );

  it.each<[string, PottsKernel]>([
    ["heat bath", heatBath()],
    ["gibbs", gibbs()],
  ])(
    "contrastive divergence by %s raises the likelihood to near the best that exact gradients reach",
    async (_, kernel) => {
      const best = blank();
      const { values } = best.can.parameters;
      for (let step = 0; step < 150; step++) {
        const { gradient } = exactLikelihood(best, data);
        for (const [k, slope] of gradient.entries()) values[k] -= 0.5 * slope;
      }
      const optimum = exactLikelihood(best, data).loss;
      const model = blank();
      const before = exactLikelihood(model, data).loss;
      await maximizeLikelihood(model, data, contrastiveDivergence(kernel, { steps: 3 }), {
        seed: 2,
        updates: 400,
        batchSize: 100,
        learningRate: (update) => (update < 200 ? 0.3 : 0.05),
      });
      const after = exactLikelihood(model, data).loss;
      expect(before - optimum).toBeGreaterThan(0.5);
      expect(after - optimum).toBeLessThan(0.05);
    },
  );

  it("persistent clusters learn couplings that stay above 0", async () => {
    const model = potts(
      weightedGraph(
        4,
        truth.bonds.map(([i, j]) => [i, j, 1]),
      ),
      { states: 3 },
    );
    const before = exactLikelihood(model, data).loss;
    await maximizeLikelihood(model, data, persistentChains(wolff({ clusters: 4 }), { chains: 100 }), {
      seed: 3,
      updates: 200,
      learningRate: 0.05,
    });
    expect(exactLikelihood(model, data).loss).toBeLessThan(before - 0.2);
  });
});
