import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { figureFaults } from "../src/figures/faults.ts";

const repository = mkdtempSync(join(tmpdir(), "basin-"));
afterAll(() => rmSync(repository, { recursive: true }));

const output = {
  share: 0.514,
  fast: { rate: 31.6, error: 0.04 },
  outcomes: [
    { question: "digits against clothes", figures: [{ name: "energy", median: 0.97249, lowest: 0.9 }] },
    { question: "digits against noise", figures: [{ name: "energy", mean: 0.5, standardError: 0.012 }] },
  ],
};
writeFileSync(join(repository, "run.json"), JSON.stringify({ command: "x", date: "today", output }));
writeFileSync(join(repository, "other.json"), JSON.stringify(output));
const faults = (...lines: string[]) => figureFaults(lines.join("\n"), repository);

test.each([
  "It takes 3 ms.",
  "The page weighs 1.4 kilobytes.",
  "This is 32 times as fast.",
  "It is three times faster.",
  "A fifth, 20 %, fail.",
  "An accuracy of 0.98.",
  "A load of 0.138 is the limit.",
  "It is 0.2 ± 0.1 there.",
  "It does 500 queries a second.",
])("a figure without a marker is refused: %s", (text) => {
  expect(faults(text)).toEqual([expect.stringMatching(/^1: ".*" has no marker and no source$/)]);
});

test.each([
  "A torus of 28 × 28 at T = 2.27 with 1000 sweeps.",
  "`takes 3 ms`",
  "```\n3 ms\n```",
  "It takes 3 ms <!-- source: run.json -->.",
  "The limit is 0.138 (Amit et al. 1985).",
])("what is no figure, or has a source, passes: %s", (text) => expect(faults(text)).toEqual([]));

test("a marker holds its number to the entry at the precision that is printed", () => {
  expect(
    faults("51 % <!-- figure: run.json#share --> of 32 times the <!-- figure: run.json#fast/rate -->"),
  ).toEqual([]);
  expect(faults("31.6 ± 0.04 <!-- figure: run.json#fast/rate±error -->")).toEqual([]);
  expect(faults("52 % <!-- figure: run.json#share -->")).toEqual(["1: 0.52 is 0.514 in run.json#share"]);
  expect(faults("31.6 ± 0.05 <!-- figure: run.json#fast/rate±error -->")).toEqual([
    "1: 0.05 is 0.04 in run.json#fast/rate±error",
  ]);
});

test("a marker covers no figure but its own", () => {
  expect(faults("Of 7 ms, 51 % <!-- figure: run.json#share --> in 8 s.")).toEqual([
    '1: "7 ms" has no marker and no source',
    '1: "8 s" has no marker and no source',
  ]);
});

test("cells of a table are found by the labels of row and column, or by the comments in them", () => {
  const table = (clothes: string) => [
    "<!-- figures: run.json#outcomes/{row}/figures/{column} -->",
    "",
    "| against | `energy` |",
    "| ------- | -------- |",
    `| shirts <!-- clothes --> | ${clothes} |`,
    "| noise | 0.50 ± 0.01 |",
  ];
  expect(faults(...table("0.972"))).toEqual([]);
  expect(faults(...table("0.973"))).toEqual([
    "5: 0.973 is 0.97249 in run.json#outcomes/clothes/figures/energy",
  ]);
});

test.each([
  ["absent.json#share", "there is no absent.json"],
  ["run.json#heat", 'there is no "heat" in run.json#heat'],
  [
    "run.json#outcomes/digits/figures/energy",
    '2 elements are "digits" in run.json#outcomes/digits/figures/energy, expected one',
  ],
  [
    "run.json#outcomes/cats/figures/energy",
    '0 elements are "cats" in run.json#outcomes/cats/figures/energy, expected one',
  ],
  ["run.json#fast", "run.json#fast is no figure"],
  ["run.json", '"run.json" has no "#", expected FILE#PATH'],
  [
    "other.json#share",
    "other.json is not written by `pnpm figures`: it lacks its command, its date or its output",
  ],
])("a marker of %s is refused", (reference, fault) => {
  expect(faults(`5 <!-- figure: ${reference} -->`)).toEqual([`1: ${fault}`]);
});

test("a source that looks like a file must be one", () => {
  expect(faults("3 ms <!-- source: packages/none.ts -->")).toEqual(["1: there is no packages/none.ts"]);
});
