import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { propertyNames } from "../src/property-names.ts";
import { readOwnSurface } from "../src/surface.ts";
import { readVocabulary, vocabularyFaults, writeLists } from "../src/vocabulary.ts";

const file = join(resolve(import.meta.dirname, "../../.."), "docs/vocabulary.md");
const remedy =
  "say it in a word of docs/vocabulary.md; a new word of one package is listed by `BASIN_UPDATE=1 pnpm vitest run --project testing`";

test("all options and results are said in words of the vocabulary", () => {
  using surface = readOwnSurface();
  const names = propertyNames(surface);
  if (process.env.BASIN_UPDATE === "1") writeFileSync(file, writeLists(readFileSync(file, "utf8"), names));
  expect(vocabularyFaults(readVocabulary(readFileSync(file, "utf8")), names), remedy).toEqual([]);
});

const page = (rows: readonly string[], own = "") =>
  [...rows, "## Words of one package", "<!-- lists: here -->", own].join("\n");
const temperature = "| `temperature` | T = 1/β | energy | `temp`, `T` |";
const seen = (name: string, ...packages: string[]) => ({ name, packages, owner: "Options" });

test.each<[string, string, ReturnType<typeof seen>[], string[]]>([
  ["a word of the table", page([temperature]), [seen("temperature", "a", "b")], []],
  [
    "a banned synonym",
    page([temperature]),
    [seen("temperature", "a"), seen("temp", "a")],
    ["Options says temp, which is called temperature"],
  ],
  [
    "a word that is nowhere",
    page([temperature]),
    [seen("temperature", "a"), seen("heat", "a")],
    ["Options says heat, which docs/vocabulary.md lacks (in use in a)"],
  ],
  [
    "a word of one package in two",
    page([temperature], "**a**: `heat`."),
    [seen("temperature", "a"), seen("heat", "a", "b")],
    ["Options says heat, which docs/vocabulary.md lacks (in use in a, b)"],
  ],
  [
    "a bound by another name",
    page([temperature]),
    [seen("temperature", "a"), seen("largestLag", "a")],
    ["Options says largestLag; a bound begins with max"],
  ],
  [
    "two words for one thing",
    page([temperature, "| `heat` | T = 1/β | energy | – |"]),
    [seen("temperature", "a"), seen("heat", "a")],
    ["heat and temperature mean the same"],
  ],
  [
    "a word that nothing uses",
    page([temperature]),
    [],
    ["temperature is in docs/vocabulary.md, but no type has it"],
  ],
])("of %s it says what is wrong, if anything", (_, text, names, faults) => {
  expect(vocabularyFaults(readVocabulary(text), names)).toEqual(faults);
});

test("the lists are those of the names of one package without an entry", () => {
  const names = [seen("heat", "a"), seen("temperature", "a"), seen("cold", "b"), seen("both", "a", "b")];
  const written = writeLists(page([temperature]), names);
  expect(readVocabulary(written).own).toEqual({ a: ["heat"], b: ["cold"] });
  expect(writeLists(written, names)).toBe(written);
});
