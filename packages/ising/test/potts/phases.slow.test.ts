import { type Curve, createModel, crossing, phases, potts, simulatePotts, squarePotts } from "@basin/ising";
import { describe, expect, it } from "vitest";

async function binderCurve(states: number, size: number, temperatures: readonly number[]): Promise<Curve> {
  const model = potts(createModel("square", size), { states });
  const runs = [];
  for (const [k, temperature] of temperatures.entries()) {
    const options = { temperature, algorithm: "swendsen-wang", draws: 12_000, seed: 100 * size + k } as const;
    runs.push(await simulatePotts(model, options));
  }
  return {
    temperatures,
    values: runs.map(({ binder }) => binder.mean),
    standardError: runs.map(({ binder }) => binder.standardError),
  };
}

describe.each([3, 4])("%i labels", (states) => {
  it("Binder's ratios of L = 16 and 32 cross within 0.005 of T_c, known to 0.0015", async () => {
    const { criticalTemperature } = squarePotts(states);
    const temperatures = [-0.01, -0.005, 0, 0.005].map((d) => criticalTemperature + d);
    const found = crossing(
      await binderCurve(states, 16, temperatures),
      await binderCurve(states, 32, temperatures),
    );
    expect(Math.abs(Number(found?.temperature) - criticalTemperature)).toBeLessThan(0.005);
    expect(found?.standardError).toBeLessThan(0.0015);
  });
});

it("eight labels at L = 32 go between two phases, each visited 20 times", async () => {
  const run = await simulatePotts(potts(createModel("square", 32), { states: 8 }), {
    temperature: 0.747,
    algorithm: "swendsen-wang",
    draws: 200_000,
    seed: 1,
  });
  const { orderedEnergy, disorderedEnergy } = squarePotts(8);
  const between = -(1 + 1 / Math.sqrt(8));
  const { low, high, valley } = phases(
    run.series.map(({ energyPerSite }) => energyPerSite),
    { between },
  );
  expect(Math.min(low.visits, high.visits)).toBeGreaterThanOrEqual(20);
  expect(valley).toBeLessThan(0.5);
  // Finite lattices have their peaks further apart than the infinite one.
  expect(Math.abs(low.peak - orderedEnergy)).toBeLessThan(0.08);
  expect(Math.abs(high.peak - disorderedEnergy)).toBeLessThan(0.08);
});
