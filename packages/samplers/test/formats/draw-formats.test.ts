import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawFormats } from "../../src/formats/draw-formats.ts";

test("the guide's table of formats is that of the program", () => {
  const guide = readFileSync(new URL("../../../../docs/samplers.md", import.meta.url), "utf8");
  const section = guide.slice(guide.indexOf("## Draws from other programs"), guide.indexOf("## Tempering"));
  const rows = [...section.matchAll(/^\| `([\w-]+)` +\| (.*?) +\|$/gm)].map(([, name, text]) => [name, text]);
  const table = Object.entries(drawFormats).map(([name, { description }]) => [name, description]);
  expect(rows.sort()).toEqual(table.sort());
});
