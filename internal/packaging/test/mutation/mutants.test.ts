import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { equivalents } from "../../src/mutation/equivalents.ts";
import { linesOf, mutantsOf } from "../../src/mutation/mutants.ts";

const applied = (source: string) =>
  mutantsOf(source).map(({ start, end, text }) => source.slice(0, start) + text + source.slice(end));

test.each([
  ["a + b;", ["a - b;"]],
  ["a <= b;", ["a < b;"]],
  ["a && b;", ["a || b;"]],
  ["a ?? b;", ["a && b;"]],
  ["x -= y;", ["x += y;"]],
  ["i++;", ["i--;"]],
  ["f = -x;", ["f = x;"]],
  ["f = 7;", ["f = (7 + 1);"]],
  ["f = true;", ["f = false;"]],
  ["check(x);", [";"]],
  ["m = Math.min(a, b);", ["m = Math.max(a, b);"]],
  ["m = a ? b : c;", ["m = !(a) ? b : c;"]],
  ["if (a) b;", ["if (!(a)) b;"]],
])("%s becomes %j", (source, mutants) => expect(applied(source)).toEqual(mutants));

test.each([
  "type A = 3;",
  'import "a";',
  "throw new Error(a + 1);",
  "interface A { b: 4 }",
  "@inline class A {}",
])("%s has no fault", (source) => expect(applied(source)).toEqual([]));

test("a mutant says its line", () => {
  expect(mutantsOf("a;\n\nb * c;").map(({ line }) => line)).toEqual([3]);
});

test("a mutant says the lines that it changes, before and after", () => {
  const source = "a;\n  if (b ||\n      c) d(e);\nf;";
  const [condition] = mutantsOf(source);
  expect(linesOf(source, condition)).toEqual({
    was: "if (b || c) d(e);",
    becomes: "if (!(b || c)) d(e);",
  });
});

test("every fault that is listed to change nothing is one of its source", () => {
  const repository = resolve(import.meta.dirname, "../../../..");
  for (const { source, was, becomes } of equivalents) {
    const text = readFileSync(join(repository, source), "utf8");
    expect(
      mutantsOf(text).map((mutant) => linesOf(text, mutant)),
      source,
    ).toContainEqual({ was, becomes });
  }
});
