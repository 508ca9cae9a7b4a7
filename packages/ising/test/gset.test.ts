import { formatGset, parseGset, weightedGraph } from "@basin/ising";
import { describe, expect, it } from "vitest";

describe("parseGset", () => {
  it("reads what formatGset writes", () => {
    const graph = weightedGraph(6, [
      [0, 5],
      [1, 2, -1],
      [3, 4, 0.125],
      [0, 1, 1e-300],
    ]);
    expect(parseGset(formatGset(graph))).toEqual(graph);
  });

  it("takes the spacing found in the wild", () => {
    const graph = parseGset("\n 3 2 \r\n1 2 1\r\n\n  2\t3 -1");
    expect(graph.nodes).toBe(3);
    expect([...graph.weights]).toEqual([1, -1]);
    expect([...parseGset("2 1\n1 2\n").weights]).toEqual([1]);
    expect(parseGset("0 0").nodes).toBe(0);
  });

  it.each([
    ["", /line 1, column 1: the number of nodes is missing/],
    ["3 x\n", /line 1, column 3: the number of edges is "x"/],
    ["3 1\n1 4 1\n", /line 2, column 3: a node is "4", expected an integer from 1 to 3/],
    ["3 1\n1 2 nan\n", /line 2, column 5: the weight is "nan"/],
    ["3 1\n1 2 1e999\n", /line 2, column 5: the weight is "1e999"/],
    ["3 1\n1 2 1 7\n", /line 2, column 7: unexpected "7"/],
    ["3 2\n1 2 1\n", /line 3, column 1: the text ends after 1 of 2 edges/],
    ["3 1\n1 2 1\n2 3 1\n", /line 3, column 1: more edges than the 1 announced/],
    ["3 1 1\n1 2 1\n", /line 1, column 5: unexpected "1"/],
    ["\u0000\u0001\u0002", /line 1/],
  ])("says where %j is wrong", (text, message) => {
    expect(() => parseGset(text)).toThrow(message);
  });
});
