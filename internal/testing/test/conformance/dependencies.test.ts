import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const repository = resolve(import.meta.dirname, "../../../..");
const read = (path: string): string => readFileSync(join(repository, path), "utf8");

test("every dependency of the catalog has its line in docs/decisions/dependencies.md, and no line is left over", () => {
  const [, catalog] = read("pnpm-workspace.yaml").split(/^catalog:\n/m);
  const entries = [...catalog.matchAll(/^ {2}"?([^":]+)"?: /gm)].map(([, name]) => name);
  const lines = [...read("docs/decisions/dependencies.md").matchAll(/^\| `([^`]+)`/gm)].map(
    ([, name]) => name,
  );
  expect(entries).not.toHaveLength(0);
  expect(lines.sort()).toEqual(entries.sort());
});
