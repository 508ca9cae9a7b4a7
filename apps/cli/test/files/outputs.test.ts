import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { basin } from "../basin.ts";

const root = mkdtempSync(join(tmpdir(), "basin-outputs-"));
let folder = root;
let made = 0;
const at = (name: string) => join(folder, name);
const problem = "2 1\n1 2 1\n";
const solve = (out: string, ...more: string[]) =>
  basin("ising", "solve", at("in.txt"), "--out", out, ...more);

beforeEach(() => {
  folder = join(root, String(made++));
  mkdirSync(folder);
  writeFileSync(at("in.txt"), problem);
});
afterAll(() => rmSync(root, { recursive: true }));

describe("an output", () => {
  it("makes the folders that it lies in", async () => {
    expect((await solve(at("a/b/out.json"))).code).toBe(0);
    expect(JSON.parse(readFileSync(at("a/b/out.json"), "utf8"))).toMatchObject({ energy: -1 });
    expect(readdirSync(at("a/b"))).toEqual(["out.json"]);
  });

  it("goes through a symbolic link to the file behind it, there or not", async () => {
    writeFileSync(at("old.json"), "old");
    symlinkSync("old.json", at("link"));
    symlinkSync("new.json", at("dangling"));
    for (const [link, file] of [
      ["link", "old.json"],
      ["dangling", "new.json"],
    ]) {
      expect((await solve(at(link))).code).toBe(0);
      expect(lstatSync(at(link)).isSymbolicLink()).toBe(true);
      expect(readFileSync(at(file), "utf8")).toContain('"energy": -1');
    }
  });

  it("goes straight into a device, which stays one", async () => {
    const { rdev } = statSync("/dev/null");
    expect((await solve("/dev/null")).code).toBe(0);
    expect(statSync("/dev/null")).toMatchObject({ rdev });
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("goes straight into a FIFO, and waits for its reader", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    const running = solve(at("pipe"));
    const reader = spawn("cat", [at("pipe")]);
    let text = "";
    reader.stdout.on("data", (data) => {
      text += data;
    });
    const ended = new Promise((resolve) => reader.on("close", resolve));
    expect((await running).code).toBe(0);
    await ended;
    expect(JSON.parse(text)).toMatchObject({ energy: -1 });
    expect(lstatSync(at("pipe")).isFIFO()).toBe(true);
  });

  it("of the name - is standard output, alone", async () => {
    const { code, stdout, stderr } = await solve("-");
    expect([code, JSON.parse(stdout).energy]).toEqual([0, -1]);
    expect(stderr).toContain("2 spins");
  });
});

describe("an output is refused before the work", () => {
  const refusals: [name: string, words: () => string[], why: RegExp][] = [
    ["that is a folder", () => ["--out", folder], /which is a folder; name a file/],
    ["that ends as a folder does", () => ["--out", at("x/")], /which names a folder; name a file/],
    [
      "that is the input",
      () => ["--out", at("in.txt")],
      /--out would write over the input <files...> .*in\.txt/,
    ],
    ["below a file", () => ["--out", at("in.txt/x")], /ENOTDIR.*a part of this path is a file/],
    ["of too long a name", () => ["--out", at("x".repeat(300))], /ENAMETOOLONG.*choose a shorter name/],
    ["where no folder can be made", () => ["--out", "/proc/nowhere/x"], /\/proc\/nowhere/],
    ["beside --json on standard output", () => ["--out", "-", "--json"], /--out and --json both write/],
  ];
  it.each(refusals)("%s", async (_, words, why) => {
    const { code, stdout, stderr } = await basin("ising", "solve", at("in.txt"), ...words());
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(why);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["in.txt"]);
    expect(readFileSync(at("in.txt"), "utf8")).toBe(problem);
  });

  it("whose links lead round in a circle", async () => {
    symlinkSync("b", at("a"));
    symlinkSync("a", at("b"));
    expect((await solve(at("a"))).stderr).toMatch(/ELOOP.*lead round in a circle/);
  });

  it("that another option names too", async () => {
    const words = ["--temperatures", "2", "--sizes", "4", "--checkpoint", at("x"), "--csv", at("x")];
    const { code, stderr } = await basin("ising", "scan", ...words);
    expect([code, existsSync(at("x"))]).toEqual([2, false]);
    expect(stderr).toMatch(/--checkpoint is .*, which --csv names too; give each its own/);
  });

  it("that is a device, for a checkpoint", async () => {
    const words = ["--temperatures", "2", "--sizes", "4", "--checkpoint", "/dev/null"];
    const { code, stderr } = await basin("ising", "scan", ...words);
    expect([code, existsSync("/dev/null.lock")]).toEqual([2, false]);
    expect(stderr).toMatch(/--checkpoint is \/dev\/null, expected a file on a disk/);
  });

  it("and the folders made for it go", async () => {
    const { code } = await basin("ising", "solve", at("missing.txt"), "--out", at("a/b/c.json"));
    expect([code, readdirSync(folder)]).toEqual([2, ["in.txt"]]);
  });
});

it("a full device is named, with what can be done", async () => {
  const { code, stderr } = await solve("/dev/full");
  expect(code).toBe(2);
  expect(stderr).toMatch(/^basin: \/dev\/full: ENOSPC: .*; make room, or name a place on another disk\n$/);
});
