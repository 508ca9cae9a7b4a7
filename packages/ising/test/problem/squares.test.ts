import type { Edge } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { assignment, qubo, solve, spinProblem, toBits } from "@basin/ising";
import { describe, expect, it } from "vitest";
import { toBinary } from "../../src/problem/qubo.ts";
import { relaxSquares } from "../../src/problem/squares.ts";

const cost = (rng: Rng) => Math.round(1000 * rng.uniform()) / 10;

/** P (count − Σ x)² without its constant, added to terms that may hold costs. */
function addSquare(terms: Map<string, number>, members: readonly number[], weight: number, count = 1): void {
  const add = (i: number, j: number, value: number) => {
    const key = i < j ? `${i} ${j}` : `${j} ${i}`;
    terms.set(key, (terms.get(key) ?? 0) + value);
  };
  for (const [at, i] of members.entries()) {
    add(i, i, weight * (1 - 2 * count));
    for (const j of members.slice(0, at)) add(i, j, 2 * weight);
  }
}

/** Costs of n × n choices, and of pairs of them one row apart; each row and each column is to have one. */
function choices(n: number, rng: Rng, rows: number, columns: number, pairs = false) {
  const terms = new Map<string, number>();
  for (let i = 0; i < n * n; i++) terms.set(`${i} ${i}`, cost(rng));
  for (let i = 0; pairs && i < n * (n - 1); i++)
    terms.set(`${i} ${n * (Math.floor(i / n) + 1) + ((i + 1) % n)}`, cost(rng) - 50);
  for (let r = 0; r < n; r++) {
    const line = Array.from({ length: n }, (_, c) => c);
    addSquare(terms, line.map((c) => r * n + c), rows); // biome-ignore format: one row, one column
    addSquare(terms, line.map((c) => c * n + r), columns); // biome-ignore format: as above
  }
  return { variables: n * n, quadratic: edgesOf(terms) };
}

const edgesOf = (terms: Map<string, number>): Edge[] =>
  [...terms].map(([key, value]) => [...key.split(" ").map(Number), value] as unknown as Edge);

/** A multiple of 2⁻¹²⁰. */
function exact(value: number): bigint {
  const exponent = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value)));
  return BigInt(value * 2 ** (60 - exponent)) << BigInt(60 + exponent);
}

/** The energy of bits by the terms as they are, exactly. */
function energyOf(quadratic: readonly Edge[], bits: ArrayLike<number>): bigint {
  let sum = 0n;
  for (const [i, j, weight] of quadratic) if (bits[i] === 1 && bits[j] === 1) sum += exact(weight);
  return sum;
}

/** The least energy of all permutations. */
function leastOfPermutations(n: number, quadratic: readonly Edge[]): bigint {
  let least: bigint | undefined;
  const bits = new Uint8Array(n * n);
  const place = (row: number, free: readonly number[]) => {
    if (row === n) {
      const energy = energyOf(quadratic, bits);
      if (least === undefined || energy < least) least = energy;
    }
    for (const c of free) {
      bits[row * n + c] = 1;
      place(
        row + 1,
        free.filter((other) => other !== c),
      );
      bits[row * n + c] = 0;
    }
  };
  place(0, [...Array(n).keys()]);
  return least as bigint;
}

const penalties = Array.from({ length: 12 }, (_, k) => 10 ** (6 + k));

describe("costs folded into penalties", () => {
  it.each(penalties)("of %d are minimized, as far as the coefficients hold them", async (penalty) => {
    const { variables, quadratic } = choices(6, createRng(1), penalty, 3 * penalty, true);
    const least = leastOfPermutations(6, quadratic);
    const problem = qubo({ variables, quadratic });
    for (const method of ["auto", "anneal"] as const) {
      const { state } = await solve(problem, { method, sweeps: 300, seed: 1 });
      expect(energyOf(quadratic, toBits(state))).toBe(least);
    }
  });

  it("are named where they lie below the last digit", async () => {
    for (const penalty of penalties) {
      const { why } = await solve(qubo(choices(3, createRng(1), penalty, penalty)), { seed: 0 });
      expect(why.includes("last digit")).toBe(penalty > 1e13);
    }
  });

  it("are found in fields over spins too", async () => {
    const { variables, quadratic } = choices(6, createRng(4), 1e6, 1e6);
    const { fields, couplings, offset } = qubo({ variables, quadratic });
    const edges = Array.from(
      couplings.values,
      (value, e): Edge => [couplings.sources[e], couplings.targets[e], value],
    );
    const { state, why } = await solve(spinProblem({ variables, couplings: edges, fields, offset }), {
      sweeps: 300,
      seed: 0,
    });
    expect(why).toContain("12 squares");
    expect(energyOf(quadratic, toBits(state))).toBe(leastOfPermutations(6, quadratic));
  });

  it("leave the target in the units of the problem given", async () => {
    const costs = Array.from({ length: 8 }, (_, r) =>
      Array.from({ length: 8 }, (_, c) => ((r * 7919 + c * 104729 + r * c * 1299709) % 997) / 10),
    );
    const { problem, decode } = assignment(costs, { penalty: 1e7 });
    const told: number[] = [];
    const { state, energy } = await solve(problem, {
      ...{ until: { target: 250, timeLimit: 60_000 }, seed: 1 },
      onProgress: (now) => told.push(now.energy),
    });
    const total = decode(state).reduce((sum, c, r) => sum + costs[r][c], 0);
    expect(total).toBeLessThanOrEqual(250);
    expect(energy).toBeCloseTo(total, 6);
    expect(told.at(-1)).toBeCloseTo(total, 6);
  });
});

describe("relaxSquares", () => {
  const squaresOf = (variables: number, quadratic: Edge[]) =>
    relaxSquares(toBinary(qubo({ variables, quadratic })))?.squares.map(({ members, count }) => [
      members.join(" "),
      count,
    ]);

  it("finds how many members each square asks for, on scales of their own", () => {
    const rng = createRng(5);
    const terms = new Map<string, number>();
    for (let i = 0; i < 9; i++) terms.set(`${i} ${i}`, cost(rng));
    addSquare(terms, [0, 1, 2, 3], 1e6, 2);
    addSquare(terms, [4, 5, 6, 7, 8], 1e6, 4);
    addSquare(terms, [0, 4, 8], 1e10);
    expect(squaresOf(9, edgesOf(terms))?.sort()).toEqual([
      ["0 1 2 3", 2],
      ["0 4 8", 1],
      ["4 5 6 7 8", 4],
    ]);
  });

  it("finds none among random terms, penalties without a choice, and squares of the size of costs", () => {
    const rng = createRng(6);
    const random = Array.from({ length: 200 }, (_, k): Edge => [k % 20, (k * 7) % 20, rng.index(201) - 100]);
    expect(squaresOf(20, random)).toBeUndefined();
    const forbidden = Array.from({ length: 30 }, (_, k): Edge => [k % 10, (3 * k + 1) % 10, 1e6]);
    expect(squaresOf(10, [...forbidden, [0, 0, -3], [5, 5, -4]])).toBeUndefined();
    expect(squaresOf(16, choices(4, rng, 100, 100).quadratic)).toBeUndefined();
  });

  it("proves nothing by squares that cannot all be met", async () => {
    for (let seed = 0; seed < 10; seed++) {
      const rng = createRng(seed);
      const terms = new Map<string, number>();
      for (let i = 0; i < 7; i++) terms.set(`${i} ${i}`, cost(rng));
      addSquare(terms, [0, 1, 2], 1e6);
      addSquare(terms, [2, 3, 4], 1e6, 2);
      addSquare(terms, [0, 3, 5, 6], 1e6, 4);
      addSquare(terms, [1, 4], 1e6);
      const quadratic = edgesOf(terms);
      let least = 0n;
      for (let x = 0; x < 2 ** 7; x++) {
        const energy = energyOf(
          quadratic,
          Array.from({ length: 7 }, (_, i) => (x >> i) & 1),
        );
        if (energy < least) least = energy;
      }
      const { state, certificate } = await solve(qubo({ variables: 7, quadratic }), { seed: 0 });
      expect([certificate, energyOf(quadratic, toBits(state))]).toEqual(["exact", least]);
    }
  });
});
