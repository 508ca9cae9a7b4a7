import {
  type Crossing,
  type Curve,
  createModel,
  crossing,
  type LatticeName,
  onsager,
  simulateAll,
} from "@basin/ising";
import { expect, it } from "vitest";

/** Where the cumulants of the sizes cross, smallest pair first. */
async function crossings(
  lattice: LatticeName,
  sizes: readonly number[],
  temperatures: readonly number[],
  algorithm: "wolff" | "swendsen-wang",
  sweeps: (size: number) => number,
  degree: number,
) {
  const curves: Curve[] = [];
  for (const size of sizes) {
    const runs = temperatures.map((temperature, k) => ({
      model: createModel(lattice, size),
      temperature,
      algorithm,
      sweeps: sweeps(size),
      seed: 100 * size + k,
    }));
    const found = await simulateAll(runs);
    curves.push({
      temperatures,
      values: found.map((run) => run.binder.mean),
      standardError: found.map((run) => run.binder.standardError),
    });
  }
  return sizes.slice(1).map((_, k) => crossing(curves[k], curves[k + 1], { degree }));
}

/** The crossings taken together, each weighted by its precision. */
function together(found: readonly (Crossing | undefined)[]): Pick<Crossing, "temperature" | "standardError"> {
  let [weights, sum] = [0, 0];
  for (const one of found) {
    if (one === undefined) continue;
    weights += one.standardError ** -2;
    sum += one.temperature * one.standardError ** -2;
  }
  return { temperature: sum / weights, standardError: weights ** -0.5 };
}

it("Binder's cumulants of 16, 32, 64 and 128 cross within 0.001 of T_c, and within their errors", async () => {
  const near = [2.261, 2.265, 2.269, 2.273, 2.277];
  const found = await crossings(
    "square",
    [16, 32, 64, 128],
    near,
    "swendsen-wang",
    (L) => (L === 128 ? 6000 : 20_000),
    2,
  );
  expect(found).not.toContain(undefined);
  for (const one of [...found, together(found)]) {
    const z = (Number(one?.temperature) - onsager.criticalTemperature) / Number(one?.standardError);
    expect(Math.abs(z)).toBeLessThan(4.89);
  }
  expect(Math.abs(together(found).temperature - onsager.criticalTemperature)).toBeLessThan(0.001);
  expect(together(found).standardError).toBeLessThan(0.001);
});

it("and of cubes within 0.005 of 4.5115", async () => {
  const near = [4.49, 4.5, 4.51, 4.52, 4.53];
  const found = await crossings(
    "cubic",
    [8, 16, 32],
    near,
    "swendsen-wang",
    (L) => (L === 32 ? 3000 : 10_000),
    1,
  );
  const last = found[found.length - 1];
  expect(Math.abs(Number(last?.temperature) - 4.5115)).toBeLessThan(0.005);
  expect(last?.standardError).toBeLessThan(0.0025);
});
