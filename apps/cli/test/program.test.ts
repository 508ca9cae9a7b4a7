import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { commands } from "../src/table.ts";
import { basin, envelopeOf } from "./basin.ts";

const source = join(import.meta.dirname, "../src");

describe("the table of commands", () => {
  it("has a line for each file, under the words of its path", () => {
    const files = readdirSync(join(source, "commands"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(join(source, "commands/").length, -3));
    const paths = Object.keys(commands).filter((path) => commands[path].load !== undefined);
    expect(paths.map((path) => path.replace(" ", "/")).sort()).toEqual(files.sort());
  });

  it("is that of the guide", () => {
    const guide = readFileSync(join(source, "../../../docs/command-line.md"), "utf8");
    const cells = Array.from(guide.matchAll(/^\| `basin ([^`]*)` *\| (.*?) *\|$/gm), ([, path, text]) => [
      path,
      text,
    ]);
    expect(cells).toEqual(Object.entries(commands).map(([path, { summary }]) => [path, summary]));
  });

  it.each(Object.keys(commands))("helps with %s", async (path) => {
    const { code, stdout } = await basin(...path.split(" "), "--help");
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: basin ${path}`);
    if (commands[path].load) expect(stdout).toContain("--json");
  });
});

describe("what help loads", () => {
  const loaded = (...words: string[]) => {
    const listen = `import { registerHooks } from "node:module";
      registerHooks({ load(url, context, next) { console.error("loads " + url); return next(url, context); } });`;
    const hooks = `data:text/javascript,${encodeURIComponent(listen)}`;
    const { stderr } = spawnSync(
      process.execPath,
      ["--conditions=@basin/source", "--import", hooks, join(source, "main.ts"), ...words],
      { encoding: "utf8" },
    );
    const urls = stderr.matchAll(/^loads (.*)$/gm);
    return Array.from(urls, ([, url]) => url);
  };
  const packages = pathToFileURL(join(import.meta.dirname, "../../../packages")).href;

  it("is no package for the program and its groups", () => {
    for (const words of [["--help"], ["ising", "--help"]]) {
      const urls = loaded(...words);
      expect(urls.filter((url) => url.startsWith(packages) || url.includes("/src/commands/"))).toEqual([]);
      expect(urls.some((url) => url.includes("/src/table.ts"))).toBe(true);
    }
  });

  it("is the names alone for a command", () => {
    const urls = loaded("ising", "simulate", "--help").filter((url) => url.startsWith(packages));
    expect(urls.map((url) => url.slice(packages.length + 1)).sort()).toEqual([
      "energy-core/src/names.ts",
      "ising/src/names.ts",
    ]);
  });
});

describe("options", () => {
  const base = ["ising", "snapshot", "--size", "4", "--temperature", "1", "--png", "never.png"];

  it.each([
    [["--sweeps", "1", "--sweeps", "2"], /'--sweeps <integer>' is given 2 times \(1, 2\), expected once/],
    [["--seed", ""], /'--seed <integer>' is empty/],
    [["--lattice", "sqare"], /'sqare' is invalid. Allowed choices are .* Did you mean square\?/],
    [["--swepes", "1"], /unknown option '--swepes'\s+\(Did you mean --sweeps\?\)/],
    [["--seed", "0.5"], /'--seed <integer>' argument '0.5' is invalid. Expected an integer at least 0./],
  ])("%j are refused with code 2, the value and the remedy", async (words, message) => {
    const { code, stdout, stderr } = await basin(...base, ...words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("that are missing are named after what is wrong", async () => {
    expect((await basin("ising", "simulate", "--size", "0")).stderr).toMatch(/'--size .*' argument '0'/);
    expect((await basin("ising", "simulate", "--size", "8")).stderr).toMatch(
      /'--temperature <T>' is missing/,
    );
  });

  it("to go on are refused without a place where a run is kept", async () => {
    const { code, stderr } = await basin("hopfield", "generate", "--resume");
    expect(code).toBe(2);
    expect(stderr).toMatch(/'--resume' \(true\) would have no effect: it goes with --checkpoint/);
  });

  it.each([
    [["--workers", "2"], /'--workers .*' \(2\) would have no effect: .* it goes with --replicas/],
    [["--disorder-seed", "1"], /'--disorder-seed .*' \(1\) would have no effect: it goes with --disorder/],
  ])("%j are refused where they have no effect", async (words, message) => {
    const { code, stderr } = await basin("ising", "simulate", "--size", "4", "--temperature", "1", ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("of a command outside its group lead to it", async () => {
    const { code, stderr } = await basin("simulate", "--size", "4");
    expect(code).toBe(2);
    expect(stderr).toBe(
      "basin: unknown command 'simulate'. Did you mean basin ising simulate or basin potts simulate?\n",
    );
  });
});

it("every result comes in one envelope", async () => {
  const { stdout } = await basin("ising", "exact", "--temperature", "2", "--json");
  const envelope = envelopeOf(stdout);
  expect(Object.keys(envelope)).toEqual(["command", "version", "options", "result", "warnings", "timing"]);
  expect(envelope).toMatchObject({ command: "ising exact", options: { temperature: 2, field: 0 } });
  const drawn = envelopeOf((await basin("potts", "simulate", ...POTTS, "--json")).stdout);
  expect(drawn.seed).toBe((drawn.seed as number) >>> 0);
  const again = await basin("potts", "simulate", ...POTTS, "--seed", String(drawn.seed), "--json");
  expect(envelopeOf(again.stdout).result).toEqual({ ...drawn.result });
});

const POTTS = ["--states", "3", "--size", "4", "--temperature", "1", "--draws", "50"];

it.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s stops a command at a clean point with code %i", async (signal, code) => {
  const running = basin("ising", "simulate", "--size", "64", "--temperature", "2", "--sweeps", "100000000");
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.emit(signal);
  expect(await running).toMatchObject({ code, stdout: "", stderr: "basin: interrupted\n" });
});
