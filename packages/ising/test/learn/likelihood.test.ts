import { logLikelihood, restrictedBoltzmannMachine } from "@basin/ising/learn";
import { describe, expect, it } from "vitest";
import { exactLogPartition } from "../../src/learn/exact-partition.ts";

const machine = restrictedBoltzmannMachine({ visible: 3, hidden: 2, weightScale: 1, seed: 4 });
const exact = { exact: exactLogPartition(machine) };

describe("logLikelihood", () => {
  it("is −E(x) − log Z on average, with the error of the mean", () => {
    const data = [
      [1, 0, 0],
      [0, 1, 1],
    ];
    const [a, b] = data.map(
      (row) => -machine.energy(Int8Array.from(row, (bit) => 2 * bit - 1)) - exact.exact,
    );
    const found = logLikelihood(machine, data, exact, { seed: 1 });
    expect(found.mean).toBeCloseTo((a + b) / 2, 12);
    expect(found.standardError).toBeCloseTo(Math.abs(a - b) / 2, 12);
    expect(found.lowerEnd).toBe(found.mean);
    expect(found.states).toBe(2);
  });

  it("sums to one over all states", () => {
    const states = Array.from({ length: 8 }, (_, k) => [k & 1, (k >> 1) & 1, k >> 2]);
    const total = states.reduce(
      (sum, state) => sum + Math.exp(logLikelihood(machine, [state], exact, { seed: 1 }).mean),
      0,
    );
    expect(total).toBeCloseTo(1, 12);
  });

  it("takes states evenly from the data, and the bracket's end for the lower one", () => {
    const estimate = { mean: exact.exact, standardError: 0.1, effectiveSampleSize: 10 };
    const partition = { forward: estimate, reverse: estimate, bracket: [0, exact.exact + 0.3] } as const;
    const data = [
      [1, 1, 1],
      [0, 0, 0],
      [1, 1, 1],
      [0, 0, 0],
    ];
    const found = logLikelihood(machine, data, partition, { seed: 1, maxStates: 2 });
    expect(found.states).toBe(2);
    expect(found.mean).toBeCloseTo(-machine.energy(Int8Array.of(1, 1, 1)) - exact.exact, 12);
    expect(found.mean - found.lowerEnd).toBeCloseTo(0.3, 12);
  });
});
