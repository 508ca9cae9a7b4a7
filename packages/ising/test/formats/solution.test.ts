import { parseProblem, parseSolution } from "@basin/ising";
import { describe, expect, it } from "vitest";

const graph = await parseProblem("3 2\n1 2 1\n2 3 1\n", { kind: "max-cut" });

describe("parseSolution", () => {
  it("reads spins, bits and an assignment as the same state, and hands on what the file claims", () => {
    const spins = parseSolution('{"spins": [1, -1, 1], "cut": 2}', graph);
    expect([...spins.state]).toEqual([1, -1, 1]);
    expect(spins.claims.cut).toBe(2);
    expect(parseSolution('{"bits": [1, 0, 1]}', graph).state).toEqual(spins.state);
    expect(parseSolution('{"assignment": {"1": 1, "2": -1, "3": 1}}', graph).state).toEqual(spins.state);
  });

  it("names the file, the variable and the value of what it refuses", () => {
    const options = { file: "best.json" };
    expect(() => parseSolution("{", graph, options)).toThrow("best.json is not valid JSON");
    expect(() => parseSolution("{}", graph, options)).toThrow('best.json has no list "spins" or "bits"');
    expect(() => parseSolution('{"spins": [1]}', graph, options)).toThrow("has 1 spins, the problem 3");
    expect(() => parseSolution('{"spins": [1, 0, 1]}', graph)).toThrow("spins[1] is 0, expected −1 or 1");
    expect(() => parseSolution('{"bits": [1, -1, 1]}', graph)).toThrow("bits[1] is -1, expected 0 or 1");
    expect(() => parseSolution('{"assignment": {"1": 1}}', graph)).toThrow('nothing to the variable "2"');
  });
});
