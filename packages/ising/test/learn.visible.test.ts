import { enumerate } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { boltzmannMachine, inverseIsing, pseudoLikelihood } from "../src/learn/index.ts";
import { strongMachine } from "./learn/strong-machine.ts";

/** A fully visible machine with symmetric random parameters. */
function glass(units: number, scale: number) {
  const machine = boltzmannMachine(units);
  const { offsets, neighbors, values } = machine.couplings;
  const rng = createRng(9);
  const weights = Float64Array.from({ length: units * units }, () => scale * rng.normal());
  for (let i = 0; i < units; i++) {
    for (let k = offsets[i]; k < offsets[i + 1]; k++) {
      const j = neighbors[k];
      values[k] = weights[Math.min(i, j) * units + Math.max(i, j)];
    }
    machine.thresholds[i] = scale * rng.normal();
  }
  return machine;
}

function momentsOf(machine: ReturnType<typeof glass>) {
  const { means, pairs } = enumerate(machine, { pairs: true });
  return { means, products: pairs as NonNullable<typeof pairs> };
}

/** The parameter that is the same bond, seen from its other end; a threshold is its own. */
function mirror(machine: ReturnType<typeof glass>, k: number): number {
  const { offsets, neighbors } = machine.couplings;
  if (k >= neighbors.length) return k;
  const i = offsets.findIndex((_, site) => k < offsets[site + 1]);
  return neighbors.findIndex((column, other) => {
    const inRow = other >= offsets[neighbors[k]] && other < offsets[neighbors[k] + 1];
    return inRow && column === i;
  });
}

describe("the inverse Ising problem", () => {
  test("is solved exactly: the couplings come back from their moments", () => {
    const truth = glass(5, 0.4);
    const { machine, maxError } = inverseIsing(momentsOf(truth));
    expect(maxError).toBeLessThan(1e-6);
    for (const [k, value] of machine.can.parameters.values.entries())
      expect(value).toBeCloseTo(truth.can.parameters.values[k], 4);
  });

  test("is solved roughly by mean field where couplings are weak, and not where they are strong", () => {
    const error = (scale: number) => {
      const truth = glass(6, scale);
      const { machine } = inverseIsing(momentsOf(truth), { method: "mean-field" });
      return Math.max(
        ...machine.can.parameters.values.map(
          (value, k) => Math.abs(value - truth.can.parameters.values[k]) / scale,
        ),
      );
    };
    expect(error(0.02)).toBeLessThan(0.05);
    expect(error(0.8)).toBeGreaterThan(0.2);
  });

  test("refuses moments that cannot be", () => {
    const unit = [
      [1, 0],
      [0, 1],
    ];
    expect(() => inverseIsing({ means: [0, 2], products: unit })).toThrow("means[1] is 2");
    expect(() => inverseIsing({ means: [0], products: unit })).toThrow("expected [1, 1]");
    const skew = [
      [1, 0.5],
      [0.2, 1],
    ];
    expect(() => inverseIsing({ means: [0, 0], products: skew })).toThrow("products[1][0] is 0.2");
    const tied = [
      [1, 1],
      [1, 1],
    ];
    expect(() => inverseIsing({ means: [0, 0], products: tied }, { method: "mean-field" })).toThrow(
      "no inverse",
    );
    const many = { means: new Float64Array(17), products: { data: new Float64Array(289), shape: [17, 17] } };
    expect(() => inverseIsing(many)).toThrow("2^17");
    expect(() => inverseIsing(many, { method: "guess" as never })).toThrow("known: exact, mean-field");
  });
});

describe("the pseudo-likelihood", () => {
  test.each([
    ["a fully visible machine", glass(4, 0.5)],
    ["a restricted machine", strongMachine(4, 2)],
  ])("of %s is that of its conditionals, with the gradient of difference quotients", (_, machine) => {
    const data = [Int8Array.of(1, -1, 1, 1), Int8Array.of(-1, -1, 1, -1)];
    const { loss, gradient } = pseudoLikelihood(machine, data, { inverseTemperature: 1.3 });
    let direct = 0;
    for (const state of data) {
      for (let i = 0; i < 4; i++) {
        const flipped = state.map((spin, k) => (k === i ? -spin : spin));
        const odds = Math.exp(-1.3 * (machine.energy(flipped) - machine.energy(state)));
        direct -= Math.log(1 / (1 + odds)) / 2;
      }
    }
    expect(loss).toBeCloseTo(direct, 11);
    for (let k = 0; k < gradient.length; k++) {
      const tied = "couplings" in machine ? mirror(machine, k) : k;
      const kept = machine.can.parameters.values[k];
      const at = (value: number) => {
        machine.can.parameters.values[k] = value;
        machine.can.parameters.values[tied] = value;
        return pseudoLikelihood(machine, data, { inverseTemperature: 1.3 }).loss;
      };
      const slope = (at(kept + 1e-5) - at(kept - 1e-5)) / 2e-5;
      at(kept);
      expect(gradient[k] + (tied === k ? 0 : gradient[tied])).toBeCloseTo(slope, 7);
    }
  });

  test("needs data", () => {
    expect(() => pseudoLikelihood(glass(3, 1), [])).toThrow("no data");
  });
});
