import { expression, positive, vector } from "@basin/energy-core/expression";
import { funnel } from "@basin/energy-core/targets";
import { describe, expect, test } from "vitest";
import {
  autocorrelation,
  autocorrelationTime,
  chainSummary,
  divergences,
  estimateMean,
  hmc,
  nuts,
  randomWalk,
  sample,
  series,
  slice,
  stream,
  warnings,
} from "../../src/index.ts";
import { gaussian } from "../fixtures/energies.ts";

const energy = gaussian([
  [4, 0],
  [0, 0.25],
]);

describe("stream", () => {
  test("gives the parts of a formula by name, as sample does", async () => {
    const formula = expression({ s: positive(), x: vector(2) }, ({ s, x }, { add, normal, halfNormal }) =>
      add(halfNormal(s), normal(x, 0, s)),
    );
    const options = { seed: 5, chains: 2, warmup: 50, draws: 20 };
    const { s, x } = await sample(formula, nuts(), options);
    for await (const { chain, draw, position, values } of stream(formula, nuts(), options)) {
      expect(values).toEqual({ s: s[chain][draw], x: x[chain].slice(2 * draw, 2 * draw + 2) });
      expect(position.length).toBe(3);
    }
  });

  test("yields the draws that sample returns, chain by chain, with what each step did", async () => {
    const options = { seed: 5, chains: 2, warmup: 100, thin: 2 };
    const kept = await sample(energy, nuts(), { ...options, draws: 250 });
    let count = 0;
    for await (const { chain, draw, position, energy: value, info } of stream(energy, nuts(), options)) {
      expect({ chain, draw }).toEqual({ chain: count % 2, draw: count >> 1 });
      expect(position).toEqual(kept.chains[chain].positions.slice(2 * draw, 2 * draw + 2));
      expect(value).toBe(kept.chains[chain].stats.energy[draw]);
      expect(info.treeDepth).toBe(kept.chains[chain].stats.treeDepth[draw]);
      if (++count === 500) break;
    }
  });
  test("ends by itself where draws are given, and stops with a signal's reason", async () => {
    const options = { seed: 5, chains: 3, warmup: 10 };
    let count = 0;
    for await (const _ of stream(energy, nuts(), { ...options, draws: 4 })) count++;
    expect(count).toBe(12);
    const endless = async () => {
      const controller = new AbortController();
      for await (const _ of stream(energy, nuts(), { ...options, signal: controller.signal }))
        if (count++ === 100) setTimeout(() => controller.abort(new Error("enough")), 10);
    };
    await expect(endless()).rejects.toThrow("enough");
    expect(count).toBeGreaterThan(100);
    await expect(stream(energy, nuts(), { ...options, draws: 0 }).next()).rejects.toThrow("draws is 0");
  });
});

describe("chainSummary", () => {
  test("gives acceptance, step size, tree depth, gradients and energy fraction of each chain", async () => {
    const draws = await sample(energy, nuts(), { seed: 6, chains: 2 });
    const rows = chainSummary(draws);
    expect(Object.keys(rows)).toEqual(["chain 0", "chain 1"]);
    const { stats, tuned } = draws.chains[1];
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length;
    expect(rows["chain 1"]).toMatchObject({ divergences: 0, undefinedEnergies: 0, saturated: 0 });
    expect(rows["chain 1"].stepSize).toBeCloseTo(tuned.stepSize as number, 12);
    expect(rows["chain 1"].acceptance).toBeCloseTo(mean(stats.acceptanceProbability), 12);
    expect(rows["chain 1"].gradients).toBeCloseTo(mean(stats.gradients), 12);
    expect(rows["chain 1"].maxTreeDepth).toBe(Math.max(...stats.treeDepth));
    expect(rows["chain 1"].energyFraction).toBeGreaterThan(0.5);
    const walk = chainSummary(await sample(energy, randomWalk(), { seed: 6, chains: 1 }));
    expect(walk["chain 0"].treeDepth).toBeNaN();
  });

  test("counts trajectories cut at the greatest depth, which a warning explains", async () => {
    const draws = await sample(energy, nuts({ maxTreeDepth: 2, stepSize: 0.01 }), {
      seed: 7,
      chains: 2,
      warmup: 0,
    });
    expect(chainSummary(draws)["chain 0"].saturated).toBeGreaterThan(900);
    expect(warnings(draws).join()).toMatch(
      /\d+ of 2000 draws stopped at the greatest tree depth .* raise the greatest tree depth/,
    );
  });

  test("divergences carry their positions: in the neck of a funnel", async () => {
    const draws = await sample(funnel({ dimension: 10 }), nuts(), { seed: 8 });
    const found = divergences(draws);
    expect(found.length).toBeGreaterThan(10);
    for (const { chain, draw, position } of found) {
      expect(draws.chains[chain].stats.diverged[draw]).toBe(1);
      expect(position[0]).toBe(draws.chains[chain].positions[10 * draw]);
    }
    const [all, there] = [
      series(draws, 0).flatMap((chain) => [...chain]),
      found.map(({ position }) => position[0]),
    ].map((values) => values.reduce((a, b) => a + b) / values.length);
    expect(there).toBeLessThan(all);
  });
});

describe("a NaN region is named, with its place and what to do", () => {
  const half = gaussian([[1]]);
  const broken = {
    ...half,
    energy: (x: Float64Array) => (x[0] > 1 ? Number.NaN : half.energy(x)),
    can: {
      gradient: (x: Float64Array, out: Float64Array) => (x[0] > 1 ? Number.NaN : half.can.gradient(x, out)),
    },
  };
  test.each([
    ["nuts", nuts() as never],
    ["hmc", hmc()],
    ["random walk", randomWalk() as never],
    ["slice", slice() as never],
  ])("%s", async (_, kernel: ReturnType<typeof hmc>) => {
    const draws = await sample(broken, kernel, { seed: 9, names: ["mu"], initial: Float64Array.of(0) });
    expect(warnings(draws).join("\n")).toMatch(
      /\d+ of 4000 draws met an energy or gradient of NaN, the first in chain 0 at draw \d+ near mu = [-.\d]+: .*Return \+Infinity outside the support/,
    );
    expect(chainSummary(draws)["chain 0"].undefinedEnergies).toBeGreaterThan(10);
  });
});

test("autocorrelations and their time are those of an AR(1) process", () => {
  expect([...autocorrelation([1, -1, 1, -1, 1, -1], 1)]).toEqual([1, expect.closeTo(-5 / 6, 12)]);
  const chain = Float64Array.from({ length: 4096 }, (_, t) => Math.sin(t) + ((t * 7919) % 101) / 101);
  expect(autocorrelationTime(chain)).toBe(estimateMean(chain).autocorrelationTime);
  expect(autocorrelationTime(new Float64Array(10))).toBeNaN();
  const covariances = autocorrelation(chain, 5);
  const mean = chain.reduce((a, b) => a + b) / chain.length;
  const direct = (lag: number) =>
    chain.slice(lag).reduce((sum, x, t) => sum + (x - mean) * (chain[t] - mean), 0);
  expect(covariances[3]).toBeCloseTo(direct(3) / direct(0), 10);
});
