import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { exampleSnippets, markdownSnippets } from "../src/markdown.ts";

test("Markdown blocks are found with their line and tag, and only those of TypeScript", () => {
  const page =
    "# Title\n\n```ts\nconst a = 1;\n```\n\n```sh\nls\n```\n- item\n  ```typescript no-run\n  a();\n    b();\n  ```\n";
  expect(markdownSnippets(page)).toEqual([
    { line: 4, code: "const a = 1;", noRun: false },
    { line: 12, code: "a();\n  b();", noRun: true },
  ]);
});

test("a block that holds a fence stays one block, and an open one is an error", () => {
  expect(markdownSnippets("````ts\n`\n```ts\n```\n````")).toEqual([
    { line: 2, code: "`\n```ts\n```", noRun: false },
  ]);
  expect(() => markdownSnippets("text\n```ts\nconst a = 1;")).toThrow(
    "the code block of line 2 is never closed",
  );
});

test("examples of doc comments are found, and blocks outside @example are not", () => {
  const source = [
    "/** One.",
    " * ```ts",
    " * not();",
    " * ```",
    " */",
    "const a = 1;",
    "  /**",
    "   * Two.",
    "   * @example",
    "   * ```ts",
    "   * if (a) {",
    "   *   b();",
    "   * }",
    "   * ```",
    "   */",
  ].join("\n");
  expect(exampleSnippets(source)).toEqual([{ line: 11, code: "if (a) {\n  b();\n}", noRun: false }]);
});

test("declared tests pass on right blocks and fail on wrong ones, naming the line of the page", () => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const root = join(import.meta.dirname, "fixtures/snippets");
  const { status, stdout } = spawnSync(process.execPath, [vitest, "run", "--root", root], {
    encoding: "utf8",
  });
  const outcome = (name: string) =>
    stdout.match(new RegExp(`^(not )?ok \\d+ - docs\\.fixture\\.ts > .*${name}`, "m"))?.[1] === "not "
      ? "fails"
      : "passes";
  expect(status).toBe(1);
  expect(outcome("page.md > line 4")).toBe("passes");
  expect(outcome("page.md > line 13")).toBe("fails");
  expect(outcome("page.md > its blocks type-check")).toBe("fails");
  expect(outcome("examples.ts > its blocks type-check")).toBe("passes");
  expect(outcome("examples.ts > line 6")).toBe("fails");
  expect(stdout).toContain("page.md:13");
  expect(stdout).toMatch(/page\.md\(17,7\): error TS2322/);
  expect(stdout).toContain("type-check (not run: line 21)");
  expect(stdout).not.toContain("page.md > line 21");
});
