import { createModel, kaufman, onsager, simulate } from "@basin/ising";
import { describe, expect, it } from "vitest";

const T_C = onsager.criticalTemperature;

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function spread(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

describe("over many seeds on 32 × 32", () => {
  for (const algorithm of ["metropolis", "heat-bath", "wolff", "swendsen-wang"] as const) {
    const clusters = algorithm === "wolff" || algorithm === "swendsen-wang";
    it.each([1.5, 2, T_C, 2.5, 3])(
      `${algorithm} at T = %d states errors that are the spread of its results`,
      async (T) => {
        // Single spins decorrelate in hundreds of sweeps at T_c.
        const slow = T === T_C && !clusters;
        const sweeps = clusters ? 500 : slow ? 40_000 : 4000;
        const seeds = slow ? 64 : 200;
        const runs = [];
        for (let seed = 1; seed <= seeds; seed++) {
          runs.push(
            await simulate(createModel("square", 32), {
              temperature: T,
              algorithm,
              sweeps,
              warmup: Math.ceil(sweeps / 8),
              seed,
            }),
          );
        }
        const exact = kaufman(32, 32, T);
        for (const [name, truth] of [
          ["energyPerSite", exact.energyPerSite],
          ["specificHeat", exact.specificHeat],
        ] as const) {
          const values = runs.map((run) => run[name].mean);
          const stated = Math.sqrt(mean(runs.map((run) => run[name].standardError ** 2)));
          const actual = spread(values);
          expect(stated / actual).toBeGreaterThan(0.8);
          expect(stated / actual).toBeLessThan(1.25);
          expect(Math.abs(mean(values) - truth)).toBeLessThan((5.5 * actual) / Math.sqrt(seeds));
        }
      },
    );
  }
});
