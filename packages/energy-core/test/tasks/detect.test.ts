import { detector, outlierMetrics } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

/** Small integers, so that ties are common, and +∞ now and then. */
const energies = fc.array(fc.oneof(fc.integer({ min: -4, max: 4 }), fc.constant(Infinity)), {
  minLength: 1,
  maxLength: 30,
});

describe("outlierMetrics", () => {
  it("agrees with its definitions counted pair by pair and threshold by threshold", () => {
    fc.assert(
      fc.property(energies, energies, (inside, outside) => {
        const metrics = outlierMetrics(inside, outside, { seed: 1 });
        let wins = 0;
        for (const o of outside) for (const i of inside) wins += o > i ? 1 : o === i ? 0.5 : 0;
        expect(metrics.auroc).toBeCloseTo(wins / inside.length / outside.length, 12);

        const precision = (positives: number[], negatives: number[]) => {
          let sum = 0;
          let recall = 0;
          for (const t of [...new Set([...positives, ...negatives])].sort((a, b) => (a < b ? 1 : -1))) {
            const hits = positives.filter((v) => v >= t).length;
            const alarms = negatives.filter((v) => v >= t).length;
            sum += (hits / positives.length - recall) * (hits / (hits + alarms));
            recall = hits / positives.length;
          }
          return sum;
        };
        expect(metrics.auprOutlier).toBeCloseTo(precision(outside, inside), 12);
        const flip = (values: number[]) => values.map((v) => -v);
        expect(metrics.auprInDistribution).toBeCloseTo(precision(flip(inside), flip(outside)), 12);

        const share = (values: number[], test: (v: number) => boolean) =>
          values.filter(test).length / values.length;
        const keeping = inside.filter((t) => share(inside, (v) => v <= t) >= 0.95 - 1e-12);
        const tau = Math.min(...keeping);
        expect(metrics.fprAt95InDistribution).toBeCloseTo(
          share(outside, (v) => v <= tau),
          12,
        );
        const catching = outside.filter((t) => share(outside, (v) => v >= t) >= 0.95 - 1e-12);
        const caught = Math.max(...catching);
        expect(metrics.fprAt95Outlier).toBeCloseTo(
          share(inside, (v) => v >= caught),
          12,
        );
      }),
    );
  });

  it("is perfect on separated sets and blind on equal ones", () => {
    expect(outlierMetrics([0, 1], [2, 3], { seed: 1 })).toMatchObject({
      auroc: 1,
      auprOutlier: 1,
      auprInDistribution: 1,
      fprAt95InDistribution: 0,
      fprAt95Outlier: 0,
    });
    expect(outlierMetrics([1, 1, 1], [1], { seed: 1 })).toMatchObject({
      auroc: 0.5,
      auprOutlier: 0.25,
      auprInDistribution: 0.75,
      fprAt95InDistribution: 1,
      fprAt95Outlier: 1,
    });
  });

  it("gives intervals that cover the truth as often as they say, and the same ones for the same seed", () => {
    const rng = createRng(31);
    // Two normals a distance d apart: AUROC = Φ(d/√2), and keeping 95 % lets Φ(1.6449 − d) of the outliers through.
    const [auroc, missed] = [0.8413447, 0.5912028];
    const rounds = 100;
    const covered = { auroc: 0, fpr: 0 };
    for (let round = 0; round < rounds; round++) {
      const draw = (shift: number) => Float64Array.from({ length: 150 }, () => shift + rng.normal());
      const { intervals } = outlierMetrics(draw(0), draw(Math.SQRT2), {
        confidence: 0.9,
        resamples: 200,
        seed: round,
      });
      if (intervals.auroc[0] <= auroc && auroc <= intervals.auroc[1]) covered.auroc++;
      const [low, high] = intervals.fprAt95InDistribution;
      if (low <= missed && missed <= high) covered.fpr++;
    }
    const slack = 4.89 * Math.sqrt((0.9 * 0.1) / rounds);
    expect(covered.auroc / rounds).toBeGreaterThan(0.9 - slack);
    expect(covered.fpr / rounds).toBeGreaterThan(0.9 - slack);
    expect(covered.auroc / rounds).toBeLessThan(1);
    const again = [1, 2].map(() => outlierMetrics([0, 1, 3, 4], [2, 5, 6], { seed: 7 }));
    expect(again[0]).toEqual(again[1]);
    expect(() => outlierMetrics([1], [2], { confidence: 1 })).toThrow(/confidence is 1/);
  });

  it("gives the spread of the AUROC over samples as its error", () => {
    const rng = createRng(5);
    const draw = (count: number, shift: number) =>
      Float64Array.from({ length: count }, () => shift + rng.normal());
    const found = Array.from({ length: 400 }, () =>
      outlierMetrics(draw(60, 0), draw(90, 1), { resamples: 20, seed: 1 }),
    );
    const mean = found.reduce((sum, { auroc }) => sum + auroc, 0) / 400;
    const spread = Math.sqrt(found.reduce((sum, { auroc }) => sum + (auroc - mean) ** 2, 0) / 399);
    const error = found.reduce((sum, { aurocStandardError = 0 }) => sum + aurocStandardError, 0) / 400;
    // A standard deviation of 400 draws has a relative standard error of 1/√800.
    expect(Math.abs(error / spread - 1)).toBeLessThan(4.89 / Math.sqrt(800));
    expect(found[0].outlierShare).toBe(0.6);
    expect(outlierMetrics([1], [1, 2], { seed: 1 })).not.toHaveProperty("aurocStandardError");
  });

  it("bounds an AUROC of 1 and 0 exactly from one side, and one without an error at all", () => {
    // Five disjoint pairs, all told apart: 0.05^(1/5).
    const { intervals } = outlierMetrics([1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], { seed: 1 });
    expect(intervals.auroc).toEqual([expect.closeTo(0.05 ** 0.2, 12), 1]);
    expect(outlierMetrics([6, 7, 8], [1, 2], { seed: 1 }).intervals.auroc).toEqual([
      0,
      expect.closeTo(1 - 0.05 ** 0.5, 12),
    ]);
    const [low, high] = outlierMetrics(new Float64Array(100), new Float64Array(200), { seed: 1 }).intervals
      .auroc;
    expect(low).toBeCloseTo(0.5 - Math.sqrt(Math.log(40) / 200), 12);
    expect(high).toBeCloseTo(1 - low, 12);
    expect(outlierMetrics([1], [1], { seed: 1 }).intervals.auroc).toEqual([0, 1]);
  });

  it("refuses empty sets and illegal energies", () => {
    expect(() => outlierMetrics([], [1])).toThrow(/no in-distribution energy/);
    expect(() => outlierMetrics([1], [1, NaN])).toThrow(/outlier energy 1 is NaN/);
    expect(() => outlierMetrics([-Infinity], [1])).toThrow(/in-distribution energy 0 is -Infinity/);
  });
});

describe("detector", () => {
  it("takes the smallest energy that keeps k of n, k the least with k/(n + 1) ≥ keep, or +∞ where no energy does", () => {
    const share = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(energies, share, (heldOut, percent) => {
        const n = heldOut.length;
        const { threshold, kept, isOutlier, interval, warning, needed } = detector(heldOut, {
          keep: percent / 100,
        });
        // In integers, 100 k ≥ percent (n + 1) has no last bit to lose.
        let k = 1;
        while (100 * k < percent * (n + 1)) k++;
        const sorted = [...heldOut].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(threshold).toBe(k <= n ? sorted[k - 1] : Infinity);
        expect(kept).toBeCloseTo(heldOut.filter((e) => !isOutlier(e)).length / n, 12);
        expect(warning === undefined).toBe(threshold < Infinity);
        expect(n >= needed).toBe(k <= n);
        expect(interval[0]).toBeLessThanOrEqual(threshold);
      }),
    );
  });

  it("does not lose the order statistic to the product's last bit", () => {
    const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
    expect(detector(upTo(99), { keep: 0.55 }).threshold).toBe(55);
    for (let n = 1; n < 500; n++) {
      for (const percent of [7, 29, 55, 57, 58, 93, 95, 99]) {
        const k = Math.floor((percent * (n + 1) + 99) / 100);
        if (k <= n) expect(detector(upTo(n), { keep: percent / 100 }).threshold).toBe(k);
      }
    }
  });

  it("flags nothing below 19 energies at 0.95, and says how many it needs", () => {
    const few = detector(
      Array.from({ length: 18 }, (_, i) => i),
      { keep: 0.95 },
    );
    expect(few).toMatchObject({ threshold: Infinity, needed: 19, heldOut: 18 });
    expect(few.isOutlier(1e300)).toBe(false);
    expect(few.warning).toBe(
      "18 held-out energies cannot bound 0.95 of fresh ones: the threshold is +Infinity and no state is flagged; expected at least 19",
    );
    const enough = detector(Array.from({ length: 19 }, (_, i) => i));
    expect(enough).toMatchObject({ threshold: 18, needed: 19 });
    expect(enough).not.toHaveProperty("warning");
    expect([0.5, 0.9, 0.99, 0.999].map((keep) => detector([1], { keep }).needed)).toEqual([1, 9, 99, 999]);
    expect(detector([1, 2], { keep: 1 }).warning).toMatch(
      /cannot bound 1 of fresh ones.*expected a keep below 1/,
    );
    expect(detector([0, Infinity, Infinity], { keep: 0.5 }).warning).toMatch(
      /2 of 3 held-out energies are \+Infinity/,
    );
  });

  it.each([20, 100, 1000])("keeps k/(n + 1) of fresh states on average over sets of %i", (n) => {
    const k = Math.ceil(0.95 * (n + 1) - 1e-9);
    const rounds = 2000;
    const rng = createRng(23);
    let [sum, squares] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const sample = Float64Array.from({ length: n }, () => -Math.log(1 - rng.uniform()));
      // Of exponential energies, 1 − exp(−τ) are at or below τ.
      const share = -Math.expm1(-detector(sample).threshold);
      sum += share;
      squares += share * share;
    }
    const mean = sum / rounds;
    const error = Math.sqrt((squares / rounds - mean * mean) / (rounds - 1));
    expect(Math.abs(mean - k / (n + 1))).toBeLessThan(4 * error);
    // The share of one set is Beta(k, n + 1 − k): a count that is one off lies 1/(n + 1) away, which these many sets
    // must tell.
    expect(error).toBeLessThan(1 / (n + 1) / 5);
  });

  it("covers the true quantile as often as its confidence says, and not much more", () => {
    const rng = createRng(21);
    const truth = Math.log(20);
    const rounds = 2000;
    let covered = 0;
    for (let round = 0; round < rounds; round++) {
      const sample = Float64Array.from({ length: 300 }, () => -Math.log(1 - rng.uniform()));
      const [low, high] = detector(sample, { keep: 0.95, confidence: 0.9 }).interval;
      if (low <= truth && truth <= high) covered++;
    }
    // The discrete interval covers between 0.90 and 0.935 at n = 300; z = 4.89 either side.
    const z = (p: number) => 4.89 * Math.sqrt((p * (1 - p)) / rounds);
    expect(covered / rounds).toBeGreaterThan(0.9 - z(0.9));
    expect(covered / rounds).toBeLessThan(0.935 + z(0.935));
  });

  it("says when the sample is too small for an interval", () => {
    expect(detector([1, 2, 3]).interval[1]).toBe(Infinity);
    expect(() => detector([])).toThrow(/no held-out energy was given/);
    expect(() => detector([1], { keep: 0 })).toThrow(/keep is 0/);
    expect(() => detector([NaN])).toThrow(/held-out energy 0 is NaN/);
    expect(() => detector([1]).isOutlier(NaN)).toThrow(/NaN/);
  });

  const tensor = { shape: [3], dataSync: () => [1, 2, 3] };
  it.each([
    ["a tensor", tensor, /is a tf\.Tensor of shape \[3\] \(await its data\(\)\), expected a list/],
    ["a promise", Promise.resolve([1]), /is a promise \(await it\), expected a list/],
    ["nested arrays", [[1], [2]], /is nested arrays, expected a list/],
    ["promises", [Promise.resolve(1)], /is an array whose first entry is a promise/],
    ["a string", "123", /is the string "123", expected a list/],
    ["a number", 3, /is 3, expected a list/],
    ["nothing", undefined, /is undefined, expected a list/],
    ["words", ["1", "2"], /held-out energy 0 is the string "1"/],
    ["a gap", [1, undefined], /held-out energy 1 is undefined/],
    ["big integers", BigInt64Array.of(4n), /held-out energy 0 is the bigint 4n/],
  ])("refuses %s by its kind", (_, value, message) => {
    expect(() => detector(value as number[])).toThrow(message);
    const judged = detector([1, 2], { keep: 0.5 });
    expect(() => (judged.isOutlier as (e: unknown) => boolean)(value === 3 ? "3" : value)).toThrow(
      /the energy to judge is/,
    );
  });
});
