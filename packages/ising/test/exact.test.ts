import { createModel, kaufman, onsager } from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";

const T_C = onsager.criticalTemperature;

/** ln Z, u and c of a small lattice by summing over all states. */
function enumerated(shape: readonly [number, number], temperature: number) {
  const lattice = createModel("square", shape);
  const energies = spinStates(shape[0] * shape[1]).map((x) => lattice.energy(x));
  const lowest = Math.min(...energies);
  let z = 0;
  let first = 0;
  let second = 0;
  for (const energy of energies) {
    const weight = Math.exp(-(energy - lowest) / temperature);
    z += weight;
    first += weight * energy;
    second += weight * energy * energy;
  }
  const mean = first / z;
  const sites = shape[0] * shape[1];
  return {
    logPartition: Math.log(z) - lowest / temperature,
    energyPerSite: mean / sites,
    specificHeat: (second / z - mean * mean) / (temperature * temperature * sites),
  };
}

describe("onsager", () => {
  it("knows the critical temperature and the magnetization below it", () => {
    expect(T_C).toBeCloseTo(2.269185314213022, 14);
    expect(onsager.magnetization(1.5)).toBeCloseTo(0.9864996, 7);
    expect(onsager.magnetization(2)).toBeCloseTo(0.9113194, 7);
    expect(onsager.magnetization(2.2)).toBeCloseTo(0.78476, 5);
    expect([onsager.magnetization(0), onsager.magnetization(T_C), onsager.magnetization(5)]).toEqual([
      1, 0, 0,
    ]);
  });

  it("has energy −√2 and infinite specific heat at T_c", () => {
    expect(onsager.energy(T_C)).toBeCloseTo(-Math.SQRT2, 12);
    expect(onsager.specificHeat(T_C)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([0.5, 1.5, 2, 2.26, 2.28, 3, 10])(
    "has the derivative of its energy as specific heat at T = %d",
    (T) => {
      const h = 1e-4 * T;
      const slope = (onsager.energy(T + h) - onsager.energy(T - h)) / (2 * h);
      expect(onsager.specificHeat(T) / slope).toBeCloseTo(1, 3);
    },
  );
});

describe("kaufman", () => {
  const critical = [
    [4, -1.565624, 0.783267],
    [8, -1.491589, 1.145559],
    [16, -1.453065, 1.498705],
    [32, -1.433658, 1.846768],
    [64, -1.423938, 2.192211],
    [128, -1.419076, 2.536331],
    [256, -1.416645, 2.879786],
  ] as const;
  it.each(critical)("gives the torus of side %i at T_c", (L, u, c) => {
    const torus = kaufman(L, L, T_C);
    expect(torus.energyPerSite).toBeCloseTo(u, 6);
    expect(torus.specificHeat).toBeCloseTo(c, 6);
  });

  const off = [
    [1.5, -1.951117, 0.19727],
    [2, -1.745565, 0.72487],
    [2.5, -1.107292, 0.88581],
    [3, -0.81731, 0.40138],
  ] as const;
  it.each(off)("gives the torus of side 32 at T = %d", (T, u, c) => {
    const torus = kaufman(32, 32, T);
    expect(torus.energyPerSite).toBeCloseTo(u, 6);
    expect(torus.specificHeat).toBeCloseTo(c, 5);
  });

  const shapes = [
    [4, 4],
    [3, 4],
    [2, 5],
    [2, 2],
    [1, 4],
    [1, 1],
  ] as const;
  it.each(shapes)("agrees with enumeration on %i × %i, either way round, above and below T_c", (L, M) => {
    for (const T of [1, 2, T_C, 3, 20]) {
      const exact = enumerated([L, M], T);
      for (const torus of [kaufman(L, M, T), kaufman(M, L, T)]) {
        expect(torus.logPartition / exact.logPartition).toBeCloseTo(1, 10);
        expect(torus.energyPerSite).toBeCloseTo(exact.energyPerSite, 9);
        expect(torus.specificHeat).toBeCloseTo(exact.specificHeat, 9);
      }
    }
  });

  it("tends to Onsager's infinite lattice on both sides of T_c", () => {
    for (const T of [1, 1.8, 3, 6]) {
      const torus = kaufman(512, 512, T);
      expect(torus.energyPerSite).toBeCloseTo(onsager.energy(T), 10);
      expect(torus.specificHeat).toBeCloseTo(onsager.specificHeat(T), 8);
    }
  });

  it("has the limits of T → 0 and T = ∞", () => {
    expect(kaufman(8, 8, 0.001)).toEqual({
      logPartition: 128_000 + Math.LN2,
      energyPerSite: -2,
      specificHeat: 0,
    });
    expect(kaufman(8, 8, Infinity)).toEqual({
      logPartition: 64 * Math.LN2,
      energyPerSite: 0,
      specificHeat: 0,
    });
    // c → (8/T)² exp(−8/T), which is 1.6e-65 here, below all rounding.
    expect(kaufman(512, 512, 0.05).specificHeat).toBe(0);
  });

  it("refuses what it cannot mean", () => {
    expect(() => kaufman(0, 4, 1)).toThrow("L is 0");
    expect(() => kaufman(4, 4, -1)).toThrow("temperature is -1");
  });
});
