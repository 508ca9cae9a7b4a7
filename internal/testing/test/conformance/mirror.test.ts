import { existsSync, globSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../../../..");

/** Tests that no one source file answers for, by name. */
const general = new Set([
  "docs", // runs the snippets of the pages and of the README
  "examples", // runs the examples of all doc comments
  "size", // bundles whole entries
]);

/** Whether a test is named after a source file or folder, or stands with the suites that cross files. */
function mirrors(root: string, test: string): boolean {
  const place = relative(join(root, "test"), test);
  const [name] = basename(place).split(".");
  const source = join(root, "src", dirname(place), name);
  const crossing = place.startsWith(`conformance${sep}`) || (dirname(place) === "." && general.has(name));
  return crossing || existsSync(`${source}.ts`) || existsSync(source);
}

const roots = globSync(["packages/*", "apps/*", "internal/*"], { cwd: repository }).sort();

test.each(roots)("tests of %s mirror its sources", (root) => {
  const folder = join(repository, root);
  const tests = globSync("test/**/*.test.ts", { cwd: folder });
  expect(tests.filter((file) => !mirrors(folder, join(folder, file)))).toEqual([]);
});

test("a test that names no source is seen", () => {
  const root = join(repository, "internal/testing");
  const seen = (path: string) => mirrors(root, join(root, "test", path));
  expect(seen("markdown.test.ts")).toBe(true);
  expect(seen("markdown.fences.slow.test.ts")).toBe(true);
  expect(seen("nowhere.test.ts")).toBe(false);
  expect(seen("fixtures/markdown.test.ts")).toBe(false);
});
