import { createRng } from "@basin/energy-core/random";
import { createLattice, createModel, kaufman, onsager, simulate, spinProblem } from "@basin/ising";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { thermalization } from "../src/observables/thermalization.ts";
import type { SimulateOptions } from "../src/simulate/options.ts";

const T_C = onsager.criticalTemperature;

describe("simulate against Kaufman's torus", () => {
  const runs = [
    ["metropolis", 1.5],
    ["metropolis", 3],
    ["heat-bath", 2],
    ["heat-bath", 2.5],
    ["wolff", 1.5],
    ["wolff", T_C],
    ["wolff", 3],
    ["swendsen-wang", 2],
    ["swendsen-wang", T_C],
  ] as const;
  it.each(runs)("%s at T = %d on 32 × 32", async (algorithm, temperature) => {
    const sweeps = algorithm === "wolff" || algorithm === "swendsen-wang" ? 3000 : 20_000;
    const run = await simulate(createModel("square", 32), { temperature, algorithm, sweeps, seed: 3 });
    const exact = kaufman(32, 32, temperature);
    const options = { comparisons: 2 * runs.length };
    assertMean(run.energyPerSite, exact.energyPerSite, options);
    assertMean(run.specificHeat, exact.specificHeat, options);
    expect(run.exact.energyPerSite).toBe(exact.energyPerSite);
    expect(run.warnings).toEqual([]);
  });

  it("measures Onsager's magnetization on a large lattice", async () => {
    const run = await simulate(createModel("square", 256), { temperature: 2, sweeps: 3000, seed: 1 });
    assertMean(run.magnetization, onsager.magnetization(2));
    expect(run).toMatchObject({
      start: "ordered",
      warmup: 600,
      performance: { path: "packed", kernel: "wasm" },
    });
  });

  it("gives 4 × 4 its enumerated |m| on the scalar path", async () => {
    const run = await simulate(createModel("square", 4), { temperature: 2, sweeps: 40_000, seed: 9 });
    assertMean(run.absoluteMagnetization, 0.91894327);
    expect(run.performance.path).toBe("scalar");
  });
});

describe("simulate", () => {
  const quick: SimulateOptions = { temperature: 2.5, sweeps: 200, warmup: 20, seed: 4 };

  it("repeats to the bit, on either kernel", async () => {
    const [first, again, twin] = await Promise.all([
      simulate(createModel("square", 32), quick),
      simulate(createModel("square", 32), quick),
      simulate(createModel("square", 32), { ...quick, kernel: "typescript" }),
    ]);
    expect(again.series).toEqual(first.series);
    expect(twin.series).toEqual(first.series);
    expect(twin.spins).toEqual(first.spins);
    expect(twin.performance.kernel).toBe("typescript");
    expect((await simulate(createModel("square", 32), { ...quick, seed: 5 })).series).not.toEqual(
      first.series,
    );
  });

  it("turns an antiferromagnet into its ferromagnetic twin: the same energies, a staggered order", async () => {
    const ferro = await simulate(createModel("square", 32), { ...quick, temperature: 1.5 });
    const anti = await simulate(createModel("square", 32, { coupling: -1 }), { ...quick, temperature: 1.5 });
    expect(anti.series.energy).toEqual(ferro.series.energy);
    assertMean(anti.magnetization, 0);
    expect(anti.magnetization.standardError).toBeLessThan(0.005);
    expect(createModel("square", 32, { coupling: -1 }).energy(anti.spins)).toBe(anti.series.energy.at(-1));
  });

  it("runs T = 0 and T = ∞ to their limits", async () => {
    const cold = await simulate(createModel("square", 32), { ...quick, temperature: 0 });
    expect(cold.energyPerSite.mean).toBe(-2);
    const hot = await simulate(createModel("square", 32), {
      ...quick,
      temperature: Infinity,
      algorithm: "heat-bath",
    });
    assertMean(hot.energyPerSite, 0);
    assertMean(hot.magnetization, 0);
  });

  it("takes any spin problem, fields and all", async () => {
    const pair = spinProblem({ variables: 2, couplings: [[0, 1, 1]], fields: [0.5, 0] });
    const run = await simulate(pair, {
      inverseTemperature: 1,
      sweeps: 20_000,
      algorithm: "heat-bath",
      seed: 2,
    });
    // States ++, +−, −+, −− have energies −1.5, 0.5, 1.5, −0.5.
    const weights = [1.5, -0.5, -1.5, 0.5].map(Math.exp);
    const z = weights.reduce((a, b) => a + b, 0);
    const energy = (-1.5 * weights[0] + 0.5 * weights[1] + 1.5 * weights[2] - 0.5 * weights[3]) / z;
    assertMean(run.energyPerSite, energy / 2);
    assertMean(run.magnetization, (weights[0] - weights[3]) / z);
  });

  it("starts in order below T_c and at random above, and reports it", async () => {
    expect((await simulate(createModel("square", 16), { ...quick, temperature: 2 })).start).toBe("ordered");
    expect((await simulate(createModel("square", 16), { ...quick, temperature: 3 })).start).toBe("random");
    const given = new Int8Array(256).fill(-1);
    const run = await simulate(createModel("square", 16), {
      ...quick,
      temperature: 1,
      warmup: 0,
      start: given,
    });
    expect(run.start).toBe("given");
    expect(run.magnetization.mean).toBeLessThan(-0.99);
  });

  it("warns of a run that has not settled", async () => {
    const run = await simulate(createModel("square", 256), {
      temperature: 1.5,
      sweeps: 300,
      warmup: 0,
      start: "random",
      seed: 1,
    });
    expect(run.warnings[0]).toMatch(
      /^the energy still drifts: .* differ by \d+\.\d standard errors; warm up longer$/,
    );
    const rng = createRng(1);
    const noise = Float64Array.from({ length: 400 }, () => rng.normal());
    expect(thermalization(noise).passed).toBe(true);
    expect(thermalization(noise.map((x, i) => (i < 40 ? x + 2 : x))).passed).toBe(false);
  });

  it("stops when told to, with the signal's reason", async () => {
    const controller = new AbortController();
    const stopped = simulate(createModel("square", 256), {
      ...quick,
      sweeps: 1_000_000,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
  });

  it.each([
    [{ temperature: -1 }, "temperature is -1"],
    [{ temperature: 1, inverseTemperature: 1 }, "both given"],
    [{ temperature: undefined }, "simulate needs a temperature: give temperature or inverseTemperature"],
    [{ T: 3 }, 'simulate has no option "T"; known: temperature, inverseTemperature, algorithm'],
    [{ sweeps: 1e99 }, "sweeps is 1e+99, expected an integer at least 1 and at most 1000000000"],
    [{ algorithm: "magic" }, "known: metropolis, heat-bath, wolff, swendsen-wang, kawasaki"],
    [{ start: "hot" }, "known: ordered, random"],
    [{ kernel: "native" }, "known: auto, wasm, typescript"],
    [{ seed: -1 }, "seed is -1"],
    [{ sweeps: 3 }, "fewer than the 4 measurements"],
    [{ start: new Int8Array(3) }, "length 3"],
  ])("refuses %o", async (options, message) => {
    const given = { temperature: 1, ...options } as SimulateOptions;
    await expect(simulate(createModel("square", 32), given)).rejects.toThrow(message);
  });

  it("refuses impossible lattices", () => {
    expect(() => createModel("square", 0)).toThrow(
      "size is 0, expected an integer at least 1 and at most 32768",
    );
    expect(() => createModel("square", [4, 2.5])).toThrow("columns is 2.5");
    expect(() => createModel("square", [4, 4, 4])).toThrow("expected 2: [rows, columns]");
    expect(() => createModel("square", 4, { boundary: "twisted" as "open" })).toThrow("periodic, open");
  });
});

describe("createLattice", () => {
  it("runs by hand, synchronously, and shows its spins", async () => {
    const live = await createLattice(createModel("square", [32, 64]), { start: "random", seed: 1 });
    live.sweep(50, { temperature: 1 });
    live.sweep(50, { inverseTemperature: 0.4 });
    const spins = live.spins();
    expect(live.sweeps).toBe(100);
    expect(live.energy).toBe(live.model.energy(spins));
    expect(live.magnetization).toBe(spins.reduce((a, b) => a + b, 0));
    const pixels = live.pixels(new Uint32Array(2048), 0xffffffff, 0xff000000);
    expect(pixels.filter((pixel) => pixel === 0xffffffff).length).toBe((2048 + live.magnetization) / 2);
  });

  it("works for any model and algorithm", async () => {
    for (const algorithm of ["metropolis", "heat-bath", "wolff", "swendsen-wang", "kawasaki"] as const) {
      const live = await createLattice(createModel("square", 5), { algorithm, start: "ordered", seed: 0 });
      live.sweep(3, { temperature: 2 });
      expect(live.energy).toBe(live.model.energy(live.spins()));
    }
  });
});
