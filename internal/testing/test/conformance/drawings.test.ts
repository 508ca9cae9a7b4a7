import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../../../..");

/** Returns the names of the regions that each literal argument of `layOut` in a source lists, call by call. */
function layouts(source: string): string[][] {
  return [...source.matchAll(/\blayOut\(\s*\{([^}]*)\}/g)].map(([, body]) =>
    [...body.matchAll(/(?:^|[,\s])(\w+):/g)].map(([, name]) => name),
  );
}

const folders = globSync(join(repository, "packages/*/assembly/README.md")).map(dirname).sort();

test.each(folders.map((folder) => [folder.slice(repository.length + 1), folder]))(
  "%s draws the regions of its kernels' memory in their order",
  (_, folder) => {
    const drawn = [...readFileSync(join(folder, "README.md"), "utf8").matchAll(/│ (\w+) +│/g)].map(
      ([, name]) => name,
    );
    const sources = globSync(join(dirname(folder), "src/**/*.ts")).sort();
    const laidOut = sources.flatMap((file) => layouts(readFileSync(file, "utf8")));
    expect(laidOut).not.toEqual([]);
    for (const regions of laidOut) expect(` ${drawn.join(" ")} `).toContain(` ${regions.join(" ")} `);
  },
);

test("the regions of a call are read, and of that call alone", () => {
  expect(layouts("const at = layOut({ a: 8 * (n + 1), b: x ? 1 : 0 }, { start: 3 }); f({ c: 1 })")).toEqual([
    ["a", "b"],
  ]);
});
