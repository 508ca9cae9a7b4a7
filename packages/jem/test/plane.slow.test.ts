import type { createRng } from "@basin/energy-core/random";
import { useWasm } from "@basin/energy-core/tensor";
import { energyNet } from "@basin/jem";
import {
  boxPartition,
  contrastive,
  fit,
  persistentNegatives,
  planeNet,
  slicedScoreMatching,
} from "@basin/jem/experiments";
import {
  drawToy,
  gaussianRing,
  gridDivergence,
  gridEnergies,
  gridLogPartition,
  gridSamples,
  rings,
  squareGrid,
  toyEnergies,
  twoMoons,
} from "@basin/jem/toys";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";

beforeAll(() => useWasm());

const BATCH = 256;

describe.each([
  { toy: twoMoons(), stepSize: 0.002 },
  { toy: rings(), stepSize: 0.002 },
  { toy: gaussianRing(), stepSize: 0.01 },
])("an energy net of $toy.name", ({ toy, stepSize }) => {
  it("comes within 0.05 nats of the truth by persistent chains, and AIS holds its log Z", async () => {
    const grid = squareGrid(toy.box);
    const truth = toyEnergies(toy, grid);
    const energy = energyNet(planeNet({ seed: 1, outputs: 1, reads: "energy" }));
    // Untrained, the net is the base: far from the truth.
    expect(gridDivergence(truth, gridEnergies(energy, grid), grid)).toBeGreaterThan(1);
    const negatives = persistentNegatives({
      steps: 5,
      stepSize,
      chains: BATCH,
      restartProbability: 0,
      jumpScale: 2,
      fresh: (rng, out) => {
        for (let i = 0; i < out.length; i++) out[i] = 2 * rng.normal();
      },
    });
    await fit(
      energy.variables,
      (rng) => ({ x: tf.tensor2d(drawToy(toy, rng, BATCH).inputs, [BATCH, 2]) }),
      contrastive(energy, { negatives }),
      { seed: 1, updates: 2000, learningRate: 0.005 },
    );
    const energies = gridEnergies(energy, grid);
    expect(gridDivergence(truth, energies, grid)).toBeLessThan(0.05);
    const exact = gridLogPartition(energies, grid);
    const final = (rng: ReturnType<typeof createRng>, count: number) =>
      gridSamples(energies, grid, rng, count);
    const bracket = boxPartition(energy, { seed: 2, box: toy.box, final });
    expect(bracket.bracket[0]).toBeLessThan(exact);
    expect(bracket.bracket[1]).toBeGreaterThan(exact);
    expect(bracket.standardError + bracket.reverseStandardError).toBeLessThan(0.15);
  });
});

it("sliced score matching reaches 0.05 nats on two moons without a sample", async () => {
  const toy = twoMoons();
  const grid = squareGrid(toy.box);
  const energy = energyNet(planeNet({ seed: 1, outputs: 1, reads: "energy" }));
  await fit(
    energy.variables,
    (rng) => ({ x: tf.tensor2d(drawToy(toy, rng, BATCH).inputs, [BATCH, 2]) }),
    slicedScoreMatching(energy),
    { seed: 1, updates: 1000, learningRate: 0.003 },
  );
  expect(gridDivergence(toyEnergies(toy, grid), gridEnergies(energy, grid), grid)).toBeLessThan(0.05);
});
