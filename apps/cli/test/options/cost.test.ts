import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { basin } from "../basin.ts";
import { freshFolder } from "../folder.ts";

const fixture = (name: string) => join(import.meta.dirname, "../fixtures", name);

/** Runs a command as on a machine of so many bytes. */
async function onMachineOf(bytes: number, ...args: string[]) {
  vi.spyOn(process, "constrainedMemory").mockReturnValue(bytes);
  return basin(...args, "--seed", "1");
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a run that the machine cannot hold", () => {
  const ising = ["--temperatures", "2,3", "--sweeps", "1000"];
  const states = join(freshFolder("cost"), "states.csv");
  writeFileSync(states, "0,1,1,0\n1,0,1,1\n");
  const potts = ["--states", "3", "--draws", "1000"];

  it.each([
    ["sample", [fixture("pair-energy.ts"), "--draws", "1000"], 160_000, "lower --draws or --chains"],
    [
      "sample",
      [fixture("pair-energy.ts"), "--until", "r-hat=1.01,max-draws=1000"],
      160_000,
      "lower max-draws of --until or --chains",
    ],
    ["sample", [fixture("spin-energy.ts"), "--draws", "1000"], 108_000, "lower --draws or --chains"],
    [
      "ising simulate",
      ["--size", "8", "--temperature", "2", "--sweeps", "1000", "--replicas", "2"],
      32_000,
      "lower --sweeps, or raise --measure-every",
    ],
    [
      "ising simulate",
      ["--size", "8", "--temperature", "2", "--until", "binder=1,max-sweeps=1000"],
      16_000,
      "lower max-sweeps of --until, or raise --measure-every",
    ],
    ["ising scan", [...ising, "--sizes", "4,8"], 64_000, "lower --sweeps"],
    ["ising temper", [...ising, "--size", "8"], 80_000, "lower --sweeps, or raise --measure-every"],
    ["potts simulate", [...potts, "--size", "8", "--temperature", "2"], 16_000, "lower --draws or --chains"],
    ["ising learn", ["--data", states, "--hidden", "5000"], 160_000, "lower --hidden"],
    ["hopfield generate", ["--count", "50", "--neurons", "400"], 20_000, "lower --count or --neurons"],
    ["hopfield recall", ["--count", "50", "--neurons", "400"], 20_000, "lower --count or --neurons"],
    ["potts scan", [...potts, "--sizes", "8", "--temperatures", "2"], 16_000, "lower --draws"],
  ])("is refused by %s %j with both sizes and the remedy", async (command, args, bytes, remedy) => {
    const { code, stdout, stderr } = await onMachineOf(bytes - 1, ...command.split(" "), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`would take at least ${bytes / 1e9} GB, but this machine has `);
    expect(stderr.endsWith(` GB; ${remedy}\n`)).toBe(true);
  });

  it("runs where it just fits", async () => {
    const sample = ["sample", fixture("pair-energy.ts"), "--draws", "4", "--warmup", "10", "--chains", "1"];
    expect((await onMachineOf(160, ...sample)).code).toBe(0);
    expect((await onMachineOf(159, ...sample)).code).toBe(2);
  });
});

it("a billion draws of a state are refused before any is made", async () => {
  const { code, stderr } = await basin(
    "sample",
    fixture("pair-energy.ts"),
    "--draws",
    "1e9",
    "--chains",
    "10000",
  );
  expect(code).toBe(2);
  expect(stderr).toContain("10000 chains of 1000000000 draws of 2 numbers would take at least 400000 GB");
});
