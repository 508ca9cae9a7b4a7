import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Command, Setting } from "../../src/command.ts";
import { flagOf } from "../../src/options/resolve.ts";
import { commands } from "../../src/table.ts";
import { basin } from "../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-wrong-"));
const at = (name: string) => join(folder, name);
const energy = new URL("../fixtures/pair-energy.ts", import.meta.url).pathname;

/** Calls that are right, and short should a wrong word be taken. */
const BASES: Readonly<Record<string, readonly string[]>> = {
  tour: ["--quick"],
  "ising simulate": ["--size", "4", "--temperature", "2", "--sweeps", "50"],
  "ising scan": ["--sizes", "4", "--temperatures", "2", "--sweeps", "50"],
  "ising temper": ["--size", "4", "--temperatures", "1,2", "--sweeps", "50"],
  "ising snapshot": ["--size", "4", "--temperature", "1", "--sweeps", "5", "--png", at("new.png")],
  "ising exact": ["--temperature", "2"],
  "ising solve": [at("problem.txt")],
  "ising verify": [at("problem.txt"), at("solution.json")],
  "ising learn": ["--data", at("states.csv"), "--hidden", "2", "--epochs", "1"],
  "ising draw": [at("model")],
  "potts simulate": ["--states", "3", "--size", "4", "--temperature", "1", "--draws", "20"],
  "potts scan": ["--states", "3", "--sizes", "4", "--temperatures", "1", "--draws", "20"],
  "hopfield recall": ["--neurons", "20", "--count", "2"],
  "hopfield generate": ["--neurons", "20", "--count", "2", "--starts", "5"],
  "hopfield capacity": ["--neurons", "20", "--networks", "1", "--probes", "1", "--loads", "0.1"],
  "hopfield landscape": ["--neurons", "20", "--count", "2", "--resolution", "3", "--samples", "1"],
  "jem train": ["--out", at("new-run"), "--updates", "1", "--data", at("states.csv")],
  "jem evaluate": [at("no-run")],
  "jem generate": [at("no-run")],
  "jem complete": [at("no-run")],
  "jem score": [at("no-run"), at("states.csv")],
  "jem experiment": ["density", "--quick", "--problems", "rings", "--updates", "1"],
  "outliers fit": ["--logits", at("states.csv"), "--out", at("new.json")],
  "outliers score": [at("detector.json"), at("states.csv")],
  "outliers evaluate": ["--in", at("states.csv"), "--out", at("states.csv")],
  sweep: [at("no-study.yaml")],
  "sweep status": [at("no-study.yaml")],
  "sweep merge": [at("no-study.yaml"), at("no-sweep")],
  worker: ["--queue", "redis://127.0.0.1:1"],
  completion: ["bash"],
  schema: ["ising", "exact"],
  sample: [energy, "--draws", "10", "--warmup", "10", "--chains", "1"],
  diagnose: [at("states.csv")],
};

interface Wrong {
  readonly path: string;
  readonly words: readonly string[];
  /** What the message must name. */
  readonly named: string;
}

const kebab = (name: string) => flagOf(name, "");

/** Returns the words of a base without an option, so that a wrong value of it stands alone. */
function without(base: readonly string[], flag: string): string[] {
  const place = base.indexOf(flag);
  if (place < 0) return [...base];
  const takesValue = place + 1 < base.length && !base[place + 1].startsWith("--");
  return base.filter((_, k) => k !== place && !(takesValue && k === place + 1));
}

/** Texts that no reader of such values may take. */
function wrongTexts({ hint, choices, writes }: Setting<unknown>): readonly string[] {
  if (choices !== undefined) return ["nosuch", choices[0].toUpperCase()];
  if (writes !== undefined)
    return [
      at("problem.txt/x"),
      at("circle"),
      "/proc/nowhere/x",
      at(`${"x".repeat(300)}.csv`),
      "/dev/null/x",
    ];
  switch (hint) {
    case "<integer>":
    case "<pixels>":
      return ["x", "1.5", "-1", "1e99", "NaN", "0x"];
    case "<number>":
    case "<share>":
    case "<T>":
    case "<h>":
    case "<J>":
    case "<energy>":
      return ["x", "1,x", "NaN", "1 2"];
    case "<list>":
    case "<a,b>":
      return ["x", "1,,2", "1:2", "2:1:0.1", "1:2:0", "1,x"];
    case "<duration>":
      return ["x", "0", "-1s", "10d", "Infinity"];
    case "<json>":
      return ["x", "[1]", "null", "{"];
    case "<hot:cold>":
      return ["x", "1", "2:1", "0:1", "1:2:3"];
    case "<L or LxM>":
      return ["x", "0", "4x", "-4", "1.5", "99999"];
    case "<names>":
      return ["a,,b", "a,a"];
    default:
      return [];
  }
}

function callsOf(path: string, { options }: Command): Wrong[] {
  const base = BASES[path];
  const calls: Wrong[] = [];
  const add = (flag: string, words: readonly string[], named: string) =>
    calls.push({ path, words: [...without(base, flag), ...words], named });
  for (const [name, setting] of Object.entries(options)) {
    const flag = kebab(name);
    if (setting.positional) continue;
    if (setting.hint === "") {
      add(flag, [`${flag}=yes`], flag);
      add(flag, [flag, flag], flag);
    } else {
      for (const text of wrongTexts(setting)) add(flag, [flag, text], text.slice(0, 20));
      add(flag, [flag, ""], flag);
      add(flag, [flag, "1", flag, "2"], flag);
    }
    if (setting.required) add(flag, [], flag);
  }
  add("", ["--nosuch"], "--nosuch");
  add("", ["--json=1"], "--json");
  return calls;
}

const all: Wrong[] = [];
const before = () => readdirSync(folder, { recursive: true }).sort();
let [files, here]: [unknown, unknown] = [[], []];

beforeAll(() => {
  writeFileSync(at("problem.txt"), "2 1\n1 2 1\n");
  writeFileSync(at("solution.json"), '{"spins":[1,-1]}');
  writeFileSync(at("states.csv"), "0,1\n1,0\n1,1\n0,0\n");
  writeFileSync(at("broken.json"), '{"spins":');
  writeFileSync(at("empty"), "");
  mkdirSync(at("closed"));
  chmodSync(at("closed"), 0o555);
  symlinkSync(at("circle"), at("circle"));
  files = before();
  here = readdirSync(".");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commandsWithWork = Object.entries(commands).filter(([, { load }]) => load !== undefined);
for (const [path, { load }] of commandsWithWork) {
  const command = (await load?.())?.default;
  if (command !== undefined && BASES[path] !== undefined) all.push(...callsOf(path, command));
}
const cases: Wrong[] = [
  { path: "ising solve", words: [at("missing.txt")], named: at("missing.txt") },
  { path: "ising solve", words: [at("empty")], named: at("empty") },
  { path: "ising solve", words: [folder], named: folder },
  { path: "ising solve", words: [at("circle")], named: at("circle") },
  { path: "ising solve", words: [at("problem.txt"), "--out", folder], named: "--out" },
  { path: "ising solve", words: [at("problem.txt"), "--out", at("problem.txt")], named: "--out" },
  { path: "ising solve", words: [at("problem.txt"), "--out", "-", "--json"], named: "--json" },
  { path: "ising solve", words: [at("problem.txt"), at("problem.txt"), "--out", at("o")], named: "--out" },
  { path: "ising solve", words: [""], named: "<files...>" },
  { path: "ising solve", words: [], named: "files" },
  { path: "ising verify", words: [at("problem.txt"), at("broken.json")], named: "broken.json" },
  { path: "ising verify", words: [at("problem.txt")], named: "solution" },
  { path: "ising verify", words: [at("problem.txt"), at("solution.json"), "third"], named: "argument" },
  { path: "sample", words: [at("missing.ts")], named: at("missing.ts") },
  { path: "sample", words: [at("states.csv")], named: "states.csv" },
  { path: "sample", words: [energy, "--out", at("x.txt")], named: "x.txt" },
  { path: "sample", words: [energy, "--export", "nosuch"], named: "nosuch" },
  { path: "sample", words: [energy, "--kernel-options", '{"nosuch":1}'], named: "nosuch" },
  { path: "sample", words: [energy, "--draws", "1e9", "--chains", "1e4"], named: "--draws" },
  { path: "diagnose", words: [at("empty")], named: at("empty") },
  { path: "diagnose", words: [folder], named: folder },
  { path: "ising draw", words: [at("empty")], named: at("empty") },
  { path: "hopfield recall", words: ["--patterns", at("missing.npy")], named: "missing.npy" },
  { path: "hopfield recall", words: ["--patterns", at("states.csv"), "--neurons", "4"], named: "--neurons" },
  { path: "hopfield recall", words: ["--threshold", "1"], named: "--threshold" },
  { path: "jem train", words: ["--out", at("problem.txt")], named: "problem.txt" },
  { path: "jem evaluate", words: [at("missing")], named: "missing" },
  { path: "outliers score", words: [at("broken.json"), at("states.csv")], named: "broken.json" },
  {
    path: "outliers evaluate",
    words: ["--in", at("missing.npy"), "--out", at("states.csv")],
    named: "missing.npy",
  },
  { path: "sweep", words: [at("no-study.yaml"), "--out", at("problem.txt")], named: "--out" },
  { path: "ising simulat", words: [], named: "simulat" },
  { path: "nosuch", words: [], named: "nosuch" },
  { path: "simulate", words: [], named: "ising simulate" },
];

it("every command that works has a right call to go wrong from", () => {
  expect(Object.keys(BASES).sort()).toEqual(commandsWithWork.map(([path]) => path).sort());
  expect(all.length + cases.length).toBeGreaterThan(400);
});

describe("a wrong call exits with 2, names what is wrong, prints nothing and leaves no file", () => {
  const wrong = [...all, ...cases];
  it.each([...new Set(wrong.map(({ path }) => path))])("%s", async (group) => {
    const deviations: unknown[] = [];
    for (const { path, words, named } of wrong.filter((call) => call.path === group)) {
      const { code, stdout, stderr } = await basin(...path.split(" "), ...words);
      const isPlain = !/^\s+at .*:\d+/m.test(stderr) && stderr.startsWith("basin: ") && stderr.length < 2000;
      const isRight = code === 2 && stdout === "" && isPlain && stderr.includes(named);
      if (!isRight) deviations.push({ call: [path, ...words].join(" "), named, code, stdout, stderr });
    }
    expect(deviations).toEqual([]);
    expect([before(), readdirSync(".")]).toEqual([files, here]);
    expect(readFileSync(at("problem.txt"), "utf8")).toBe("2 1\n1 2 1\n");
  });
});
