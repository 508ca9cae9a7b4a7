import { createModel, kaufman, type Lattice, onsager, transferMatrix } from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";

/** Sums over all states. */
function enumerated(lattice: Lattice, temperature: number) {
  const beta = 1 / temperature;
  let [z, e, ee, m, mm] = [0, 0, 0, 0, 0];
  for (const x of spinStates(lattice.variables)) {
    const energy = lattice.energy(x);
    const M = x.reduce((a, b) => a + b, 0);
    const w = Math.exp(-beta * energy);
    z += w;
    e += w * energy;
    ee += w * energy * energy;
    m += w * M;
    mm += w * M * M;
  }
  const N = lattice.variables;
  return {
    logPartition: Math.log(z),
    logPartitionPerSite: Math.log(z) / N,
    energyPerSite: e / z / N,
    specificHeat: (beta * beta * (ee / z - (e / z) ** 2)) / N,
    magnetization: m / z / N,
    susceptibility: (beta * (mm / z - (m / z) ** 2)) / N,
  };
}

describe("transferMatrix", () => {
  const models: [string, Lattice][] = [
    ["a ring", createModel("chain", 7, { field: 0.3 })],
    ["an open chain", createModel("chain", 6, { boundary: "open", coupling: -1.5, field: 0.2 })],
    ["rings of one and two", createModel("chain", 1)],
    ["a pair bound twice", createModel("chain", 2, { field: 0.1 })],
    ["a torus", createModel("square", [3, 4], { field: 0.2 })],
    ["tori of side 1 and 2", createModel("square", [1, 2])],
    ["an open square", createModel("square", [4, 3], { boundary: "open", coupling: [1, 0.4] })],
    ["a triangular torus", createModel("triangular", [4, 3], { coupling: -1, field: 0.5 })],
    ["an open triangular lattice", createModel("triangular", [3, 4], { boundary: "open" })],
    ["a honeycomb torus", createModel("honeycomb", [4, 4], { field: -0.4 })],
    ["an open honeycomb lattice", createModel("honeycomb", [5, 3], { boundary: "open" })],
    [
      "a glass with its own fields",
      createModel("square", [4, 3], {
        disorder: "gaussian",
        field: Array.from({ length: 12 }, (_, i) => Math.cos(i)),
      }),
    ],
    ["an open glass", createModel("square", [4, 3], { disorder: "plus-minus", boundary: "open" })],
  ];
  it.each(models)("is the sum over all states of %s", (_name, model) => {
    for (const temperature of [0.7, 2.3, Number.POSITIVE_INFINITY]) {
      const found = transferMatrix(model, { temperature });
      for (const [key, value] of Object.entries(enumerated(model, temperature)))
        expect(found[key as keyof typeof found], key).toBeCloseTo(value, 9);
    }
  });

  it("agrees with Kaufman's torus where enumeration ends, cold and hot", () => {
    for (const temperature of [0.3, 1, 2.269, 10]) {
      const exact = kaufman(300, 6, temperature);
      const found = transferMatrix(createModel("square", [300, 6]), { temperature });
      expect(found.logPartition / exact.logPartition).toBeCloseTo(1, 12);
      expect(found.energyPerSite).toBeCloseTo(exact.energyPerSite, 10);
      expect(found.specificHeat).toBeCloseTo(exact.specificHeat, 8);
    }
  });

  it("gives the infinite chain its closed form", () => {
    const [K, h] = [1 / 1.3, 0.4 / 1.3];
    const found = transferMatrix(createModel("chain", 1, { field: 0.4 }), {
      temperature: 1.3,
      infinite: true,
    });
    const root = Math.sqrt(Math.exp(2 * K) * Math.sinh(h) ** 2 + Math.exp(-2 * K));
    expect(found.logPartitionPerSite).toBeCloseTo(Math.log(Math.exp(K) * Math.cosh(h) + root), 12);
    expect(found.magnetization).toBeCloseTo((Math.exp(K) * Math.sinh(h)) / root, 12);
    const free = transferMatrix(createModel("chain", 1), { temperature: 1.3, infinite: true });
    expect(free.energyPerSite).toBeCloseTo(-Math.tanh(K), 12);
    expect(free.specificHeat).toBeCloseTo((K / Math.cosh(K)) ** 2, 10);
    expect(free.susceptibility).toBeCloseTo(K * Math.exp(2 * K), 8);
  });

  it("nears Onsager's lattice with wider strips", () => {
    const energy = (width: number) =>
      transferMatrix(createModel("square", [1, width]), { temperature: 3, infinite: true }).energyPerSite;
    const errors = [4, 6, 8].map((width) => Math.abs(energy(width) - onsager.energy(3)));
    expect(errors[1]).toBeLessThan(errors[0] / 2);
    expect(errors[2]).toBeLessThan(errors[1] / 2);
  });

  it("refuses what it cannot do", () => {
    expect(() => transferMatrix(createModel("cubic", 2), { temperature: 1 })).toThrow("not for a cubic one");
    expect(() => transferMatrix(createModel("square", 9), { temperature: 1 })).toThrow(
      "rows of 9 spins are too wide",
    );
    expect(() => transferMatrix(createModel("chain", 4), { temperature: 0 })).toThrow("temperature is 0");
    const open = createModel("square", [4, 3], { disorder: "gaussian", boundary: "open" });
    expect(() => transferMatrix(open, { temperature: 1, infinite: true })).toThrow(
      "no bonds from its last row",
    );
  });
});
