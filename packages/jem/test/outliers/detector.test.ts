import { createRng } from "@basin/energy-core/random";
import {
  conformalPValues,
  defaultScore,
  fitScore,
  loadDetector,
  maxLogitScore,
  outlierDetector,
  validateScores,
} from "@basin/jem/outliers";
import { describe, expect, it } from "vitest";
import type { OutlierDetectorOptions } from "../../src/outliers/detector.ts";

/** Logits and features of three classes, the further from their means the lower `top`. */
function inputs(count: number, top: number, seed: number) {
  const rng = createRng(seed);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const logits = labels.map((label) => [0, 1, 2].map((y) => (y === label ? top : 0) + rng.normal()));
  const features = labels.map((label) =>
    [0, 1, 2, 3].map((j) => Math.abs((j === label ? top : 0) + rng.normal())),
  );
  return { logits, features, labels };
}

describe("outlierDetector", () => {
  it.each([[{ score: "energy" }], [{ score: "mahalanobis" }], [{ score: "max-logit", perClass: true }]] as [
    OutlierDetectorOptions,
  ][])("with %o gives the same when loaded from its JSON", (options) => {
    const found = outlierDetector(inputs(200, 5, 1), { ...options, seed: 1 });
    const again = loadDetector(JSON.parse(JSON.stringify(found)));
    const batch = { ...inputs(30, 3, 2), labels: undefined };
    expect(again.judge(batch)).toEqual(found.judge(batch));
    expect(again.discover(batch)).toEqual(found.discover(batch));
    expect(again.watch({ seed: 1 }).update(batch)).toEqual(found.watch({ seed: 1 }).update(batch));
    expect(again.thresholds).toEqual(found.thresholds);
  });

  it("judges by the p-values and the threshold of its held-out scores", () => {
    const [heldOut, batch] = [inputs(100, 5, 3), inputs(50, 2, 4)];
    const found = outlierDetector({ logits: heldOut.logits }, { score: "max-logit", keep: 0.9, seed: 1 });
    const scores = maxLogitScore(batch.logits);
    const { outliers, ...rest } = found.judge(batch);
    expect(rest).toEqual({ scores, pValues: conformalPValues(maxLogitScore(heldOut.logits), scores) });
    expect(outliers).toEqual(Array.from(scores, (score) => score > found.thresholds[0].threshold));
    expect(outliers.filter(Boolean).length).toBeGreaterThan(20);
    expect(found.judge({ logits: [] })).toEqual({
      scores: new Float64Array(),
      pValues: new Float64Array(),
      outliers: [],
    });
  });

  it("fits a score that learns to one half of the held-out inputs, or to others, and says so", () => {
    const heldOut = inputs(101, 5, 5);
    const halves = outlierDetector(heldOut, { score: "mahalanobis", seed: 4 });
    expect(halves.choice).toBe("mahalanobis, by its name; fitted to half of the held-out inputs (seed 4)");
    expect(halves.thresholds[0].heldOut).toBe(51);
    const others = outlierDetector(heldOut, { score: "mahalanobis", known: inputs(90, 5, 6), seed: 1 });
    expect(others.choice).toMatch(/fitted to other inputs than the held-out ones/);
    expect(others.thresholds[0].heldOut).toBe(101);
    const given = outlierDetector(heldOut, { score: fitScore("mahalanobis", inputs(90, 5, 6)), seed: 1 });
    expect(given.thresholds).toEqual(others.thresholds);
    expect(outlierDetector(heldOut, { score: "energy", seed: 1 }).thresholds[0].heldOut).toBe(101);
  });

  it("keeps the share of each predicted class where thresholds are per class", () => {
    // Class 0 has scores ten times as wide as class 1: one threshold for both flags class 0 alone.
    const draw = (count: number, seed: number) => {
      const rng = createRng(seed);
      return Array.from({ length: count }, (_, i) =>
        i % 2 === 0 ? [60 + 10 * rng.normal(), 0] : [0, 60 + rng.normal()],
      );
    };
    const [heldOut, fresh] = [{ logits: draw(2000, 1) }, { logits: draw(20_000, 2) }];
    const flagged = (perClass: boolean) => {
      const { outliers } = outlierDetector(heldOut, {
        score: "max-logit",
        keep: 0.9,
        perClass,
        seed: 1,
      }).judge(fresh);
      return [0, 1].map((c) => outliers.filter((is, i) => is && i % 2 === c).length / 10_000);
    };
    expect(flagged(false)[0]).toBeGreaterThan(0.15);
    expect(flagged(false)[1]).toBeLessThan(0.01);
    // Over held-out sets of 1000 the share flagged has a standard deviation of 0.0095.
    for (const share of flagged(true)) expect(Math.abs(share - 0.1)).toBeLessThan(4.89 * 0.0095);
  });

  it("has no threshold for a class that no held-out input was predicted to be", () => {
    const logits = Array.from({ length: 30 }, (_, i) => [5 + i / 10, 0, 0]);
    const found = outlierDetector({ logits }, { score: "max-logit", perClass: true, seed: 1 });
    expect(found.thresholds.map((threshold) => threshold.class)).toEqual([0]);
    expect(found.judge({ logits: [[0, -10, 1e-3]] })).toMatchObject({
      outliers: [false],
      pValues: Float64Array.of(1),
    });
    expect(found.watch({ seed: 1 }).update({ logits: [[0, 0, 2]] }).outliers).toBe(0);
  });

  it("refuses what it cannot calibrate, watch or load", () => {
    expect(() => outlierDetector({ logits: [] })).toThrow(/no known inputs|no held-out inputs/);
    expect(() => outlierDetector({})).toThrow(/neither logits nor features/);
    expect(() => outlierDetector({ features: [[1], [2]] }, { perClass: true, score: "residual" })).toThrow(
      /a threshold a class needs logits/,
    );
    expect(() => outlierDetector({ logits: [[5]] }).watch()).toThrow(/1 held-out energies cannot bound 0.95/);
    expect(() => loadDetector({ format: "basin outlier score 1" })).toThrow(
      /expected "basin outlier detector 1"/,
    );
    const json = JSON.parse(JSON.stringify(outlierDetector({ logits: [[5], [6]] }, { seed: 1 })));
    expect(() => loadDetector({ ...json, heldOut: { all: "?" } })).toThrow(/"all" is neither/);
    expect(() => loadDetector({ ...json, heldOut: {} })).toThrow(/no held-out scores/);
  });
});

describe("the choice of a score", () => {
  it("takes what uses most of what was given", () => {
    const { logits, features, labels } = inputs(9, 5, 1);
    const weights = [[1, 0, 0, 0]];
    expect(defaultScore({ logits })).toBe("energy");
    expect(defaultScore({ logits, of: "probabilities" })).toBe("max-softmax");
    expect(defaultScore({ features })).toBe("neighbors");
    expect(defaultScore({ features, labels })).toBe("relative-mahalanobis");
    expect(defaultScore({ features, logits })).toBe("relative-mahalanobis");
    expect(defaultScore({ features, weights })).toBe("vim");
    expect(outlierDetector({ logits }, { seed: 1 }).choice).toMatch(
      /^energy, by rule for what was given, without outliers/,
    );
  });

  it("is by nested validation where there are outliers, and is not flattered by having been chosen", () => {
    // Outliers are like the others in their logits, and differ in their features.
    const [inside, like] = [inputs(200, 5, 1), inputs(100, 5, 2)];
    const outliers = { logits: like.logits, features: like.features.map((row) => row.map((x) => x + 4)) };
    const found = validateScores(inside, outliers, { seed: 1 });
    expect(["mahalanobis", "relative-mahalanobis", "neighbors", "residual"]).toContain(found.name);
    expect(found.auroc).toBeGreaterThan(0.95);
    const detector = outlierDetector(inside, { outliers, seed: 1 });
    expect(detector.choice).toMatch(/nested validation; fitted to half of the held-out inputs/);
    expect(detector.validation?.folds).toHaveLength(5);
    expect(detector.judge(outliers).outliers.filter(Boolean).length).toBeGreaterThan(80);
    // Of outliers that are no outliers, the best of many scores looks better than chance, and nested validation does
    // not.
    const scores = [
      "energy",
      "max-logit",
      "entropy",
      "mahalanobis",
      "relative-mahalanobis",
      "residual",
    ] as const;
    const chance = Array.from({ length: 12 }, (_, seed) =>
      validateScores(inputs(100, 5, 100 + seed), inputs(100, 5, 200 + seed), { seed, scores }),
    );
    const z = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      return (mean - 0.5) / Math.sqrt(variance / values.length);
    };
    expect(z(chance.map(({ scores }) => scores[0].auroc))).toBeGreaterThan(4.89);
    expect(Math.abs(z(chance.map(({ auroc }) => auroc)))).toBeLessThan(4.89);
  });

  it("needs inputs for its folds", () => {
    expect(() => validateScores(inputs(10, 5, 1), inputs(10, 5, 2))).toThrow(
      /10 inputs, 10 outliers and 11 scores/,
    );
    expect(() => validateScores(inputs(60, 5, 1), inputs(60, 5, 2), { scores: ["msp" as "energy"] })).toThrow(
      /unknown score/,
    );
  });
});
