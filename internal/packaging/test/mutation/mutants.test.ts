import { expect, test } from "vitest";
import { mutantsOf } from "../../src/mutation/mutants.ts";

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
