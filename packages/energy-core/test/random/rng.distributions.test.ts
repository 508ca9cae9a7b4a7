import {
  categorical,
  createRng,
  exponential,
  permutation,
  restoreRng,
  shuffle,
} from "@basin/energy-core/random";
import { gTest, kolmogorovSmirnov, upperGamma } from "@basin/testing";
import { describe, expect, it } from "vitest";

// Eleven p-values in all: 1e-7 each keeps the file's false alarms near 1e-6.
const LIMIT = 1e-7;
const n = 100_000;
const draws = (draw: () => number) => Float64Array.from({ length: n }, draw);

function counts(cells: number, draw: () => number): Float64Array {
  const found = new Float64Array(cells);
  for (let k = 0; k < n; k++) found[draw()]++;
  return found;
}

const normalCdf = (x: number) => {
  const tail = 0.5 * upperGamma(0.5, 0.5 * x * x);
  return x > 0 ? 1 - tail : tail;
};

describe("draws follow their distributions", () => {
  it("uniform, normal and exponential", () => {
    const rng = createRng(31);
    expect(
      kolmogorovSmirnov(
        draws(() => rng.uniform()),
        (x) => x,
      ).pValue,
    ).toBeGreaterThan(LIMIT);
    expect(
      kolmogorovSmirnov(
        draws(() => rng.normal()),
        normalCdf,
      ).pValue,
    ).toBeGreaterThan(LIMIT);
    const cdf = (x: number) => -Math.expm1(-x);
    expect(
      kolmogorovSmirnov(
        draws(() => exponential(rng)),
        cdf,
      ).pValue,
    ).toBeGreaterThan(LIMIT);
  });

  it("normal in the far tail, where the ziggurat changes method", () => {
    const rng = createRng(32);
    const excess: number[] = [];
    // Beyond r the distribution of the tail is known exactly; 2.6e-4 of the draws lie there.
    const edge = 3.6541528853610088;
    for (let k = 0; k < 4_000_000; k++) {
      const x = Math.abs(rng.normal());
      if (x > edge) excess.push(x);
    }
    const beyond = 1 - normalCdf(edge);
    const { pValue } = kolmogorovSmirnov(excess, (x) => 1 - (1 - normalCdf(x)) / beyond);
    expect(excess.length).toBeGreaterThan(500);
    expect(pValue).toBeGreaterThan(LIMIT);
  });

  it("index, by the product and by rejection", () => {
    const rng = createRng(33);
    const flat = (cells: number) => new Float64Array(cells).fill(1);
    expect(
      gTest(
        counts(6, () => rng.index(6)),
        flat(6),
      ).pValue,
    ).toBeGreaterThan(LIMIT);
    // 3 · 2³⁰ values: the lower third would be drawn twice as often without rejection.
    const third = 2 ** 30;
    expect(
      gTest(
        counts(3, () => Math.floor(rng.index(3 * third) / third)),
        flat(3),
      ).pValue,
    ).toBeGreaterThan(LIMIT);
    expect(() => rng.index(0)).toThrow(/n is 0/);
    expect(() => rng.index(2.5)).toThrow(/n is 2.5/);
  });

  it("bernoulli and categorical, weights of zero never", () => {
    const rng = createRng(34);
    expect(
      gTest(
        counts(2, () => Number(rng.bernoulli(0.3))),
        [0.7, 0.3],
      ).pValue,
    ).toBeGreaterThan(LIMIT);
    const weights = [0, 2, 0, 1, 5, 0];
    expect(
      gTest(
        counts(6, () => categorical(rng, weights)),
        weights,
      ).pValue,
    ).toBeGreaterThan(LIMIT);
    expect(() => categorical(rng, [1, -1])).toThrow(/weight 1 is -1/);
    expect(() => categorical(rng, [0, 0])).toThrow(/weights sum to 0/);
  });

  it("permutations, all orders alike", () => {
    const rng = createRng(35);
    const rank = (order: ArrayLike<number>) =>
      [0, 1, 2].reduce((sum, i) => {
        const smaller = [1, 2, 3].filter((d) => i + d < 4 && order[i + d] < order[i]).length;
        return sum * (4 - i) + smaller;
      }, 0);
    const orders = new Float64Array(24).fill(1);
    expect(
      gTest(
        counts(24, () => rank(permutation(rng, 4))),
        orders,
      ).pValue,
    ).toBeGreaterThan(LIMIT);
    const deck = [0, 1, 2, 3];
    const shuffled = () => {
      shuffle(rng, deck);
      return rank(deck);
    };
    expect(gTest(counts(24, shuffled), orders).pValue).toBeGreaterThan(LIMIT);
    expect([...permutation(rng, 100)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
  });
});

describe("a generator's state", () => {
  it("is refused when it is none", () => {
    expect(() => restoreRng([1, 2, 3])).toThrow(/six unsigned 32-bit words, got \[1, 2, 3\]/);
    expect(() => restoreRng([0, 0, 0, 0, 0, 0])).toThrow(/all zero/);
    expect(() => createRng(1).split(-1)).toThrow(/label/);
  });
});
