import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { basin, envelopeOf } from "./basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-stdout-"));
const at = (name: string) => join(folder, name);
const main = new URL("../src/main.ts", import.meta.url).pathname;
afterAll(() => rmSync(folder, { recursive: true }));

it("readers that have gone stop no work", async () => {
  writeFileSync(at("in.txt"), "2 1\n1 2 1\n");
  const words = ["ising", "solve", at("in.txt"), "--out", at("out.json")];
  const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, main, ...words]);
  child.stdout.destroy();
  child.stderr.destroy();
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(at("out.json"), "utf8"))).toMatchObject({ energy: -1 });
});

it("what a user's module prints goes to stderr", async () => {
  const shared = new URL("./fixtures/pair-energy.ts", import.meta.url).href;
  writeFileSync(at("loud.ts"), `console.log("loaded");\nexport { default } from "${shared}";\n`);
  const words = ["--draws", "20", "--warmup", "20", "--chains", "1", "--json"];
  const { code, stdout, stderr } = await basin("sample", at("loud.ts"), ...words);
  expect([code, envelopeOf(stdout).command]).toEqual([0, "sample"]);
  expect(stderr).toContain("loaded");
});
