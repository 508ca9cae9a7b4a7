import type { Edge } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { groundState, parseProblem, qubo, roundingBound, solve, toBits } from "@basin/ising";
import { describe, expect, it } from "vitest";

/** A double as an integer multiple of 2⁻¹²⁰, exactly: of the doubles in these tests nothing is lost. */
function exact(value: number): bigint {
  if (value === 0) return 0n;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return BigInt(value * 2 ** (60 - exponent)) << BigInt(60 + exponent);
}

interface Terms {
  readonly variables: number;
  readonly quadratic: Edge[];
}

/** E of bits as an exact integer. */
function energyOf({ quadratic }: Terms, bits: ArrayLike<number>): bigint {
  let sum = 0n;
  for (const [i, j, weight] of quadratic) if (bits[i] === 1 && bits[j] === 1) sum += exact(weight);
  return sum;
}

function least(terms: Terms): bigint {
  let lowest = 0n;
  for (let x = 0; x < 2 ** terms.variables; x++) {
    const bits = Array.from({ length: terms.variables }, (_, i) => (x >> i) & 1);
    const energy = energyOf(terms, bits);
    if (x === 0 || energy < lowest) lowest = energy;
  }
  return lowest;
}

const cost = (rng: Rng) => Math.round(100 * rng.uniform()) / 100;

/** Costs on the diagonal, and forbidden pairs as terms of their own. */
function own(rng: Rng, penalty: number): Terms {
  const quadratic: Edge[] = [];
  for (let i = 0; i < 10; i++) {
    quadratic.push([i, i, -cost(rng)]);
    for (let j = 0; j < i; j++) {
      if (rng.bernoulli(0.4)) quadratic.push([i, j, penalty]);
      else if (rng.bernoulli(0.3)) quadratic.push([i, j, cost(rng) - 0.5]);
    }
  }
  return { variables: 10, quadratic };
}

/** Two groups of which one bit each is to be chosen: the penalty stands in the diagonal, beside the cost. */
function folded(rng: Rng, penalty: number): Terms {
  const quadratic: Edge[] = [];
  for (let i = 0; i < 10; i++) {
    quadratic.push([i, i, cost(rng) - penalty]);
    for (let j = 5 * Math.floor(i / 5); j < i; j++) quadratic.push([i, j, 2 * penalty]);
    if (i >= 5) quadratic.push([i, i - 5, cost(rng)]);
  }
  return { variables: 10, quadratic };
}

const penalties = Array.from({ length: 12 }, (_, k) => 10 ** (6 + k));

describe.each([
  ["terms of their own", own],
  ["the diagonal", folded],
] as const)("penalties in %s", (_, make) => {
  it.each(penalties)("of %d hide no cost from a proof", async (penalty) => {
    for (let seed = 0; seed < 4; seed++) {
      const terms = make(createRng(seed), penalty);
      // Repeated diagonal terms would be added up before; these are stated once.
      const problem = qubo(terms);
      const lowest = least(terms);
      for (const options of [
        {},
        { reduce: false },
        { method: "elimination" },
        { method: "anneal", reads: 16 },
        { method: "tabu" },
      ] as const) {
        const { state, energy, bound, certificate } = await solve(problem, { ...options, seed });
        expect(Math.abs(Number(energyOf(terms, toBits(state)) - exact(energy)))).toBeLessThanOrEqual(
          Number(exact(roundingBound(problem, state))),
        );
        if (certificate === "exact")
          expect([energyOf(terms, toBits(state)), bound]).toEqual([lowest, energy]);
        else if (bound > Number.NEGATIVE_INFINITY) expect(exact(bound) <= lowest).toBe(true);
        if (!("method" in options)) expect(certificate).toBe("exact");
      }
      expect(energyOf(terms, toBits(groundState(problem).state))).toBe(lowest);
    }
  });

  it.each([1e6, 1e10, 1e14, 1e17])(
    "of %d are read from a file as they are, and a cost that is lost is named",
    async (penalty) => {
      const terms = make(createRng(9), penalty);
      const lines = terms.quadratic.map((term) => term.join(" "));
      const diagonals = terms.quadratic.filter(([i, j]) => i === j).length;
      const text = `p qubo 0 10 ${diagonals} ${lines.length - diagonals}\n${lines.join("\n")}\n`;
      const { problem, notes } = await parseProblem(text, { file: "a.qubo" });
      const { state } = await solve(problem, { seed: 0 });
      expect(energyOf(terms, toBits(state))).toBe(least(terms));
      const lost = make === folded && penalty > 1e12;
      expect(notes.some((note) => note.includes("last digit"))).toBe(lost);
    },
  );
});

describe("roundingBound", () => {
  it("holds for sums in any order, and only the terms that count", () => {
    const rng = createRng(3);
    for (let round = 0; round < 50; round++) {
      const terms = own(rng, 1e9);
      const problem = qubo(terms);
      const bits = Array.from({ length: 10 }, () => rng.index(2));
      const spins = bits.map((bit) => 2 * bit - 1);
      let sum = 0;
      for (const [i, j, weight] of terms.quadratic) sum += weight * bits[i] * bits[j];
      expect(Math.abs(sum - problem.energy(Int8Array.from(spins)))).toBeLessThanOrEqual(
        roundingBound(problem, spins),
      );
    }
    const pair = qubo({
      variables: 2,
      quadratic: [
        [0, 0, -0.25],
        [0, 1, 1e16],
      ],
    });
    expect(roundingBound(pair, [1, -1])).toBe(0.25 * 2 ** -52);
  });
});
