import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outlierMetrics } from "@basin/energy-core";
import { encodeNpy, parseCsv, parseNpy } from "@basin/energy-core/data";
import { createRng } from "@basin/energy-core/random";
import { conformalPValues, energyScore, fitScore } from "@basin/jem/outliers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { basin, resultOf } from "../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-outliers-"));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Logits of three classes, the less sure the lower `top`. */
function logitsOf(count: number, top: number, seed: number): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, i) =>
    [0, 1, 2].map((y) => (y === i % 3 ? top : 0) + rng.normal()),
  );
}

const [held, batch, others] = [logitsOf(200, 6, 1), logitsOf(40, 6, 2), logitsOf(60, 0, 3)];
const npy = (rows: number[][]) => encodeNpy(Float64Array.from(rows.flat()), [rows.length, rows[0].length]);

beforeAll(() => {
  writeFileSync(at("held.npy"), npy(held));
  writeFileSync(at("batch.csv"), batch.map((row) => `${row.join(",")}\n`).join(""));
  writeFileSync(at("others.json"), JSON.stringify(others));
  writeFileSync(at("probabilities.csv"), "0.5,0.5\n0.25,0.75\n");
});

describe("basin outliers", () => {
  it("fits a threshold, and scores a batch by it as the library does", async () => {
    const detector = at("detector.json");
    const fit = await basin(
      "outliers",
      "fit",
      "--logits",
      at("held.npy"),
      "--keep",
      "0.9",
      "--out",
      detector,
      "--plot",
      at("held.svg"),
      "--json",
    );
    expect(fit).toMatchObject({ code: 0, stderr: "" });
    const heldOut = energyScore(held);
    const threshold = heldOut.slice().sort()[Math.ceil(201 * 0.9 - 1e-9) - 1];
    expect(resultOf(fit.stdout)).toMatchObject({
      choice: expect.stringMatching(/^energy, by rule/),
      thresholds: [{ threshold, heldOut: 200, fresh: { mean: 181 / 201 } }],
    });
    expect(readFileSync(at("held.svg"), "utf8")).toMatch(/^<svg[\s\S]*<rect/);

    const scored = await basin("outliers", "score", detector, at("others.json"), "--rate", "0.2", "--json");
    const { rows, outliers, found } = resultOf(scored.stdout);
    const scores = energyScore(others);
    const p = conformalPValues(heldOut, scores);
    expect(rows).toHaveLength(60);
    expect(rows[7]).toMatchObject({ row: 7, score: scores[7], pValue: p[7], outlier: scores[7] > threshold });
    expect(outliers).toBe(scores.filter((score) => score > threshold).length);
    expect(found).toBeGreaterThan(30);
  });

  it("writes scores as CSV, NPY and JSON", async () => {
    const detector = at("detector2.json");
    await basin("outliers", "fit", "--logits", at("held.npy"), "--out", detector);
    for (const name of ["scores.csv", "scores.npy", "scores.json"])
      expect(await basin("outliers", "score", detector, at("batch.csv"), "--out", at(name))).toMatchObject({
        code: 0,
      });
    const scores = Array.from(energyScore(batch));
    const { data, shape } = parseNpy(readFileSync(at("scores.npy")));
    expect(shape).toEqual([40, 2]);
    expect(Array.from(data).filter((_, i) => i % 2 === 0)).toEqual(scores);
    expect(
      JSON.parse(readFileSync(at("scores.json"), "utf8")).map((row: { score: number }) => row.score),
    ).toEqual(scores);
    const lines = readFileSync(at("scores.csv"), "utf8").trim().split("\n");
    expect(lines[0]).toBe("row,score,pValue,outlier");
    expect(lines.slice(1).map((line) => Number(line.split(",")[1]))).toEqual(scores);
    expect(
      parseCsv(
        lines
          .slice(1)
          .join("\n")
          .replace(/,(true|false)/g, ""),
      ).shape,
    ).toEqual([40, 3]);
    const told = await basin("outliers", "score", detector, at("others.json"));
    expect(told.stdout).toMatch(/OUTLIER[\s\S]* of 60 inputs are above the threshold that keeps 0.95/);
  });

  it("judges scores by a table that is the library's", async () => {
    const found = await basin(
      ...["outliers", "evaluate", "--in", at("batch.csv"), "--out", `${at("others.json")},${at("held.npy")}`],
      ...[
        "--scores",
        "energy,max-softmax",
        "--csv",
        at("table.csv"),
        "--plot",
        at("roc.svg"),
        "--histogram",
        at("hist.svg"),
      ],
      ...["--seed", "3", "--json"],
    );
    expect(found).toMatchObject({ code: 0, stderr: "" });
    const { table } = resultOf(found.stdout);
    expect(
      table.map(({ score, outliers }: { score: string; outliers: number }) => [score, outliers]),
    ).toEqual([
      ["energy", 60],
      ["max-softmax", 60],
      ["energy", 200],
      ["max-softmax", 200],
    ]);
    expect(table[0]).toMatchObject(
      outlierMetrics(energyScore(batch), energyScore(others), { seed: 3 }) as object,
    );
    expect(readFileSync(at("table.csv"), "utf8")).toMatch(
      /^set,score,inliers,outliers,auroc,.*aurocLow,aurocHigh/,
    );
    for (const name of ["roc.svg", "hist.svg"]) expect(readFileSync(at(name), "utf8")).toMatch(/^<svg/);
    const told = await basin(
      "outliers",
      "evaluate",
      "--in",
      at("batch.csv"),
      "--out",
      at("others.json"),
      "--seed",
      "1",
    );
    expect(told.stdout).toMatch(/energy, 60 outliers of .*\n {2}AUROC +0\.9\d+ {2}\(0\.\d+ to /);
    expect(told.stdout).toMatch(/average precision, outliers \(60.0 % of all\)/);
  });

  it("fits scores of features, a threshold a class, and by outliers", async () => {
    const features = ["--features", at("held.npy")];
    const near = await basin(
      "outliers",
      "fit",
      ...features,
      "--score",
      "neighbors",
      "--set",
      "k=3",
      "--seed",
      "2",
      "--out",
      at("near.json"),
      "--json",
    );
    expect(resultOf(near.stdout).choice).toBe(
      "neighbors, by its name; fitted to half of the held-out inputs (seed 2)",
    );
    const scored = await basin("outliers", "score", at("near.json"), at("batch.csv"), "--json");
    expect(resultOf(scored.stdout).rows).toHaveLength(40);
    const apart = await basin(
      "outliers",
      "fit",
      ...features,
      "--known-features",
      at("batch.csv"),
      "--score",
      "residual",
      "--set",
      "components=1",
      "--out",
      at("r.json"),
      "--json",
    );
    const direct = fitScore("residual", { features: batch }, { components: 1 }).score({ features: held });
    expect(resultOf(apart.stdout).thresholds[0].threshold).toBeCloseTo(direct.slice().sort()[190], 9);
    const classes = await basin(
      "outliers",
      "fit",
      "--logits",
      at("held.npy"),
      "--per-class",
      "--out",
      at("c.json"),
      "--json",
    );
    expect(
      resultOf(classes.stdout)
        .thresholds.map((threshold: { class: number }) => threshold.class)
        .sort(),
    ).toEqual([0, 1, 2]);
    const best = await basin(
      "outliers",
      "fit",
      "--logits",
      at("held.npy"),
      "--outlier-logits",
      at("others.json"),
      "--seed",
      "1",
      "--out",
      at("b.json"),
    );
    expect(best.stdout).toMatch(/by nested validation[\s\S]*AUROC against these outliers/);
    const judged = await basin(
      "outliers",
      "evaluate",
      "--detector",
      at("near.json"),
      "--in",
      at("batch.csv"),
      "--out",
      at("others.json"),
      "--json",
    );
    expect(resultOf(judged.stdout).table[0].score).toBe("neighbors");
  });

  it.each([
    [
      ["fit", "--logits", at("probabilities.csv"), "--out", at("x.json")],
      /all 2 rows of logits look like probabilities/,
    ],
    [
      ["fit", "--logits", at("held.npy"), "--score", "msp", "--out", at("x.json")],
      /unknown score "msp"; known: energy/,
    ],
    [["fit", "--logits", at("held.npy"), "--set", "temp=2", "--out", at("x.json")], /has no option "temp"/],
    [
      ["fit", "--logits", at("held.npy"), "--set", "temperature=hot", "--out", at("x.json")],
      /Expected a finite number/,
    ],
    [["fit", "--logits", at("missing.npy"), "--out", at("x.json")], /missing.npy/],
    [["fit", "--logits", at("held.npy"), "--score", "vim", "--out", at("x.json")], /"vim" needs features/],
    [["score", at("held.npy"), at("batch.csv")], /held.npy is no detector/],
    [
      ["evaluate", "--in", at("batch.csv"), "--out", at("others.json"), "--scores", "vim"],
      /"vim" takes more than logits; fit a detector/,
    ],
    [
      ["evaluate", "--in", at("batch.csv"), "--out", at("others.json"), "--csv", at("x.txt")],
      /Expected a name that ends in .csv or .json/,
    ],
  ] as [string[], RegExp][])("refuses %j", async (args, message) => {
    const { code, stderr } = await basin("outliers", ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
