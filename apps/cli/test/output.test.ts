import { expect, it } from "vitest";
import { toJson, withError } from "../src/output.ts";

it("keeps what JSON would lose", () => {
  expect(JSON.parse(toJson({ a: Float64Array.of(1, NaN), b: -Infinity }))).toEqual({
    a: [1, "NaN"],
    b: "-Infinity",
  });
});

it("rounds a mean to the place of its error", () => {
  expect(withError({ mean: 0.911321, standardError: 0.000123 })).toBe("0.91132 ± 0.00012");
  expect(withError({ mean: 12.3456, standardError: 0 })).toBe("12.3456");
  expect(withError({ mean: 0.9985, standardError: 1e-17 })).toBe("0.9985");
});
