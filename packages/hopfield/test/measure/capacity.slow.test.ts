import { row } from "@basin/energy-core";
import {
  bitError,
  breakdownLoad,
  capacity,
  denseMemory,
  densePatterns,
  hebbianBitError,
  hopfield,
  polynomialInteraction,
  randomPatterns,
} from "@basin/hopfield";
import { describe, expect, it } from "vitest";

describe("Hebb's rule at N = 2000", () => {
  it.each([0.105, 0.138, 0.185, 0.37])("has the one-step error of theory at load %f", async (load) => {
    const patterns = Math.round(2000 * load);
    const { mean, standardError } = await bitError({ neurons: 2000, patterns, networks: 50, seed: 1 });
    const truth = hebbianBitError(2000, patterns);
    console.log(
      `load ${load}: ${mean} ± ${standardError}, theory ${truth}, z ${(mean - truth) / standardError}`,
    );
    expect(Math.abs(mean - truth) / standardError).toBeLessThan(5);
  });

  it("stops retrieving between 0.12 and 0.16", async () => {
    const { curve } = await capacity({
      neurons: 2000,
      loads: [0.1, 0.12, 0.13, 0.14, 0.15, 0.16, 0.18],
      networks: 10,
      seed: 1,
    });
    const limit = breakdownLoad(curve, "hebbian");
    console.table(curve.map(({ load, overlap, theory }) => ({ load, ...overlap, theory })));
    console.log(`breakdown at ${limit}`);
    expect(limit).toBeGreaterThan(0.12);
    expect(limit).toBeLessThan(0.16);
  });
});

it("Storkey's rule holds more than Hebb's, and the pseudo-inverse N − 1", async () => {
  const loads = [0.16, 0.18, 0.2];
  const { curve } = await capacity({
    neurons: 400,
    rules: ["hebbian", "storkey"],
    loads,
    networks: 12,
    seed: 2,
  });
  for (const load of loads) {
    const [hebb, storkey] = curve.filter((point) => Math.abs(point.load - load) < 1e-9);
    const error = Math.hypot(hebb.overlap.standardError, storkey.overlap.standardError);
    expect((storkey.overlap.mean - hebb.overlap.mean) / error).toBeGreaterThan(4.89);
  }
  const patterns = randomPatterns(499, 500, { seed: 3 });
  const memory = hopfield(patterns, { rule: "pseudo-inverse" });
  for (let mu = 0; mu < 499; mu++) expect(memory.recall(row(patterns, mu), { seed: 0 }).flips).toBe(0);
});

/** P at which the one-step error crosses 1 %, by bisection on common random networks. */
async function patternsAtOnePercent(neurons: number, order: number): Promise<number> {
  let low = 0.5 * densePatterns(neurons, order);
  let high = 2 * densePatterns(neurons, order);
  for (let k = 0; k < 8; k++) {
    const middle = Math.sqrt(low * high);
    const { mean } = await bitError({
      neurons,
      patterns: Math.round(middle),
      networks: 20,
      probes: 15,
      memory: (stored) => denseMemory(stored, { interaction: polynomialInteraction(order) }),
      seed: 7,
    });
    if (mean < 0.01) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

it.each([
  [3, [60, 100, 160, 240]],
  [4, [24, 36, 54, 80]],
])("polynomial memories of order %i store N^(n − 1) patterns at 1 %% error", async (order, sizes) => {
  const found = await Promise.all(sizes.map((neurons) => patternsAtOnePercent(neurons, order)));
  const x = sizes.map(Math.log);
  const y = found.map(Math.log);
  const mx = x.reduce((a, b) => a + b) / x.length;
  const my = y.reduce((a, b) => a + b) / y.length;
  const slope =
    x.reduce((s, v, k) => s + (v - mx) * (y[k] - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
  console.log(
    order,
    sizes,
    found,
    sizes.map((n) => densePatterns(n, order)),
    "exponent",
    slope,
  );
  expect(Math.abs(slope - (order - 1))).toBeLessThan(0.15);
  // The formula takes the noise as Gaussian and N as large: at these sizes it is a few per cent off.
  for (const [k, neurons] of sizes.entries()) {
    expect(Math.abs(found[k] / densePatterns(neurons, order) - 1)).toBeLessThan(0.1);
  }
});

it("exponential memories keep 2^18 patterns of 40 neurons fixed", () => {
  const patterns = randomPatterns(2 ** 18, 40, { seed: 1 });
  const memory = denseMemory(patterns);
  for (let k = 0; k < 200; k++) {
    const state = row(patterns, Math.floor((k * 2 ** 18) / 200));
    expect(memory.recall(state, { maxSweeps: 1, seed: 0 })).toMatchObject({ flips: 0, converged: true });
  }
});
