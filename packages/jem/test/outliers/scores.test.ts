import { readFileSync } from "node:fs";
import { createRng } from "@basin/energy-core/random";
import {
  energyScore,
  fitScore,
  loadScore,
  maxLogitScore,
  maxSoftmaxScore,
  type OutlierScoreName,
  outlierScores,
} from "@basin/jem/outliers";
import { describe, expect, it } from "vitest";
import { outlierScoreNames } from "../../src/outliers/score.ts";

interface Case {
  readonly name: string;
  readonly k: number;
  readonly known: number[][];
  readonly queries: number[][];
  readonly labels: number[];
  readonly weights: number[][];
  readonly bias: number[];
  readonly scores: Record<string, number[]>;
}

// By numpy, scipy and scikit-learn: see fixtures/scores.py.
const stored: Case[] = JSON.parse(readFileSync(new URL("fixtures/scores.json", import.meta.url), "utf8"));

const cases = stored.map((each) => {
  const logitsOf = (rows: number[][]) =>
    rows.map((x) =>
      each.weights.map((w, y) => w.reduce((sum, value, j) => sum + value * x[j], each.bias[y])),
    );
  return { ...each, logits: logitsOf(each.known), queryLogits: logitsOf(each.queries) };
});

const fitted = (
  { known, labels, weights, bias, logits, k }: (typeof cases)[number],
  name: OutlierScoreName,
) => fitScore(name, { features: known, labels, weights, bias, logits }, name === "neighbors" ? { k } : {});

describe.each(cases)("on inputs with $name", (each) => {
  it.each(outlierScoreNames)("%s is the independent computation", (name) => {
    const scores = fitted(each, name).score({ features: each.queries, logits: each.queryLogits });
    expect(scores).toHaveLength(each.queries.length);
    for (const [i, score] of scores.entries()) {
      const expected = each.scores[name][i];
      expect(Math.abs(score - expected), `row ${i}: ${score}, ${expected}`).toBeLessThan(
        1e-6 * Math.max(1, Math.abs(expected)),
      );
    }
  });
});

describe("a fitted score", () => {
  it.each(outlierScoreNames)("%s gives the same bits when loaded from its JSON", (name) => {
    const score = fitted(cases[0], name);
    const data = { features: cases[0].queries, logits: cases[0].queryLogits };
    expect(loadScore(JSON.parse(JSON.stringify(score))).score(data)).toEqual(score.score(data));
  });

  it.each(outlierScoreNames)("%s gives no numbers for no rows", (name) => {
    expect(fitted(cases[0], name).score({ features: [], logits: [] })).toEqual(new Float64Array());
  });

  it.each(outlierScoreNames)("%s refuses no known inputs and other widths than it was fitted to", (name) => {
    const { weights, bias } = cases[0];
    expect(() => fitScore(name, { features: [], logits: [], labels: [], weights, bias })).toThrow(
      "there are no known inputs, expected at least one",
    );
    const narrow = { features: [[1, 2]], logits: [[5, 1]] };
    expect(() => fitted(cases[0], name).score(narrow)).toThrow(
      /rows of 2 \w+, expected [46] as those it was fitted/,
    );
  });

  it.each(outlierScoreNames)("%s names the row of a number that is not finite", (name) => {
    const rows = (width: number) => [0, 1, 2].map((i) => Array.from({ length: width }, (_, j) => i + j + 1));
    const [features, logits] = [rows(6), rows(4)];
    features[1][2] = Number.NaN;
    logits[1][2] = Number.NaN;
    expect(() => fitted(cases[0], name).score({ features, logits })).toThrow(/row 1, column 2 is NaN/);
  });

  it("is refused with the next step where something is missing, unknown or out of range", () => {
    const { known: features, labels } = cases[0];
    expect(() => fitScore("energy", { features })).toThrow(/"energy" needs logits: give \{ logits \}/);
    expect(() => fitScore("mahalanobis", { features })).toThrow(/needs labels: .* or logits/);
    expect(() => fitScore("neighbors", { features }, { k: 41 })).toThrow(/k is 41, expected at most 40/);
    expect(() => fitScore("residual", { features }, { components: 7 })).toThrow(/at most 6/);
    expect(() => fitScore("gen", { logits: features }, { gama: 1 } as object)).toThrow(
      /the score "gen" has no option "gama"; known: gamma, largest/,
    );
    expect(() => fitScore("msp" as "energy", { logits: features })).toThrow(
      /unknown score "msp"; known: energy/,
    );
    expect(() => fitScore("neighbors", { features: [[0, 0]] })).toThrow(/row 0 is 0 throughout/);
    expect(() => fitScore("mahalanobis", { features, labels: labels.slice(1) })).toThrow(
      /length 39, expected 40/,
    );
    expect(() => loadScore({ format: "other" })).toThrow(/format "other", expected "basin outlier score 1"/);
  });

  it("tells classes by logits where there are no labels", () => {
    const { known, logits, queries } = cases[0];
    const labels = logits.map((row) => row.indexOf(Math.max(...row)));
    const [told, given] = [
      { features: known, logits },
      { features: known, labels },
    ];
    expect(fitScore("mahalanobis", told).score({ features: queries })).toEqual(
      fitScore("mahalanobis", given).score({ features: queries }),
    );
  });

  it("has classes that KL matching has a template of, and is infinite where none has mass", () => {
    const sure = fitScore("kl-matching", { logits: [[0, -2000]] });
    expect(
      Array.from(
        sure.score({
          logits: [
            [0, -2000],
            [-2000, 0],
          ],
        }),
      ),
    ).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});

describe("the table of scores", () => {
  it("says which scores learn from what they are fitted to", () => {
    const learning = outlierScores()
      .filter(({ learns }) => learns)
      .map(({ name }) => name);
    expect(learning).toEqual([
      "kl-matching",
      "mahalanobis",
      "relative-mahalanobis",
      "neighbors",
      "residual",
      "vim",
      "react",
    ]);
  });

  it("has plain functions that are its scores", () => {
    const logits = cases[0].queryLogits;
    const plain = {
      energy: energyScore(logits),
      "max-softmax": maxSoftmaxScore(logits),
      "max-logit": maxLogitScore(logits),
    };
    for (const [name, scores] of Object.entries(plain))
      expect(scores, name).toEqual(fitScore(name as OutlierScoreName, { logits }).score({ logits }));
    expect(energyScore(logits, { temperature: 2 })).not.toEqual(plain.energy);
  });
});

describe("neighbors", () => {
  it("are exact among near duplicates, in batches of any length", () => {
    const rng = createRng(11);
    const [n, d, m] = [1500, 24, 130];
    const center = Float64Array.from({ length: d }, () => rng.normal());
    // Unit vectors some 1e-4 apart, where products in 32 bits lose half of their digits.
    const near = () => center.map((c) => c + 1e-4 * rng.normal());
    const [known, queries] = [Array.from({ length: n }, near), Array.from({ length: m }, near)];
    const found = fitScore("neighbors", { features: known }, { k: 7 }).score({ features: queries });
    const unit = (row: Float64Array) => Float32Array.from(row, (x) => x / Math.hypot(...row));
    const units = known.map(unit);
    for (const [i, query] of queries.map(unit).entries()) {
      const distances = units
        .map((row) => Math.hypot(...row.map((x, j) => x - query[j])))
        .sort((a, b) => a - b);
      expect(Math.abs(found[i] - distances[6])).toBeLessThan(1e-7);
    }
    expect(
      fitScore("neighbors", { features: known }, { k: 7 }).score({ features: queries.slice(0, 1) })[0],
    ).toBe(found[0]);
  });
});
