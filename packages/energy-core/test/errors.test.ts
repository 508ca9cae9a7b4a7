import { expect, test } from "vitest";
import { ArgumentError, BasinError, CapabilityError, DimensionError } from "../src/index.ts";

// The same module under another address is another copy of it, as where two versions are installed.
const copy = (await import(
  "../src/errors.ts?copy" as "../src/errors.ts"
)) as typeof import("../src/errors.ts");

test("an error of another copy of the package is of the same classes, and of no others", () => {
  const foreign = new copy.ArgumentError("steps is 0");
  expect(copy.ArgumentError).not.toBe(ArgumentError);
  expect(foreign instanceof ArgumentError).toBe(true);
  expect(foreign instanceof BasinError).toBe(true);
  expect(foreign instanceof CapabilityError).toBe(false);
  expect(new copy.BasinError("any") instanceof ArgumentError).toBe(false);
});

test("a class of the user's holds its own errors alone", () => {
  class Own extends ArgumentError {}
  expect(new Own("own") instanceof ArgumentError).toBe(true);
  expect(new Own("own") instanceof Own).toBe(true);
  expect(new ArgumentError("any") instanceof Own).toBe(false);
  expect(new copy.ArgumentError("any") instanceof Own).toBe(false);
});

test.each([undefined, null, 3, "text", {}, Object.create(null), new Error("other"), new TypeError("type")])(
  "%s is no error of ours",
  (value) => {
    expect(value instanceof DimensionError).toBe(false);
    expect(value instanceof BasinError).toBe(false);
  },
);
