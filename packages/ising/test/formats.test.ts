import { BasinError } from "@basin/energy-core";
import { createRng, shuffle } from "@basin/energy-core/random";
import {
  FormatError,
  formatBqm,
  formatCoo,
  formatCsv,
  formatProblem,
  formatProblemPieces,
  maxCut,
  type ProblemFormat,
  parseProblem,
  problemFormatOf,
  problemFormats,
  spinProblem,
  type TextSource,
  weightedGraph,
} from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { randomProblem } from "./reference.ts";

const graph = weightedGraph(5, [
  [0, 4, 2],
  [1, 2, -1.5],
  [3, 2],
  [0, 1],
]);
const graphFormats = ["gset", "dimacs", "matrix-market", "csv"] as const;
const problemOnly = ["bqm", "coo", "qubo"] as const;

describe("every format", () => {
  it.each(graphFormats)("reads back the graph that it wrote: %s", (format) => {
    const text = formatProblem({ graph, problem: maxCut(graph) }, format);
    expect(parseProblem(text, format).graph).toEqual(graph);
  });

  it.each(problemOnly)("reads back the energies that it wrote: %s", (format) => {
    for (const fields of [true, false]) {
      const problem = randomProblem(6, 3, { fields, weight: (rng) => rng.index(11) - 5 });
      const again = parseProblem(formatProblem({ problem }, format), format).problem;
      const shifts = spinStates(6).map((state) => again.energy(state) - problem.energy(state));
      expect(new Set(shifts).size).toBe(1);
      if (format !== "qubo") expect(shifts[0]).toBe(0);
    }
  });

  it.each(problemFormats)("is read and written in pieces as it is whole: %s", (format) => {
    const problem = randomProblem(9, 4, { fields: true, weight: (rng) => rng.normal() });
    const file = format === "bqm" || format === "coo" ? { problem } : { graph, problem: maxCut(graph) };
    const text = formatProblem(file, format);
    expect([...formatProblemPieces(file, format)].join("")).toBe(text);
    const whole = parseProblem(text, format);
    for (const size of [1, 2, 7, 30]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) as string[];
      expect(parseProblem(pieces, format)).toEqual(whole);
    }
    const broken = `${text.trimEnd()} %\n`;
    const errorOf = (source: TextSource) => {
      try {
        parseProblem(source, format);
      } catch (error) {
        return String(error);
      }
    };
    expect(errorOf(broken)).toMatch(/line \d+, column \d+/);
    expect(errorOf([...broken])).toBe(errorOf(broken));
  });

  it("refuses a graph format without a graph, and unknown formats", () => {
    const problem = randomProblem(3, 1);
    expect(() => formatProblem({ problem }, "gset")).toThrow(/holds a graph/);
    expect(() => parseProblem("", "gml" as "gset")).toThrow(/known: gset, dimacs/);
  });

  it("is known by the extension of its files", () => {
    expect(
      ["a.qubo", "b.JSON", "c.mtx", "d.csv", "e.col", "G1.txt", "G1", "x.y/G1"].map(problemFormatOf),
    ).toEqual(["qubo", "bqm", "matrix-market", "csv", "dimacs", "gset", "gset", "gset"]);
  });

  it("does not see the order of the lines", () => {
    const rng = createRng(1);
    const text = formatProblem({ graph, problem: maxCut(graph) }, "csv");
    const [head, ...lines] = text.trim().split("\n");
    shuffle(rng, lines as unknown as number[]);
    expect(parseProblem([head, ...lines].join("\n"), "csv")).toEqual(parseProblem(text, "csv"));
  });
});

describe("signs", () => {
  it("are turned round for dimod, which minimizes +J and +h", () => {
    const { problem } = parseProblem("# vartype=SPIN\n0 1 2\n0 0 -3\n", "coo");
    expect(problem.energy(Int8Array.of(1, -1))).toBe(-2 - 3);
    expect([...problem.fields]).toEqual([3, 0]);
    const bits = parseProblem("# vartype=BINARY\n0 1 2\n0 0 -3\n", "coo").problem;
    expect(bits.energy(Int8Array.of(1, 1))).toBe(-1);
    expect(bits.energy(Int8Array.of(1, -1))).toBe(-3);
  });

  it("agree between dimod's spin and binary models", () => {
    const model = (vartype: string) =>
      JSON.stringify({
        type: "BinaryQuadraticModel",
        use_bytes: false,
        num_variables: 2,
        num_interactions: 1,
        variable_labels: ["a", ["b", 1]],
        variable_type: vartype,
        offset: 0.5,
        linear_biases: [1, -2],
        quadratic_biases: [4],
        quadratic_head: [0],
        quadratic_tail: [1],
      });
    const spins = parseProblem(model("SPIN"), "bqm");
    expect(spins.problem.energy(Int8Array.of(1, -1))).toBe(0.5 + 1 + 2 - 4);
    expect(spins.labels).toEqual(["a", '["b",1]']);
    expect(parseProblem(model("BINARY"), "bqm").problem.energy(Int8Array.of(1, 1))).toBe(0.5 + 1 - 2 + 4);
  });
});

describe("details of the formats", () => {
  it("takes DIMACS edges stated in both directions once", () => {
    const text = "c a triangle\np edge 3 6\ne 1 2\ne 2 1\ne 2 3\ne 3 2\ne 1 3\ne 3 1\n";
    expect([...(parseProblem(text, "dimacs").graph?.weights ?? [])]).toEqual([1, 1, 1]);
  });

  it("takes general MatrixMarket matrices that are symmetric", () => {
    const head = "%%MatrixMarket matrix coordinate real general\n% a comment\n2 2 2\n";
    expect([...(parseProblem(`${head}1 2 3\n2 1 3\n`, "matrix-market").graph?.weights ?? [])]).toEqual([3]);
    expect(() => parseProblem(`${head}1 2 3\n2 1 4\n`, "matrix-market")).toThrow(/differ/);
    const pattern = "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 1\n";
    expect(parseProblem(pattern, "matrix-market").graph?.weights.length).toBe(2);
  });

  it("numbers the nodes of an edge list by name", () => {
    const { labels, graph: named } = parseProblem("from,to\nb,10\n9,b\n", "csv");
    expect(labels).toEqual(["9", "10", "b"]);
    expect([...(named?.targets ?? [])]).toEqual([2, 2]);
  });

  const bad: [ProblemFormat, string, RegExp][] = [
    ["dimacs", "e 1 2\n", /line 1, column 1: an edge before/],
    ["dimacs", "p edge 3 1\ne 1 4\n", /line 2, column 5: a node is "4"/],
    ["dimacs", "p edge 3 1\nx 1 2\n", /line 2, column 1: a line that begins with "x"/],
    ["dimacs", "c nothing\n", /without a problem line/],
    ["matrix-market", "1 1 1\n", /line 1.*does not begin/],
    [
      "matrix-market",
      "%%MatrixMarket matrix coordinate complex symmetric\n1 1 0\n",
      /"complex", expected real/,
    ],
    ["matrix-market", "%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n", /square/],
    ["matrix-market", "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n", /ends after 0 of 1/],
    ["csv", "a,b,1\nc,d,x\n", /line 2, column 5: the weight is "x"/],
    ["csv", "a\n", /line 1, column 1: 1 fields/],
    ["csv", "a,,1\n", /line 1, column 3: an empty field/],
    ["coo", "0 1 1\n", /variable type is missing/],
    ["coo", "# vartype=SPIN\n0 -1 1\n", /line 2, column 3: a variable is "-1"/],
    ["qubo", "p qubo 0 2 1 0\n0 0 1\n1 1 1\n", /line 3, column 1: more terms than the 1/],
    ["qubo", "0 0 1\n", /line 1, column 1: expected the problem line/],
    ["qubo", "p qubo 0 2 1 1\n0 0 1\n", /ends after 1 of 2/],
    ["bqm", '{"a": [1,\n2,,3]}', /line 2, column \d+: the file is not valid JSON/],
    ["csv", "1,2,NaN\n", /line 1, column 5: the weight is "NaN"/],
    ["dimacs", "p edge 3 3\ne 1 2 4\ne 2 3\ne 2 1 5\n", /line 4, column 1: nodes 1 and 2.*4 in line 2/],
    ["bqm", "[]", /not a JSON object/],
    ["bqm", '{"num_variables":\n  1.5}', /line 2, column 3: num_variables is 1.5/],
    [
      "bqm",
      '{"num_variables": 2, "variable_labels": [0, 1],\n "linear_biases": [1,\n  null]}',
      /line 3, column 3: linear_biases\[1\] is null/,
    ],
    ["bqm", '{"num_variables": 1}', /num_interactions is missing|variable_labels is missing/],
    ["bqm", '{"num_variables": -1}', /num_variables is -1/],
  ];
  it.each(bad)("says what is wrong with %s %j", (format, text, message) => {
    expect(() => parseProblem(text, format)).toThrow(FormatError);
    expect(() => parseProblem(text, format)).toThrow(message);
  });
});

describe("names of variables", () => {
  it("are one each, and as many as there are variables", () => {
    const pair = spinProblem({ variables: 2, couplings: [[0, 1, 1]] });
    expect(() => formatBqm(pair, ["a"])).toThrow(/labels has length 1, expected 2/);
    expect(() => formatBqm(pair, ["a", "a"])).toThrow(/"a" names two variables/);
    const graph = weightedGraph(2, [[0, 1]]);
    expect(() => formatCsv(graph, ["a"])).toThrow(/labels has length 1, expected 2/);
    expect(() => formatCsv(graph, ["a", "a"])).toThrow(/"a" names two variables/);
    expect(() => formatCoo(pair, "spin" as "SPIN")).toThrow(/vartype/);
  });
});

describe("junk", () => {
  it("is refused with an error of ours, whatever was broken", () => {
    const rng = createRng(6);
    const problem = randomProblem(5, 2);
    const alphabet = "0123456789 -+.eE\n\t,;\"'{}[]#%cpa\u0000\u00e9\ud83d";
    let refused = 0;
    for (const format of problemFormats) {
      const text = formatProblem({ graph, problem: format === "bqm" ? problem : maxCut(graph) }, format);
      for (let round = 0; round < 1500; round++) {
        let junk = text;
        for (let hits = 1 + rng.index(4); hits > 0; hits--) {
          const at = rng.index(junk.length + 1);
          const cut = rng.bernoulli(0.3) ? rng.index(20) : 1;
          const insert = rng.bernoulli(0.2)
            ? ""
            : alphabet[rng.index(alphabet.length)].repeat(1 + rng.index(3));
          junk = junk.slice(0, at) + insert + junk.slice(at + cut);
        }
        try {
          parseProblem(junk, format);
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(BasinError);
        }
      }
    }
    expect(refused).toBeGreaterThan(2000);
  });
});
