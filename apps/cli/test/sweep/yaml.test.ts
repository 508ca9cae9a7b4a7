import { createRng } from "@basin/energy-core/random";
import { describe, expect, it, test } from "vitest";
import { readYaml } from "../../src/sweep/yaml.ts";

describe("readYaml", () => {
  it("reads the core schema of YAML 1.2, where yes is a text and 0o17 a number", () => {
    expect(readYaml("a: yes\nb: 0o17\nc: ~\nd: [1.5, 1e3]\ne: &x {f: 2}\ng: *x", "s.yaml")).toEqual({
      ...{ a: "yes", b: 15, c: null, d: [1.5, 1000], e: { f: 2 }, g: { f: 2 } },
    });
  });

  it("reads JSON", () => {
    expect(readYaml('{"a": [1, true, "x"]}', "s.json")).toEqual({ a: [1, true, "x"] });
  });

  test.each([
    ["a tag", "a: 1\nb: !!str 2", /^s.yaml, line 2: a tag \(.*str\), expected none$/],
    ["a tag of the user's", "a: !run x", /^s.yaml, line 1, column 4: Unresolved tag: !run$/],
    ["a key given twice", "a: 1\nb: 2\na: 3", /^s.yaml, line 3: the key a is given twice, expected once$/],
    [
      "a number that a double would round",
      "a: 9007199254740993",
      /9007199254740993 is not exact in a double/,
    ],
    ["two documents", "a: 1\n---\nb: 2", /multiple documents/],
    ["YAML 1.1", "%YAML 1.1\n---\na: 1", /version 1.1 of YAML, expected 1.2/],
    ["text that is no YAML", "a: [1,", /^s.yaml, line 1, column \d+: Flow sequence/],
    ["a key that is no text", "? [1]\n: 2", /a key that is no text/],
    ["an alias in a circle", "a: 1\nsize: &b [4, *b]", /^s.yaml, line 2: an alias inside of what it names$/],
    ["deep nesting", "[".repeat(5000), /nested more than 100 deep/],
    ["deep nesting by dashes", "- ".repeat(5000), /nested more than 100 deep/],
    ["more than a megabyte", `a: ${"x".repeat(1_000_000)}`, /has 1000003 bytes, expected at most 1000000/],
  ])("refuses %s with its place", (_, text, message) => {
    expect(() => readYaml(text, "s.yaml")).toThrow(message);
  });

  it("refuses aliases that stand for more than they show", () => {
    const lines = Array.from({ length: 9 }, (_, k) => `k${k + 1}: &k${k + 1} [${`*k${k},`.repeat(9)}]`);
    expect(() => readYaml(["k0: &k0 [x]", ...lines].join("\n"), "s.yaml")).toThrow(
      /at most 100 uses of an anchor/,
    );
  });

  it("names the key that is there twice among a hundred thousand", () => {
    const keys = Array.from({ length: 100_000 }, (_, k) => `k${k.toString(36)}: 1`);
    expect(() => readYaml([...keys, "k0: 2"].join("\n"), "s.yaml")).toThrow(
      "line 100001: the key k0 is given twice",
    );
  });

  it("answers random text with a value or a sentence", () => {
    const signs = [..."a1: -[]{},&*!?|>'\"#%@\n\n  \t~", "x: ", "- ", "&a ", "*a", "<<: "];
    const rng = createRng(7);
    const outcomes = Array.from({ length: 3000 }, () => {
      const text = Array.from({ length: 1 + rng.index(40) }, () => signs[rng.index(signs.length)]).join("");
      try {
        readYaml(text, "s.yaml");
        return "a value";
      } catch (error) {
        return `${(error as Error).name}`;
      }
    });
    expect([...new Set(outcomes)].sort()).toEqual(["ArgumentError", "a value"]);
  });
});
