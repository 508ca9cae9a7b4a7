import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { formatOf, problemFormatNames } from "../../src/formats/table.ts";

it("the page on the solver lists every format as the table has it", () => {
  const page = readFileSync(new URL("../../../../docs/ising-solver.md", import.meta.url), "utf8");
  const rows = problemFormatNames.map((name) => {
    const { holds, extensions, kinds, write } = formatOf(name);
    return [
      `\`"${name}"\``,
      holds,
      kinds.join(", "),
      extensions.map((end) => `\`.${end}\``).join(", "),
      write ? "yes" : "no",
    ];
  });
  const lines = page
    .split("\n")
    .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
  for (const row of rows) expect(lines).toContainEqual(row);
});
