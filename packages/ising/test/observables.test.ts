import { createRng } from "@basin/energy-core/random";
import { type Curve, crossing } from "@basin/ising";
import { describe, expect, it } from "vitest";
import { estimates } from "../src/observables/estimates.ts";

describe("crossing", () => {
  const temperatures = [2.2, 2.24, 2.28, 2.32];
  const line = (slope: number, error: number, noise: () => number): Curve => ({
    temperatures,
    values: temperatures.map((T) => 0.6 - slope * (T - 2.27) + error * noise()),
    standardError: temperatures.map(() => error),
  });

  it("finds where two lines meet, with an error that is the spread of its results", () => {
    const rng = createRng(1);
    const found = Array.from({ length: 400 }, () => {
      const root = crossing(
        line(1, 0.003, () => rng.normal()),
        line(3, 0.003, () => rng.normal()),
      );
      expect(root).toBeDefined();
      return root as NonNullable<typeof root>;
    });
    const mean = found.reduce((sum, { temperature }) => sum + temperature, 0) / 400;
    const spread = Math.sqrt(
      found.reduce((sum, { temperature }) => sum + (temperature - mean) ** 2, 0) / 399,
    );
    const stated = found.reduce((sum, { standardError }) => sum + standardError, 0) / 400;
    expect(Math.abs(mean - 2.27)).toBeLessThan((4.89 * spread) / 20);
    expect(stated / spread).toBeGreaterThan(0.8);
    expect(stated / spread).toBeLessThan(1.25);
  });

  it("bends with the curves where a straight line would not do", () => {
    const rng = createRng(2);
    // Wide: a line through this difference crosses zero 0.008 too low.
    const wide = Array.from({ length: 9 }, (_, k) => 2.23 + 0.01 * k);
    const bent = (slope: number, bend: number, error: number): Curve => ({
      temperatures: wide,
      values: wide.map((T) => 0.6 - slope * (T - 2.27) - bend * (T - 2.27) ** 2 + error * rng.normal()),
      standardError: wide.map(() => error),
    });
    const roots = (degree?: number) =>
      Array.from({ length: 300 }, () => {
        const found = crossing(bent(1, 0, 0.002), bent(3, 30, 0.002), degree === undefined ? {} : { degree });
        return found as NonNullable<typeof found>;
      });
    const pulls = (degree?: number) =>
      roots(degree).map(({ temperature, standardError }) => (temperature - 2.27) / standardError);
    const mean = (values: number[]) => values.reduce((sum, z) => sum + z, 0) / values.length;
    expect(Math.abs(mean(pulls(1)))).toBeGreaterThan(5);
    for (const degree of [undefined, 2, 3]) {
      const z = pulls(degree);
      expect(Math.abs(mean(z))).toBeLessThan(4.89 / Math.sqrt(300));
      // Σ z² of 300 has a standard deviation of √600.
      expect(Math.abs(z.reduce((sum, one) => sum + one * one, 0) - 300)).toBeLessThan(4.89 * Math.sqrt(600));
    }
    // A term too many lowers χ² by 2, and is kept, with probability 0.16.
    const degrees = roots().map((root) => root.degree);
    expect(degrees).not.toContain(1);
    expect(degrees.filter((degree) => degree === 2).length).toBeGreaterThan(0.75 * 300);
    const parabolas = roots(2);
    expect(new Set(parabolas.map(({ degreesOfFreedom }) => degreesOfFreedom))).toEqual(new Set([6]));
    const chiSquared = mean(parabolas.map((root) => root.chiSquared));
    expect(Math.abs(chiSquared - 6)).toBeLessThan(4.89 * Math.sqrt(12 / 300));
    expect(() => crossing(bent(1, 0, 1), bent(3, 0, 1), { degree: 4 })).toThrow(/degree is 4/);
  });

  it("takes as many temperatures as there are, and refuses none, one twice, and values that are no numbers", () => {
    const curve = (n: number, value: (T: number) => number): Curve => {
      const points = Array.from({ length: n }, (_, k) => 2 + k / n);
      return { temperatures: points, values: points.map(value), standardError: points.map(() => 0.01) };
    };
    const many = crossing(
      curve(200_000, (T) => T),
      curve(200_000, () => 2.5),
    );
    expect(many?.temperature).toBeCloseTo(2.5, 6);
    const none = curve(0, () => 0);
    expect(() => crossing(none, none)).toThrow(/at least 2 temperatures with errors, got 0/);
    const twice = { ...curve(2, (T) => T), temperatures: [2, 2] };
    expect(() => crossing(twice, twice)).toThrow(/at least 2 temperatures with errors, got 1/);
    const broken = curve(4, (T) => (T > 2.4 ? Number.NaN : T));
    expect(() =>
      crossing(
        broken,
        curve(4, () => 2.5),
      ),
    ).toThrow(/the value at temperature 2.5 is NaN/);
  });

  it("says when they do not meet, and refuses curves of different temperatures", () => {
    const quiet = () => 0;
    const low = { ...line(1, 0.01, quiet), values: [0, 0, 0, 0] };
    expect(crossing(line(1, 0.01, quiet), low)).toBeUndefined();
    const shifted = { ...low, temperatures: [1, 2, 3, 4] };
    expect(() => crossing(low, shifted)).toThrow("temperature 0 is 2.2");
  });
});

describe("estimates", () => {
  it("hear a signal between one and the next", async () => {
    const controller = new AbortController();
    const run = { magnetization: series(1, 100), energy: series(2, 100) };
    const found = estimates(run, 10, 1, 1, controller.signal);
    controller.abort(new Error("enough"));
    await expect(found).rejects.toThrow("enough");
  });

  /** A correlated normal series, τ = (1 + ρ)/(1 − ρ). */
  function series(seed: number, draws: number, rho = 0.8): Float64Array {
    const rng = createRng(seed);
    let x = rng.normal();
    return Float64Array.from({ length: draws }, () => {
      x = rho * x + Math.sqrt(1 - rho * rho) * rng.normal();
      return x;
    });
  }

  it("state errors that are the spread over many runs, for derived quantities too", async () => {
    const SITES = 100;
    const measured = Array.from({ length: 300 }, (_, seed) => {
      const magnetization = series(2 * seed, 2000).map((x) => 30 + 10 * x);
      const energy = series(2 * seed + 1, 2000).map((x) => -150 + 8 * x);
      return estimates({ magnetization, energy }, SITES, 0.5, 2);
    });
    const runs = await Promise.all(measured);
    const names = [
      "magnetization",
      "absoluteMagnetization",
      "energyPerSite",
      "specificHeat",
      "susceptibility",
      "binder",
    ] as const;
    for (const name of names) {
      const values = runs.map((run) => run[name].mean);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      const stated = Math.sqrt(
        runs.reduce((sum, run) => sum + run[name].standardError ** 2, 0) / runs.length,
      );
      expect([name, stated / spread > 0.8 && stated / spread < 1.25]).toEqual([name, true]);
    }
    // Var(H) = 64, so c = 0.25 · 64 / 100; χ = 0.5 · 100 / 100 with |M| = M almost surely.
    const heat = runs.reduce((sum, run) => sum + run.specificHeat.mean, 0) / runs.length;
    expect(heat).toBeGreaterThan(0.155);
    expect(heat).toBeLessThan(0.162);
    expect(runs[0].energyPerSite.autocorrelationTime).toBeGreaterThan(2 * 5);
  });
});
