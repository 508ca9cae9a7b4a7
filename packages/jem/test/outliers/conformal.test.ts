import { createRng, type Rng } from "@basin/energy-core/random";
import { benjaminiHochberg, conformalPValues, outlierDetector } from "@basin/jem/outliers";
import { describe, expect, it } from "vitest";

const normals = (rng: Rng, count: number, shift = 0): Float64Array =>
  Float64Array.from({ length: count }, () => shift + rng.normal());

const meanOf = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(variance / values.length) };
};

describe("the share of fresh inputs that a detector keeps", () => {
  it.each([20, 100, 1000])("is k/(n + 1) on average over sets of %i held-out inputs", (n) => {
    const k = Math.ceil((n + 1) * 0.95 - 1e-9);
    // The score is minus a logit that is uniform on [−1, 0], so that the threshold is the share itself.
    const kept = Array.from({ length: 500 }, (_, seed) => {
      const rng = createRng(seed + 1);
      const data = Float64Array.from({ length: n }, () => -rng.uniform());
      const { thresholds } = outlierDetector(
        { logits: { data, shape: [n, 1] } },
        { score: "max-logit", seed: 1 },
      );
      expect(thresholds[0].fresh.mean).toBeCloseTo(k / (n + 1), 12);
      const [low, high] = thresholds[0].fresh.interval;
      return {
        share: thresholds[0].threshold,
        within: thresholds[0].threshold >= low && thresholds[0].threshold <= high,
      };
    });
    const { mean, standardError } = meanOf(kept.map(({ share }) => share));
    expect(Math.abs(mean - k / (n + 1))).toBeLessThan(4 * standardError);
    // The interval of 95 % is exact: its share of 500 sets has a standard error of 0.0097.
    expect(Math.abs(kept.filter(({ within }) => within).length / 500 - 0.95)).toBeLessThan(4.89 * 0.0097);
  });

  it("is all of them where there are 5 held-out inputs, and says that 19 are needed", () => {
    const logits = [[1], [2], [3], [4], [5]];
    const found = outlierDetector({ logits }, { score: "max-logit", seed: 1 });
    expect(found.thresholds[0]).toMatchObject({
      threshold: Infinity,
      needed: 19,
      fresh: { mean: 1, interval: [1, 1] },
    });
    expect(found.thresholds[0].warning).toMatch(/5 held-out energies cannot bound 0.95 of fresh ones/);
    expect(found.judge({ logits: [[-1000]] })).toEqual({
      scores: Float64Array.of(1000),
      pValues: Float64Array.of(1 / 6),
      outliers: [false],
    });
  });
});

describe("conformalPValues", () => {
  it("count the held-out scores that are as high, one more for the input itself", () => {
    const rng = createRng(4);
    const heldOut = Array.from({ length: 37 }, () => rng.index(10));
    const scores = Array.from({ length: 50 }, () => rng.index(12) - 0.5 * rng.index(2));
    for (const [i, p] of conformalPValues(heldOut, scores).entries())
      expect(p).toBe((1 + heldOut.filter((s) => s >= scores[i]).length) / 38);
    expect(conformalPValues([], [1])).toEqual(Float64Array.of(1));
  });
});

describe("benjaminiHochberg", () => {
  it("is the step-up rule by hand", () => {
    // m = 5, rate 0.25: bounds 0.05, 0.1, 0.15, 0.2, 0.25; the third passes, so that the second does.
    const found = benjaminiHochberg([0.9, 0.11, 0.04, 0.15, 0.3], 99, { rate: 0.25 });
    expect(found).toMatchObject({
      outliers: [false, true, true, true, false],
      count: 3,
      cutoff: 0.15,
      fewest: 1,
      needed: 19,
    });
    expect(benjaminiHochberg([0.5, 0.9], 99, { rate: 0.1 })).toMatchObject({
      outliers: [false, false],
      count: 0,
      cutoff: 0,
    });
    expect(benjaminiHochberg([], 99)).toMatchObject({ outliers: [], count: 0 });
  });

  it("says where 1/(n + 1) is too coarse for the batch", () => {
    const p = new Float64Array(1000).fill(0.5);
    expect(benjaminiHochberg(p, 1000, { rate: 0.1 })).toMatchObject({
      fewest: 10,
      needed: 9999,
      warning: expect.stringMatching(/too coarse for a batch of 1000 .*no fewer than 10 .*at least 9999/),
    });
    expect(benjaminiHochberg(p, 5, { rate: 0.1 }).warning).toMatch(/none can be found/);
    expect(benjaminiHochberg(p, 9999, { rate: 0.1 })).not.toHaveProperty("warning");
  });

  const [n, m, rate, shift] = [1000, 100, 0.1, 3.6];
  it.each([0, 0.01, 0.1, 0.3])(
    "bounds the mean share of false discoveries with a share %f of outliers, with power",
    (share) => {
      const bad = Math.round(share * m);
      const runs = Array.from({ length: 500 }, (_, seed) => {
        const rng = createRng(seed + 1);
        const heldOut = normals(rng, n);
        const batch = Float64Array.of(...normals(rng, bad, shift), ...normals(rng, m - bad));
        const found = benjaminiHochberg(conformalPValues(heldOut, batch), n, { rate });
        const sure = benjaminiHochberg(batch.map(upperTail), 1e15, { rate });
        const hits = (outliers: readonly boolean[]) => outliers.filter((is, i) => is && i < bad).length;
        return {
          falseShare: found.count > 0 ? (found.count - hits(found.outliers)) / found.count : 0,
          hits: hits(found.outliers),
          sure: hits(sure.outliers),
        };
      });
      const { mean, standardError } = meanOf(runs.map(({ falseShare }) => falseShare));
      expect(mean).toBeLessThan(rate + 3 * standardError);
      const [hits, sure] = [
        meanOf(runs.map(({ hits }) => hits)).mean,
        meanOf(runs.map(({ sure }) => sure)).mean,
      ];
      // An AUROC of Φ(3.6/√2) = 0.9945.
      expect(hits).toBeGreaterThanOrEqual(0.8 * sure);
      if (bad > 0) expect(sure / bad).toBeGreaterThan(0.5);
    },
  );
});

/** 1 − Φ(x) to 1.5e-7 (Abramowitz & Stegun 1964, 7.1.26). */
function upperTail(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * series * Math.exp(-z * z);
  return x >= 0 ? tail : 1 - tail;
}
