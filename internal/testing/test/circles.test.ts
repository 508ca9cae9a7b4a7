import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { importCircles } from "../src/circles.ts";

// An energy has a space, and a space descends an energy: one recursive type, too long for one file.
const contract = "packages/energy-core/src: energy.ts → space.ts → energy.ts";

test("no file of a package imports itself, by whatever way round, but for the contract's two halves", () => {
  expect(importCircles(resolve(import.meta.dirname, "../../.."))).toEqual([contract]);
});

test("a circle is found, of types alone as well, and what only meets at a third file is none", () => {
  const root = mkdtempSync(join(tmpdir(), "basin-circles-"));
  const source = join(root, "packages/x/src");
  mkdirSync(join(source, "deep"), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(source, name), text);
  write("a.ts", 'import { b } from "./deep/b.ts";\nimport { d } from "./d.ts";');
  write("deep/b.ts", 'export { c } from "../c.ts";');
  write("c.ts", 'import type { A } from "./a.ts";\nimport { d } from "./d.ts";');
  write("d.ts", 'import { outside } from "@basin/y";');
  expect(importCircles(root)).toEqual(["packages/x/src: a.ts → deep/b.ts → c.ts → a.ts"]);
  rmSync(root, { recursive: true });
});
