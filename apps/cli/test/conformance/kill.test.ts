import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRng, type Rng } from "@basin/energy-core/random";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { basin, envelopeOf } from "../basin.ts";
import { bars, COUNT, idx, short } from "../jem-data.ts";

/** Times that each command is killed: once here, 50 times by `pnpm verify`. */
const KILLS = Number(process.env.BASIN_KILLS ?? 1);
const LONG = 300_000 + 60_000 * KILLS;

const folder = mkdtempSync(join(tmpdir(), "basin-kill-"));
const at = (name: string) => join(folder, name);
const main = new URL("../../src/main.ts", import.meta.url).pathname;
const energy = new URL("../fixtures/pair-energy.ts", import.meta.url).pathname;

/** Runs of a second or two, with limits in steps. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  "ising simulate": ["--size", "12", "--temperature", "2.3", "--sweeps", "20000"],
  "ising scan": ["--sizes", "6,8", "--temperatures", "2:2.6:0.2", "--sweeps", "2000"],
  "ising temper": [
    "--size",
    "6",
    "--disorder",
    "gaussian",
    "--temperatures",
    "0.6,1,1.5",
    "--sweeps",
    "6000",
  ],
  "ising solve": [at("graph.txt"), "--method", "anneal", "--reads", "2048", "--sweeps", "200"],
  "ising learn": ["--data", at("states.csv"), "--hidden", "20", "--epochs", "100", "--temperatures", "0"],
  "hopfield capacity": ["--neurons", "200", "--loads", "0.1,0.14", "--networks", "10"],
  sample: [energy, "--draws", "2000", "--chains", "2"],
};

beforeAll(() => {
  const rng = createRng(11);
  const edges = Array.from({ length: 400 }, () => [rng.index(120), rng.index(120), 1 + rng.index(9)]);
  const kept = edges.filter(([a, b], k) => a < b && edges.findIndex(([c, d]) => c === a && d === b) === k);
  writeFileSync(
    at("graph.txt"),
    `120 ${kept.length}\n${kept.map(([a, b, w]) => `${a + 1} ${b + 1} ${w}`).join("\n")}\n`,
  );
  const rows = Array.from({ length: 200 }, () => Array.from({ length: 12 }, () => rng.index(2)).join(","));
  writeFileSync(at("states.csv"), `${rows.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Returns a result without what it took, which no two runs share. */
function withoutTiming(result: unknown): unknown {
  const timing = /seconds|PerNanosecond|PerSecond|performance|resumed/i;
  return JSON.parse(JSON.stringify(result, (key, value) => (timing.test(key) ? undefined : value)));
}

/**
 * Where in the write of a file the even kills strike, each in turn; `fixtures/kill-in-write.ts` says what they mean.
 */
const STAGES = ["write", "sync", "rename", "renamed"] as const;

/** Starts a run that keeps itself, and kills it inside a write, or after a while of work. */
async function kill(path: string, words: readonly string[], k: number, rng: Rng, own: string) {
  const preload = new URL("../fixtures/kill-in-write.ts", import.meta.url).href;
  const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
  // The first write comes in every run; of later ones a run may have fewer.
  const nth = k < 2 * STAGES.length ? 1 : 1 + rng.index(4);
  const aim = `${STAGES[((k >> 1) + path.length) % STAGES.length]} ${nth}`;
  const isAimed = k % 2 === 0;
  const child = spawn(
    process.execPath,
    [...flags, ...(isAimed ? ["--import", preload] : []), main, ...path.split(" "), ...words],
    { stdio: "ignore", env: { ...process.env, BASIN_KILL_AT: aim } },
  );
  const ended = once(child, "exit");
  if (!isAimed) {
    const isLocked = () => readdirSync(own).some((file) => file.endsWith(".lock"));
    while (child.exitCode === null && !isLocked()) await setTimeout(5);
    await setTimeout(rng.index(600));
    child.kill("SIGKILL");
  }
  const [, signal] = await ended;
  if (isAimed && nth === 1) expect([aim, signal]).toEqual([aim, "SIGKILL"]);
}

describe("a run that is killed goes on to the result of one that is not", () => {
  it.each(Object.entries(RUNS))(
    "%s",
    async (path, own) => {
      const words = [...own, "--seed", "5"];
      const call = path.split(" ");
      const whole = envelopeOf((await basin(...call, ...words, "--json")).stdout).result;
      const rng = createRng(path.length);
      for (let k = 0; k < KILLS; k++) {
        const place = at(`${path.replace(" ", "-")}-${k}`);
        mkdirSync(place);
        const kept = ["--checkpoint", join(place, "run"), "--checkpoint-every", "20ms"];
        await kill(path, [...words, ...kept], k, rng, place);
        const again = await basin(...call, ...words, ...kept, "--resume", "--json");
        expect(again.code, again.stderr).toBe(0);
        expect(withoutTiming(envelopeOf(again.stdout).result)).toEqual(withoutTiming(whole));
        expect(readdirSync(place).filter((name) => name.endsWith(".lock"))).toEqual([]);
      }
    },
    LONG,
  );
});

describe("a training that is killed goes on to the model of one that is not", () => {
  it(
    "jem train",
    async () => {
      const { images, labels } = bars(1);
      writeFileSync(at("bars.idx"), idx([COUNT, 6, 6], images));
      writeFileSync(at("labels.idx"), idx([COUNT], labels));
      const words = ["--data", at("bars.idx"), "--labels", at("labels.idx"), "--updates", "80", ...short];
      await basin("jem", "train", ...words, "--out", at("whole"));
      const weights = (folder: string) => readFileSync(join(folder, "weights.bin"));
      const rng = createRng(3);
      for (let k = 0; k < KILLS; k++) {
        const place = at(`jem-${k}`);
        mkdirSync(place);
        const kept = ["--out", place, "--checkpoint-every", "20ms"];
        await kill("jem train", [...words, ...kept], k, rng, place);
        const { code, stderr } = await basin("jem", "train", ...words, ...kept, "--resume");
        // A run that was over before it was killed has nothing left to do.
        if (!/left nothing to do/.test(stderr)) expect(code, stderr).toBe(0);
        expect(weights(place).equals(weights(at("whole")))).toBe(true);
      }
    },
    4 * LONG,
  );
});

describe("a kept run", () => {
  const call = ["ising", "simulate", "--size", "6", "--temperature", "2", "--sweeps", "100", "--seed", "1"];

  it.each(["a flipped bit", "a lost end"])("with %s is refused with a sentence", async (damage) => {
    const file = at(damage);
    await basin(...call, "--checkpoint", file);
    const bytes = readFileSync(file);
    if (damage === "a flipped bit") bytes[bytes.length >> 1] ^= 4;
    writeFileSync(file, damage === "a flipped bit" ? bytes : bytes.subarray(0, bytes.length >> 1));
    const { code, stdout, stderr } = await basin(...call, "--checkpoint", file, "--resume");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^basin: the checkpoint .* is damaged: .*; remove it to start over\n$/);
  });

  it("that another process has is refused to the second", async () => {
    const file = at("held");
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: process.ppid, host: "elsewhere", token: "x" }));
    const { code, stderr } = await basin(...call, "--checkpoint", file);
    expect([code, existsSync(file)]).toEqual([2, false]);
    expect(stderr).toMatch(/is in use by process \d+ on elsewhere; if that has ended, remove .*held\.lock/);
  });

  it("that has nothing to go on with yet begins anew, and says so", async () => {
    const file = at("new");
    const { code, stderr } = await basin(...call, "--checkpoint", file, "--resume");
    expect([code, existsSync(file)]).toEqual([0, true]);
    expect(stderr).toContain(`nothing is kept in ${file} yet: the run begins anew`);
  });

  it.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("stops at %s with what it has, and goes on", async (signal, code) => {
    const words = [
      "ising",
      "temper",
      "--size",
      "6",
      "--temperatures",
      "1,2",
      "--sweeps",
      "20000",
      "--seed",
      "2",
    ];
    const whole = envelopeOf((await basin(...words, "--json")).stdout).result;
    const file = at(signal);
    const running = basin(...words, "--checkpoint", file, "--checkpoint-every", "1ms");
    while (!existsSync(file)) await setTimeout(1);
    process.emit(signal);
    const stopped = await running;
    expect([stopped.code, existsSync(file)]).toEqual([code, true]);
    expect(stopped.stderr).toContain(
      `the run is kept in ${file}, and the same command with --resume goes on`,
    );
    const again = await basin(...words, "--checkpoint", file, "--resume", "--json");
    expect(envelopeOf(again.stdout).result).toEqual(whole);
  });
});
