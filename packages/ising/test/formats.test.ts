import { BasinError } from "@basin/energy-core";
import { createRng, shuffle } from "@basin/energy-core/random";
import {
  FormatError,
  formatProblem,
  maxCut,
  type ProblemFormat,
  parseProblem,
  spinProblem,
  weightedGraph,
} from "@basin/ising";
import { spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { plain } from "./formats/plain.ts";
import { randomProblem } from "./reference.ts";

const parse = (text: string | Iterable<string>, format: ProblemFormat) => parseProblem(text, { format });

const graph = weightedGraph(5, [
  [0, 4, 2],
  [1, 2, -1.5],
  [3, 2],
  [0, 1],
]);
const graphFormats = ["gset", "dimacs", "matrix-market", "edge-list"] as const;
const problemOnly = ["bqm", "coo", "qubo"] as const;
const writable = [...graphFormats, ...problemOnly];

describe("every format", () => {
  it.each(graphFormats)("reads back the graph that it wrote: %s", async (format) => {
    const text = formatProblem({ graph, problem: maxCut(graph) }, format);
    expect((await parse(text, format)).graph).toEqual(graph);
  });

  it.each(problemOnly)("reads back the energies that it wrote: %s", async (format) => {
    for (const fields of [true, false]) {
      const problem = randomProblem(6, 3, { fields, weight: (rng) => rng.index(11) - 5 });
      const again = (await parse(formatProblem({ problem }, format), format)).problem;
      const shifts = spinStates(6).map((state) => again.energy(state) - problem.energy(state));
      expect(new Set(shifts).size).toBe(1);
      if (format !== "qubo") expect(shifts[0]).toBe(0);
    }
  });

  it.each(writable)("is read in pieces as it is whole: %s", async (format) => {
    const problem = randomProblem(9, 4, { fields: true, weight: (rng) => rng.normal() });
    const file = format === "bqm" || format === "coo" ? { problem } : { graph, problem: maxCut(graph) };
    const text = formatProblem(file, format);
    const whole = plain(await parse(text, format));
    for (const size of [1, 2, 7, 30]) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) as string[];
      expect(plain(await parse(pieces, format))).toEqual(whole);
    }
    const broken = `${text.trimEnd()} &\n`;
    const errorOf = (source: string | string[]) => parse(source, format).then(() => "", String);
    expect(await errorOf(broken)).toMatch(/line \d+, column \d+/);
    expect(await errorOf([...broken])).toBe(await errorOf(broken));
  });

  it("refuses a graph format without a graph, and unknown formats", async () => {
    const problem = randomProblem(3, 1);
    expect(() => formatProblem({ problem }, "gset")).toThrow(/holds a graph/);
    expect(() => formatProblem({ problem }, "graphml")).toThrow(/only read; written are gset/);
    await expect(parse("", "gml" as "gset")).rejects.toThrow(/known: auto, gset, dimacs/);
  });

  it("does not see the order of the lines", async () => {
    const rng = createRng(1);
    const text = formatProblem({ graph, problem: maxCut(graph) }, "edge-list");
    const [head, ...lines] = text.trim().split("\n");
    shuffle(rng, lines as unknown as number[]);
    const shuffled = await parse([head, ...lines].join("\n"), "edge-list");
    expect(plain(shuffled)).toEqual(plain(await parse(text, "edge-list")));
  });
});

describe("signs", () => {
  it("are turned round for dimod, which minimizes +J and +h", async () => {
    const { problem } = await parse("# vartype=SPIN\n0 1 2\n0 0 -3\n", "coo");
    expect(problem.energy(Int8Array.of(1, -1))).toBe(-2 - 3);
    expect([...problem.fields]).toEqual([3, 0]);
    const bits = (await parse("# vartype=BINARY\n0 1 2\n0 0 -3\n", "coo")).problem;
    expect(bits.energy(Int8Array.of(1, 1))).toBe(-1);
    expect(bits.energy(Int8Array.of(1, -1))).toBe(-3);
  });

  it("agree between dimod's spin and binary models", async () => {
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
    const spins = await parse(model("SPIN"), "bqm");
    expect(spins.problem.energy(Int8Array.of(1, -1))).toBe(0.5 + 1 + 2 - 4);
    expect(spins.labels).toEqual(["a", '["b",1]']);
    expect((await parse(model("BINARY"), "bqm")).problem.energy(Int8Array.of(1, 1))).toBe(0.5 + 1 - 2 + 4);
  });
});

describe("details of the formats", () => {
  it("takes DIMACS edges stated in both directions once", async () => {
    const text = "c a triangle\np edge 3 6\ne 1 2\ne 2 1\ne 2 3\ne 3 2\ne 1 3\ne 3 1\n";
    expect([...((await parse(text, "dimacs")).graph?.weights ?? [])]).toEqual([1, 1, 1]);
  });

  it("takes general MatrixMarket matrices that are symmetric", async () => {
    const head = "%%MatrixMarket matrix coordinate real general\n% a comment\n2 2 2\n";
    expect([...((await parse(`${head}1 2 3\n2 1 3\n`, "matrix-market")).graph?.weights ?? [])]).toEqual([3]);
    await expect(parse(`${head}1 2 3\n2 1 4\n`, "matrix-market")).rejects.toThrow(/differ/);
    const pattern = "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 1\n";
    expect((await parse(pattern, "matrix-market")).graph?.weights.length).toBe(2);
  });

  it("numbers the nodes of an edge list by name", async () => {
    const { labels, graph: named } = await parse("from,to\nb,10\n9,b\n", "edge-list");
    expect(labels).toEqual(["9", "10", "b"]);
    expect([...(named?.targets ?? [])]).toEqual([2, 2]);
  });

  const bad: [ProblemFormat, string, RegExp][] = [
    ["gset", "", /line 1, column 1: the number of nodes is missing/],
    ["gset", "3 x\n", /line 1, column 3: the number of edges is "x"/],
    ["gset", "3 1\n1 4 1\n", /line 2, column 3: a node is "4", expected an integer from 0 to 3/],
    ["gset", "3 2\n0 1 1\n1 3\n", /line 3, column 3: a node is "3", expected an integer from 0 to 2/],
    ["gset", "3 2\n1 3 1\n0 1\n", /line 3, column 1: a node is "0", expected an integer from 1 to 3/],
    ["gset", "3 1\n1 2 nan\n", /line 2, column 5: the weight is "nan"/],
    ["gset", "3 1\n1 2 1e999\n", /line 2, column 5: the weight is "1e999"/],
    ["gset", "3 1\n1 2 1 7\n", /line 2, column 7: unexpected "7"/],
    ["gset", "3 2\n1 2 1\n", /line 3, column 1: the text ends after 1 of 2 edges/],
    ["gset", "3 1\n1 2 1\n2 3 1\n", /line 3, column 1: more edges than the 1 announced/],
    ["gset", "3 1 1\n1 2 1\n", /line 1, column 5: unexpected "1"/],
    ["gset", "\u0000\u0001\u0002", /line 1/],
    ["dimacs", "p cnf 3 2\n1 -2 0\n", /line 1, column 3: "p cnf" states clauses/],
    ["dimacs", "e 1 2\n", /line 1, column 1: an edge before/],
    ["dimacs", "p edge 3 1\ne 1 4\n", /line 2, column 5: a node is "4"/],
    ["dimacs", "p edge 3 1\ny 1 2\n", /line 2, column 1: a line that begins with "y"/],
    ["dimacs", "c nothing\n", /without a problem line/],
    ["matrix-market", "1 1 1\n", /line 1.*does not begin/],
    [
      "matrix-market",
      "%%MatrixMarket matrix coordinate complex symmetric\n1 1 0\n",
      /"complex", expected real/,
    ],
    ["matrix-market", "%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n", /square/],
    ["matrix-market", "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n", /ends after 0 of 1/],
    ["edge-list", "a,b,1\nc,d,x\n", /line 2, column 5: the weight is "x"/],
    ["edge-list", "a\n", /line 1, column 1: 1 fields/],
    ["edge-list", "a,,1\n", /line 1, column 3: an empty field/],
    ["coo", "# vartype=TERNARY\n0 1 1\n", /variable type is TERNARY, expected SPIN or BINARY/],
    ["coo", "# vartype=SPIN\n0 -1 1\n", /line 2, column 3: a variable is "-1"/],
    ["qubo", "p qubo 0 2 1 0\n0 0 1\n1 1 1\n", /line 3, column 1: more terms than the 1/],
    ["qubo", "0 0 1\n", /line 1, column 1: expected the problem line/],
    ["qubo", "p qubo 0 2 1 1\n0 0 1\n", /ends after 1 of 2/],
    ["bqm", '{"a": [1,\n2,,3]}', /line 2, column \d+: the file is not valid JSON/],
    ["edge-list", "1,2,NaN\n", /line 1, column 5: the weight is "NaN"/],
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
  it.each(bad)("says what is wrong with %s %j", async (format, text, message) => {
    await expect(parse(text, format)).rejects.toThrow(FormatError);
    await expect(parse(text, format)).rejects.toThrow(message);
  });
});

describe("names of variables", () => {
  it("are one each, and as many as there are variables", () => {
    const pair = spinProblem({ variables: 2, couplings: [[0, 1, 1]] });
    const edge = weightedGraph(2, [[0, 1]]);
    for (const [format, graph] of [["bqm"], ["edge-list", edge]] as const) {
      const write = (labels: string[]) => formatProblem({ problem: pair, graph, labels }, format);
      expect(() => write(["a"])).toThrow(/labels has length 1, expected 2/);
      expect(() => write(["a", "a"])).toThrow(/"a" names two variables/);
    }
  });
});

describe("junk", () => {
  it("of control characters ends a line instead of going on for ever", async () => {
    const { problem } = await parse("p edge 2 1\nx 1\u001f2\ne 1\u00022\n", "dimacs");
    expect(problem.variables).toBe(2);
    await expect(parseProblem("x\u001fy\n")).rejects.toThrow("the file is binary");
  });

  it("is refused with an error of ours, whatever was broken", async () => {
    const rng = createRng(6);
    const problem = randomProblem(5, 2);
    const alphabet = "0123456789 -+.eE\n\t,;\"'{}[]#%cpa\u0000\u00e9\ud83d";
    let refused = 0;
    for (const format of writable) {
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
          await parse(junk, format);
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(BasinError);
        }
      }
    }
    expect(refused).toBeGreaterThan(2000);
  });
});
