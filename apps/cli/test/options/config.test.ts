import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { basin, envelopeOf } from "../basin.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-config-"));
const file = join(folder, "options");
afterAll(() => rmSync(folder, { recursive: true }));

const call = (text: string, ...words: string[]) => {
  writeFileSync(file, text);
  return basin("ising", "simulate", "--config", file, ...words, "--json");
};

it.each([
  ["YAML", "size: 4x6\ntemperature: 2.5\nsweeps: 40\ncoupling: [1, 0.5]\n"],
  ["JSON", '{"size":"4x6","temperature":2.5,"sweeps":40,"coupling":[1,0.5]}'],
])("options come from %s under the names that they have on the command line", async (_, text) => {
  const { stdout } = await call(text, "--seed", "1", "--sweeps", "50");
  expect(envelopeOf(stdout).options).toMatchObject({ size: [4, 6], coupling: [1, 0.5], sweeps: 50 });
});

it.each([
  ["siz: 4", /options has the option siz, which this command lacks. Did you mean size\?/],
  ["size: 4\nsize: 5", /options, line 2: the key size is given twice/],
  ["size: [4", /options, line 1/],
  ["- size", /options holds no options, expected lines such as/],
  ["size: null", /options has size: null, expected a text, a number or a list/],
  ["resume: 1", /options has resume: 1, expected true or false/],
  ["size: !!js/function x", /options, line 1.*tag/],
  ["size: 4\ntemperature: x", /'--temperature <T>' argument 'x' is invalid/],
  [" ".repeat(1_000_001), /has 1000001 bytes, expected at most 1000000/],
])("%j is refused with its place", async (text, why) => {
  const { code, stdout, stderr } = await call(text);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(why);
});

it("a file that is not there is named", async () => {
  const { code, stderr } = await basin("ising", "simulate", "--config", join(folder, "none"));
  expect(code).toBe(2);
  expect(stderr).toMatch(/ENOENT.*none.*check the name/);
});

it("--quiet leaves no text on stdout", async () => {
  const words = ["--size", "4", "--temperature", "2", "--sweeps", "5000", "--quiet"];
  expect(await basin("ising", "simulate", ...words)).toMatchObject({ code: 0, stdout: "", stderr: "" });
});
