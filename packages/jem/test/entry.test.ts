import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as entry from "@basin/jem";
import { expect, it } from "vitest";
import * as checked from "../src/entry.ts";

const source = (file: string) => join(import.meta.dirname, "../src", file);

/** Runs a program in a Node that finds no package of this name. */
function runWithout(hidden: string, program: string) {
  const hooks = `import { registerHooks } from "node:module";
    registerHooks({ resolve: (name, context, next) =>
      next(name, name.startsWith(${JSON.stringify(hidden)}) ? { ...context, parentURL: "file:///nowhere/a.js" } : context) });`;
  const hide = `data:text/javascript,${encodeURIComponent(hooks)}`;
  const args = ["--conditions=@basin/source", "--import", hide, "--input-type=module", "-e", program];
  return spawnSync(process.execPath, args, { encoding: "utf8", cwd: import.meta.dirname });
}

it("has every name of the entry that is linked statically, and the same things by them", () => {
  expect({ ...checked }).toEqual({ ...entry });
});

it("says what to install where tfjs is missing", () => {
  const { status, stderr } = runWithout(
    "@tensorflow/tfjs",
    `await import(${JSON.stringify(source("entry.ts"))})`,
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/CapabilityError.*needs @tensorflow\/tfjs.*: npm install @tensorflow\/tfjs/);
});

it("hands on the word of other packages that are missing", () => {
  const { stderr } = runWithout("@basin/samplers", `await import(${JSON.stringify(source("entry.ts"))})`);
  expect(stderr).toMatch(/Cannot find package '@basin\/samplers'/);
  expect(stderr).not.toMatch(/npm install/);
});

it("leaves outliers to those who have no tfjs", () => {
  const program = `const { energyScore } = await import(${JSON.stringify(source("outliers/index.ts"))});
    console.log(energyScore([[4, 0]])[0].toFixed(3));`;
  expect(runWithout("@tensorflow/tfjs", program).stdout).toBe("-4.018\n");
});
