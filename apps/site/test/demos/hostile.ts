import fc from "fast-check";
import type { Schema } from "../../src/demos/shared/settings.ts";

const payloads = [
  "<img src=x onerror=window.hacked=1>",
  "<script>window.hacked=1</script>",
  "javascript:window.hacked=1",
  "'-(window.hacked=1)-'",
  "$" + "{window.hacked=1}",
  '"><svg onload=window.hacked=1>',
  "constructor.constructor('window.hacked=1')()",
  "__proto__",
  "1e309",
  "-0",
  "NaN",
  "Infinity",
  "0x10",
  "(".repeat(1900),
  "9".repeat(1900),
  "x^".repeat(900),
];

/** Returns fragments that mean harm, for a demo with these settings: their names with payloads, texts and numbers. */
export function hostileFragments(schema: Schema, count: number, seed: number): string[] {
  const value = fc.oneof(
    fc.constantFrom(...payloads),
    fc.string({ maxLength: 60 }),
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.double().map(String),
    fc.integer().map(String),
  );
  const name = fc.oneof(
    fc.constantFrom(...Object.keys(schema)),
    fc.constantFrom("__proto__", "share", "onclick"),
  );
  const pairs = fc.array(fc.tuple(name, value), { maxLength: 6 });
  const fragment = fc.oneof(
    { weight: 5, arbitrary: pairs.map((list) => new URLSearchParams(list).toString()) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  );
  return fc.sample(fragment, { numRuns: count, seed });
}
