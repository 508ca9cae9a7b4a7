import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { basin } from "../basin.ts";

it.each([
  [["is"], "ising"],
  [["ising", "sim"], "simulate"],
  [["ising", "simulate", "--latt"], "--lattice"],
  [["ising", "simulate", "--lattice", "tri"], "triangular"],
  [["ising", "simulate", "--size", ""], ""],
  [["jem", "train", "--res"], "--resume"],
])("bash completes %j", async (words, completed) => {
  const { code, stdout } = await basin("completion", "bash");
  expect(code).toBe(0);
  const ask = `COMP_WORDS=(basin ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}; _basin`;
  const shell = spawnSync("bash", ["-c", `${stdout}\n${ask}\necho "\${COMPREPLY[@]}"`], { encoding: "utf8" });
  expect([shell.stdout.trim(), shell.stderr]).toEqual([completed, ""]);
});

it("fish gets a line a command and an option, with their summaries", async () => {
  const { stdout } = await basin("completion", "fish");
  expect(stdout).toContain("-a simulate -d 'simulate a lattice at one temperature");
  expect(stdout).toContain("-l lattice -x -a 'chain square");
});

it("a shell that is not known is refused with those that are", async () => {
  const { code, stderr } = await basin("completion", "csh");
  expect([code, stderr]).toEqual([2, "basin: <shell> is csh. Known: bash, zsh, fish.\n"]);
});
