import { complete, correct, detector, enumerate, rank, row, type SpinEnergy } from "@basin/energy-core";
import {
  corrupt,
  denseMemory,
  hopfield,
  modernMemory,
  polynomialInteraction,
  randomPatterns,
} from "@basin/hopfield";
import { estimateMean, heatBath, hmc, sample, series } from "@basin/samplers";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";

const patterns = randomPatterns(3, 60, { seed: 2 });
const memories: readonly [string, SpinEnergy][] = [
  ["Hebb", hopfield(patterns)],
  ["pseudo-inverse", hopfield(patterns, { rule: "pseudo-inverse" })],
  ["polynomial", denseMemory(patterns, { interaction: polynomialInteraction(3) })],
  ["exponential", denseMemory(patterns)],
];

describe.each(memories)("the tasks of energy-core on a memory: %s", (_, memory) => {
  const pattern = row(patterns, 1);

  it("complete fills in what is unknown", () => {
    const known = Array.from({ length: 60 }, (_, i) => i % 2 === 0);
    expect(
      complete(
        memory,
        corrupt(pattern, 0, { seed: 0 }).map((s, i) => (known[i] ? s : 1)),
        { known, seed: 1 },
      ).state,
    ).toEqual(pattern);
  });

  it("correct finds the pattern within a Hamming ball", () => {
    const { state, distance } = correct(memory, corrupt(pattern, 0.05, { seed: 1 }), { radius: 3 });
    expect([state, distance]).toEqual([pattern, 3]);
  });

  it("rank and detector tell the familiar from the unfamiliar", () => {
    const strangers = Array.from({ length: 20 }, (_, k) => row(randomPatterns(1, 60, { seed: 100 + k }), 0));
    const { order } = rank(memory, [...strangers, pattern]);
    expect(order[0]).toBe(20);
    const near = Array.from({ length: 40 }, (_, k) =>
      memory.energy(corrupt(row(patterns, k % 3), 0.1, { seed: k })),
    );
    const { isOutlier } = detector(near);
    expect(isOutlier(memory.energy(pattern))).toBe(false);
    for (const stranger of strangers) expect(isOutlier(memory.energy(stranger))).toBe(true);
  });
});

it.each([
  ["classical", hopfield(randomPatterns(2, 8, { seed: 3 }), { thresholds: [0.1, 0, 0, -0.3, 0, 0.2, 0, 0] })],
  ["dense", denseMemory(randomPatterns(2, 8, { seed: 3 }), { interaction: polynomialInteraction(3) })],
])("samplers draw from exp(−βE) of a %s memory", async (_, memory) => {
  const draws = await sample(memory, heatBath(), { seed: 5, temperature: 2.5, warmup: 200, draws: 8000 });
  const exact = enumerate(memory, { temperature: 2.5 });
  for (let i = 0; i < 8; i++) {
    assertMean(estimateMean(series(draws, i)), exact.means[i], { comparisons: 8 });
  }
});

it("samplers draw from the energy of a modern memory, a mixture of Gaussians", async () => {
  const memory = modernMemory(
    [
      [-1, 0.5],
      [1, 0.5],
    ],
    { sharpness: 1 },
  );
  const draws = await sample(memory, hmc(), { seed: 6, draws: 2000 });
  assertMean(estimateMean(series(draws, 0)), 0, { comparisons: 2 });
  assertMean(estimateMean(series(draws, 1)), 0.5, { comparisons: 2 });
});
