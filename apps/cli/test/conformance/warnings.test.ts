import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withFlags } from "../../src/options/resolve.ts";
import { commands } from "../../src/table.ts";
import { basin, envelopeOf } from "../basin.ts";

const energy = join(import.meta.dirname, "../fixtures/pair-energy.ts");
/** A figure. After a time limit there may be so few measurements that an error is undefined. */
const NUMBER = /\d+(\.\d+)?(e[+-]?\d+)?|NaN|Infinity/g;

it.each([
  [
    `sample ${energy} --chains 2 --until ess-bulk=1e9,r-hat=1.000001,max-draws=60`,
    "the run stopped before it was good enough because max-draws is N: ess-bulk N of N, r-hat N of N in the worst coordinate.",
  ],
  [
    "ising simulate --lattice square --size 4 --temperature 3 --sweeps 100 --until energy-per-site=1e-9,max-sweeps=150",
    "the run stopped before it was good enough because max-sweeps is N: the error of energy-per-site is N of N, by N effective draws.",
  ],
  [
    "ising simulate --lattice square --size 4 --temperature 3 --sweeps 100 --until energy-per-site=1e-9,time=0.1ms",
    "the run stopped before it was good enough because the time was up: the error of energy-per-site is N of N, by N effective draws.",
  ],
])("the warning of %s names goals as they are written", async (line, expected) => {
  const { code, stdout } = await basin(...line.split(" "), "--seed", "1", "--json");
  const [warning] = envelopeOf(stdout).warnings;
  expect([code, warning.replace(NUMBER, "N")]).toEqual([0, expected]);
});

it("a goal that is out of range is named as it is written", async () => {
  const line = "ising simulate --lattice square --size 4 --temperature 3 --until max-sweeps=500,time=1s";
  const { code, stderr } = await basin(...line.split(" "));
  expect(code).toBe(2);
  expect(stderr).toContain("max-sweeps of --until is 500, expected an integer");
});

it("every name of an option in a warning of the packages is one that a command writes", async () => {
  const loaded = await Promise.all(
    Object.values(commands).map(async ({ load }) => (await load?.())?.default),
  );
  const all = loaded.flatMap((command) => Object.entries(command?.options ?? {}));
  const until = { ...all.find(([name]) => name === "until")?.[1] } as (typeof all)[number][1];
  const goals = Object.assign({}, ...all.map(([, setting]) => setting.goals));
  const settings = { ...Object.fromEntries(all), until: { ...until, goals } };
  const literals = sourcesOf("packages/*/src/**/*.ts").flatMap((source) =>
    Array.from(
      source.matchAll(/^.*(?:[wW]arnings?(?:Of)?|whyNothing)\b[^\n]*\{\n[\s\S]*?^ {0,2}\}$/gm),
      ([body]) => Array.from(body.matchAll(/`[^`]*`/g), ([text]) => text.replace(/\$\{[^}]*\}+/g, "1")),
    ).flat(),
  );
  expect(literals).toContain("`maxDraws is 1`");
  expect(literals).toContain("`maxSweeps is 1`");
  const left = literals.map((text) => withFlags(text, settings)).filter((text) => /\b[a-z]+[A-Z]/.test(text));
  expect(left).toEqual([]);
});

function sourcesOf(pattern: string): string[] {
  const root = join(import.meta.dirname, "../../../..");
  return globSync(pattern, { cwd: root }).map((file) => readFileSync(join(root, file), "utf8"));
}
