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
        const metrics = outlierMetrics(inside, outside);
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
    expect(outlierMetrics([0, 1], [2, 3])).toMatchObject({
      auroc: 1,
      auprOutlier: 1,
      auprInDistribution: 1,
      fprAt95InDistribution: 0,
      fprAt95Outlier: 0,
    });
    expect(outlierMetrics([1, 1, 1], [1])).toMatchObject({
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

  it("refuses empty sets and illegal energies", () => {
    expect(() => outlierMetrics([], [1])).toThrow(/no in-distribution energy/);
    expect(() => outlierMetrics([1], [1, NaN])).toThrow(/outlier energy 1 is NaN/);
    expect(() => outlierMetrics([-Infinity], [1])).toThrow(/in-distribution energy 0 is -Infinity/);
  });
});

describe("detector", () => {
  it("keeps at least the share asked for, and no smaller threshold does", () => {
    fc.assert(
      fc.property(energies, fc.double({ min: 0.01, max: 1, noNaN: true }), (heldOut, keep) => {
        const { threshold, kept, isOutlier, interval } = detector(heldOut, { keep });
        expect(kept).toBeCloseTo(heldOut.filter((e) => !isOutlier(e)).length / heldOut.length, 12);
        expect(kept).toBeGreaterThanOrEqual(keep - 1e-9);
        expect(heldOut.filter((e) => e < threshold).length / heldOut.length).toBeLessThan(keep);
        expect(interval[0]).toBeLessThanOrEqual(threshold);
        expect(interval[1]).toBeGreaterThanOrEqual(threshold);
      }),
    );
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
    expect(detector(Array.from({ length: 60 }, (_, i) => i)).threshold).toBe(56);
    expect(() => detector([])).toThrow(/no held-out energies/);
    expect(() => detector([1], { keep: 0 })).toThrow(/keep is 0/);
    expect(() => detector([NaN])).toThrow(/held-out energy 0 is NaN/);
    expect(() => detector([1]).isOutlier(NaN)).toThrow(/NaN/);
  });
});
