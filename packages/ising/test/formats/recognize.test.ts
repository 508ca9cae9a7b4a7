import { gzipSync } from "node:zlib";
import { AmbiguousError, FormatError, groundState, parseProblem } from "@basin/ising";
import { describe, expect, it } from "vitest";
import type { ParseProblemOptions } from "../../src/formats/problem-file.ts";
import { plain } from "./plain.ts";

/** The least energy of a file, by whatever it is taken for. */
async function least(text: string, options: ParseProblemOptions = {}): Promise<number> {
  return groundState((await parseProblem(text, options)).problem).energy;
}

const model1 =
  '{"info":{},"linear_terms":[{"bias":1.0,"label":"a"},{"bias":-1.0,"label":"b"}],"offset":0.5,"quadratic_terms":[{"bias":0.5,"label_head":"b","label_tail":"a"}],"variable_labels":["a","b"],"variable_type":"SPIN","version":{"bqm_schema":"1.0.0"}}';
const model3 =
  '{"type":"BinaryQuadraticModel","version":{"bqm_schema":"2.0.0"},"use_bytes":false,"num_variables":2,"num_interactions":1,"variable_labels":["a",["b",1]],"variable_type":"BINARY","offset":1,"linear_biases":[-2,-3],"quadratic_biases":[4],"quadratic_head":[0],"quadratic_tail":[1]}';
const bqp =
  '{"version":"1.0.0","id":0,"metadata":{},"variable_domain":"spin","scale":2,"offset":1,"variable_ids":[1,3],"linear_terms":[{"id":1,"coeff":1.5}],"quadratic_terms":[{"id_tail":1,"id_head":3,"coeff":-1}]}';
const xml = (weight: string) =>
  `<?xml version="1.0"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="d0" for="edge" attr.name="weight" attr.type="double"/><key id="d1" for="edge" attr.name="color"/>\n<graph edgedefault="directed"><node id="a"/><node id="b &amp; c"/><edge source="a" target="b &amp; c"><data key="d0">${weight}</data><data key="d1">red</data></edge></graph></graphml>`;
const nodeLink =
  '{"directed":true,"multigraph":false,"graph":{},"nodes":[{"id":"a"},{"id":"b"}],"links":[{"source":"a","target":"b","weight":3,"color":"red"}]}';

const readable: [name: string, text: string, format: string, energy: number][] = [
  ["a.csv", "id_1,id_2\n0,1\n1,2\n2,0\n", "edge-list", -2],
  ["a.csv", "\nsource,target\n1,2\n2,3\n", "edge-list", -2],
  [
    "a.csv",
    "Source,Target,Type,Id,Label,Weight\na,b,Undirected,0,,1\nb,c,Undirected,1,,1\n",
    "edge-list",
    -2,
  ],
  ["a.csv", 'name,other,flow\n"x, y","z ""q""",2\n', "edge-list", -2],
  ["a.edgelist", "a b 2\nb c 1\n", "edge-list", -3],
  ["a.edgelist", "a b {}\nb c {'weight': 3, 'hue': \"red\"}\n", "edge-list", -4],
  ["a.edgelist", "c d 2\nd e 1\n", "edge-list", -3],
  ["a.edgelist", "c a comment\n1 2 2\n2 3 1 # more\n", "edge-list", -3],
  ["a.sparse", "3 5\n1 1 5\n2 2 -3\n3 3 1\n1 2 -6\n2 3 -1\n", "gset", -11],
  ["a.qh", "4 3\n1 1 1.5\n3 3 -0.5\n1 3 2\n", "gset", -4],
  ["a.mc", "# three nodes\n3 2\n# a b w\n1 2 3\n2 3 -2\n", "gset", -3],
  ["G1", "3 2\n0 1\n1 2\n", "gset", -2],
  ["g05_60.0", "3 2\n1 2 1\n2 3 1\n", "gset", -2],
  ["a.coo", "# vartype: SPIN\n\n0 1 -1.0\n1 2 3.0\n", "coo", -4],
  ["a.txt", "0 1 -1.0\n// vartype=BINARY\n1 2 3.0\n", "coo", -1],
  ["a.qubo", "0 0 -1\n0 1 2\n", "coo", -1],
  ["a.qubo", "c first\n# second\np qubo 0 2 1 1 % third\n0 0 -1\n0 1 2 // fourth\n", "qubo", -1],
  ["a.col", "c a path\np edge 3 2\nn 1 4\nn 2 2\ne 1 2\ne 2 3\n", "dimacs", -2],
  ["a.clq", "c FILE: path\np col 3 2\ne 1 2\ne 2 3\n", "dimacs", -2],
  [
    "a.mtx",
    "%%MatrixMarket matrix coordinate real symmetric\n% first\n2 2 1\n# second\n2 1 3\n",
    "matrix-market",
    -3,
  ],
  ["a.json", model1, "bqm", -2],
  ["a.json", model3, "bqm", -2],
  ["a.json", bqp, "bqpjson", -3],
  ["a.json", nodeLink, "node-link", -3],
  ["a.json", '{"nodes":["p","q"],"edges":[{"source":"p","target":"q"}]}', "node-link", -1],
  ["a.graphml", xml("3"), "graphml", -3],
];

describe("files of other people", () => {
  it.each(readable)("are known by their structure: %s %j is %s", async (file, text, format, energy) => {
    expect((await parseProblem(text, { file })).format).toBe(format);
    expect(await least(text, { file })).toBe(energy);
  });

  it.each(readable)("are read from bytes, gzipped or in UTF-16, as from text: %s %j", async (file, text) => {
    const read = plain(await parseProblem(text, { file }));
    expect(plain(await parseProblem(gzipSync(text), { file: `${file}.gz` }))).toEqual(read);
    expect(plain(await parseProblem(Buffer.from(`\ufeff${text}`, "utf16le"), { file }))).toEqual(read);
    expect(plain(await parseProblem(`\ufeff${text.replaceAll("\n", "\r\n")}`, { file }))).toEqual(read);
  });

  it("give the names of their variables back", async () => {
    expect((await parseProblem(model3)).labels).toEqual(["a", '["b",1]']);
    expect((await parseProblem(xml("1"))).labels).toEqual(["a", "b & c"]);
    expect((await parseProblem("3 2\n0 1\n1 2\n")).firstNumber).toBe(0);
    expect((await parseProblem("3 2\n1 2\n2 3\n")).firstNumber).toBe(1);
  });
});

describe("what is left out or decided", () => {
  it.each([
    ["a.csv", "a,b\nb,a\na,b\n", /2 pairs repeated/],
    ["a.csv", "id_1,id_2\n0,1\n1,2\n", /first line was taken for a heading: id_1, id_2/],
    ["a.csv", "from,to,flow\na,b,2\n", /column "flow" was taken for the weights/],
    ["a.csv", "from,to,timestamp\na,b,2\n", /columns not read: timestamp.*\n.*weights are 1/],
    ["a.csv", "Source,Target,Type,Weight\na,b,Directed,2\n", /1 directed edge taken as undirected/],
    ["a.csv", "a,b,2\nb,c\n", /1 edge without weight: 1/],
    [
      "a.col",
      "p edge 3 5\nn 1 4\ne 1 2\ne 2 1\n",
      /1 line "n" left out[\s\S]*announces 5 edges, the file has 2[\s\S]*1 edge stated once more/,
    ],
    ["a.json", bqp, /multiplied by the scale 2[\s\S]*opposite sign/],
    ["a.coo", "# vartype=BINARY\n1 3 -1\n", /2 numbers below 4 in no term/],
    ["a.edgelist", "a b {'hue': 3}\n", /data of edges not read: hue/],
    ["a.json", nodeLink, /fields of links not read: color\n.*directed/],
    ["a.graphml", xml("1"), /data of edges not read: color\n1 directed edge taken/],
    ["a.mc", "3 2\n1 2 5\n2 3\n", /^1 edge without weight: 1$/],
    ["a.sparse", "1 1\n1 1 5\n", /each pair counts twice/],
    ["a.qubo", "c offset 3\np qubo 0 1 1 0\n0 0 1\n", /names the offset 3, which is not added/],
  ])("is said: %s %j", async (file, text, message) => {
    expect((await parseProblem(text, { file })).notes.join("\n")).toMatch(message);
  });

  it("is said of loops that a cut has no use for", async () => {
    const read = await parseProblem("3 3\n1 1 5\n1 2 1\n2 3 1\n", { kind: "max-cut" });
    expect(read.notes).toEqual(["1 loop left out: no cut takes an edge from a node to itself"]);
    expect(groundState(read.problem).energy).toBe(-2);
  });
});

describe("two readings", () => {
  it.each([
    ["a.txt", "3 3\n1 1 5\n2 2 -3\n1 2 1\n", /2 pairs of the file join.*"max-cut".*"qubo".*"ising".*--kind/],
    ["a.csv", "x,x,1\nx,y,2\n", /1 pair of the file joins.*--kind/],
    ["a.sparse", "3 1\n1 2 1\n", /no linear terms.*"max-cut".*"qubo".*--kind/],
    [
      "a.mtx",
      "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 1\n2 1 3\n",
      /1 entry of the diagonal.*--kind/,
    ],
    ["a.txt", "0 1 -1\n1 2 3\n", /two names and a number.*--kind/],
    ["a.dat", "x y -1\ny z 3\n", /two names and a number.*--kind/],
    ["a.coo", "0 1 1\n", /variable type is missing.*--kind/],
    ["a.csv", "i,j,coupling\n1,2,3\n", /calls the numbers "coupling".*--kind/],
    ["a.foo", "3 2\n1 2\n2 3\n", /3 nodes and 2 edges.*"gset".*"edge-list".*--format/],
    ["a.edgelist", "3 2\n1 2\n2 3\n", /"gset".*"edge-list".*--format/],
    ["a.csv", "3,2\n1,2,3\n2,3,-2\n", /"gset".*"edge-list".*--format/],
    ["a.txt", "5 7\n1 2\n2 3\n", /5 nodes and 7 edges.*--format/],
    ["a.csv", "person,friend\nann,bob\nbob,cy\n", /line 1 is "person" and "friend".*--heading/],
    ["a.csv", "0,1,1\n1,0,1\n1,1,0\n", /"edge-list".*rows of a matrix.*--format/],
    ["Q.csv", "1,2,3\n2,4,5\n3,5,6\n", /"edge-list".*rows of a matrix.*--format/],
    ["Q.csv", "-1,2,0\n0,-1,2\n0,0,-1\n", /"edge-list".*rows of a matrix.*--format/],
    ["a.txt", "0 1\n1 0\n", /the 2 lines could be edges.*rows of a matrix/],
    ["a.csv", "source,target\nsource,b\n", /which occur again.*--heading/],
  ])("are refused with the option that decides: %s %j", async (file, text, message) => {
    await expect(parseProblem(text, { file })).rejects.toThrow(AmbiguousError);
    await expect(parseProblem(text, { file })).rejects.toThrow(message);
  });

  it("are told apart by the option", async () => {
    expect((await parseProblem("1,2,3\n2,4,5\n3,5,6\n", { format: "edge-list" })).graph?.nodes).toBe(5);
    expect(await least("0 0 1\n0 1 1\n1 1 -2\n", { file: "a.coo", kind: "qubo" })).toBe(-2);
    const text = "2 3\n1 1 -3\n2 2 -3\n1 2 1\n";
    expect(await least(text, { kind: "qubo" })).toBe(-4);
    expect(await least(text, { kind: "ising" })).toBe(-5);
    expect(await least(text, { kind: "max-cut" })).toBe(-1);
    expect(await least(text, { kind: "qubo", maximize: true, offset: 2 })).toBe(-2);
    const people = "person,friend\nann,bob\nbob,cy\n";
    expect((await parseProblem(people, { heading: true })).labels).toEqual(["ann", "bob", "cy"]);
    expect((await parseProblem(people, { heading: false })).labels).toHaveLength(5);
    await expect(parseProblem("p edge 1 0\n", { kind: "qubo" })).rejects.toThrow(
      /holds max-cut, got the kind "qubo"/,
    );
    await expect(parseProblem("1 0\n", { maximize: true })).rejects.toThrow(/always maximized/);
  });
});

describe("values that are no file", () => {
  it.each<[unknown, string]>([
    [undefined, "source is undefined, expected the text of a file, its pieces, or its bytes as a Uint8Array"],
    [{}, "source is an object"],
    [new ArrayBuffer(4), "source is an ArrayBuffer (wrap it: new Uint8Array(buffer))"],
    [["3 2\n", 5], "source[1] is 5, expected a piece of text"],
    [Float64Array.of(1), "source[0] is 1, expected a piece of text"],
  ])("are named: %o", async (source, message) => {
    await expect(parseProblem(source as never)).rejects.toThrow(message);
  });

  it.each([
    [{ file: 5 }, "file is 5, expected the name of the file"],
    [{ maximize: "yes" }, 'maximize is the string "yes", expected true or false'],
    [{ heading: "no" }, 'heading is the string "no", expected true or false'],
  ])("so are options: %o", async (options, message) => {
    await expect(parseProblem("a,b,1\n", options as never)).rejects.toThrow(message);
  });

  it.each([
    ["\x93NUMPY\x01", /a NumPy array \(\.npy\), which is not read; write its entries/],
    ["\x89HDF\r\n\x1a\n", /an HDF5 file, which is not read/],
    ["\x80\x04", /binary, and of no known kind/],
  ])("so are binary files: %j", async (text, message) => {
    await expect(parseProblem(Uint8Array.from(text, (c) => c.charCodeAt(0)))).rejects.toThrow(message);
  });
});

describe("files that are no problem", () => {
  it.each([
    ["a.txt", "", /is empty; known formats: gset/],
    ["a.txt", "# only this\n", /nothing but comments/],
    ["a.gml", "graph [\n  node [ id 1 ]\n]\n", /in GML format/],
    ["a.net", "*Vertices 2\n1 a\n", /in Pajek's format/],
    ["a.lp", "Minimize\n obj: x + y\nSubject To\n c1: x + y >= 1\nEnd\n", /in LP format/],
    ["bqp50.txt", "2\n3 2\n1 1 5\n1 2 -6\n3 1\n1 1 2\n", /the OR-Library's \(several problems; cut out one/],
    ["a.csv", "source,target,weight\n", /ends after the heading, without an edge/],
    ["a.csv", "source,target\n", /ends after the heading, without an edge/],
    ["a.csv", "0,1,abc\n", /line 1, column 5: the weight is "abc", expected a finite number/],
    ["a.csv", "0,1,0x10\n1,2,1\n", /line 1, column 5: the weight is "0x10"/],
    ["a.csv", '0,1,"1,5"\n', /line 1, column 5: the weight is "1,5"/],
    [
      "a.csv",
      "0.5,0,1\n1,1,2\n",
      /line 1, column 1: the node is "0.5", which is no whole number; where another/,
    ],
    ["a.csv", "0,1,2\n0,1e3,4\n", /line 2, column 3: the node is "1e3"/],
    ["a.graph", "4 4\n2 4\n1 3\n2 4\n1 3\n", /in METIS's format/],
    ["a.gexf", '<?xml version="1.0"?><gexf version="1.2"></gexf>', /XML of the kind "gexf"/],
    ["a.json", '{"a": 1}', /neither the fields of a dimod model/],
    ["a.graphml", xml("heavy"), /the weight is "heavy"/],
    [
      "a.graphml",
      xml("1").replace('target="b &amp; c"', 'target="z"'),
      /line 3.*an edge to "z", which is not a node/,
    ],
    ["a.graphml", xml("1").replace("</graph>", ""), /line 3, column 168: unexpected close tag/],
    ["a.txt", "one two three four five\n", /begins no known format/],
    ["a.csv", "a,b,2\nc,d,1,5\n", /line 2, column 1: 4 fields/],
    ["a.edgelist", "1 2 1,5\n2 3 2,5\n", /a decimal comma/],
    ["a.csv", '"a,b\n', /quote that is not closed/],
    ["a.json", bqp.replace('"id":1,"coeff"', '"id":2,"coeff"'), /names the variable 2/],
    ["a.json", model1.replace('"label_head":"b"', '"label_head":"z"'), /names "z", which is not a variable/],
    ["a.json", nodeLink.replace('{"id":"b"}', '{"id":"a"}'), /"a" names two variables/],
  ])("are refused with what they look like: %s %j", async (file, text, message) => {
    await expect(parseProblem(text, { file })).rejects.toThrow(FormatError);
    await expect(parseProblem(text, { file })).rejects.toThrow(message);
  });

  it("keep names in Windows-1252", async () => {
    const file = await parseProblem(Buffer.from("source,target\nKöln,Bonn\n", "latin1"), { file: "a.csv" });
    expect(file.labels).toEqual(["Bonn", "Köln"]);
  });

  it("are refused when they are packed otherwise than by gzip, or damaged", async () => {
    await expect(parseProblem(Uint8Array.of(0x50, 0x4b, 3, 4, 0))).rejects.toThrow(/compressed with zip/);
    const cut = gzipSync("3 2\n1 2 1\n2 3 2\n").subarray(0, 20);
    await expect(parseProblem(cut, { file: "a.gz" })).rejects.toThrow("the gzip data is damaged or cut off");
    await expect(parseProblem(Uint8Array.of(1, 0, 2, 0))).rejects.toThrow(/binary, and of no known kind/);
  });
});

const headings = [
  ["source", "target"],
  ["From", "To"],
  ["id_1", "id_2"],
  ["node1", "node2"],
  ["FromNodeId", "ToNodeId"],
  ["u", "v"],
  ["Quelle", "Ziel"],
  ["left node", "right node"],
];
const comments = ["", "# a, b\n", "% a b\n", "// a;b\n", "\n\n", "c a comment\n"];

describe("an edge list", () => {
  const cases = headings.flatMap(([a, b]) =>
    [",", ";", "\t", "|", " "].flatMap((separator) =>
      comments.map((comment) => ({ a, b, separator, comment })),
    ),
  );
  it.each(cases.filter(({ a, separator }) => separator !== " " || !a.includes(" ")))(
    "is the same with the heading $a, $b, the separator $separator and the comment $comment",
    async ({ a, b, separator, comment }) => {
      const simple = await parseProblem("1,2,3\n2,3,4\n3,1,5\n", { file: "a.csv" });
      const rows = [
        ["1", "2", "3"],
        ["2", "3", "4"],
        ["3", "1", "5"],
      ];
      const body = (width: number) =>
        rows.map((row) => row.slice(0, width).join(separator)).join(`\n${comment}`);
      const weighted = `${comment}${[a, b, "weight"].join(separator)}\n${comment}${body(3)}\n${comment}`;
      const { problem, labels } = plain(await parseProblem(weighted, { file: "a.csv" }));
      expect({ problem, labels }).toEqual({ problem: plain(simple).problem, labels: simple.labels });
      const pairs = await parseProblem(`${comment}${a}${separator}${b}\n${comment}${body(2)}`, {
        file: "a.csv",
      });
      expect([pairs.labels, pairs.problem.couplings.values.length]).toEqual([simple.labels, 3]);
      expect(groundState(pairs.problem).energy).toBe(-2);
    },
  );
});

describe("numbers between other separators and comments", () => {
  const files: [string, string, ParseProblemOptions][] = [
    ["gset", "3 2\n1 2 3\n2 3 -2\n", { file: "G1" }],
    ["qubo", "p qubo 0 2 1 1\n0 0 -1\n0 1 2\n", { file: "a.qubo" }],
    ["coo", "# vartype=SPIN\n0 1 2\n0 0 -3\n", { file: "a.coo" }],
    ["dimacs", "p edge 3 2\ne 1 2\ne 2 3\n", { file: "a.col" }],
  ];
  it.each(
    files.flatMap((file) =>
      [" ", "\t", ", ", ";", "   "].flatMap((separator) =>
        comments.map((comment) => [...file, separator, comment] as const),
      ),
    ),
  )("are the same numbers: %s %j", async (format, text, options, separator, comment) => {
    const spread = text.replace(/(?<=\S) (?=[\d-])/g, separator).replaceAll("\n", ` # ${format}\n${comment}`);
    const { problem } = plain(await parseProblem(spread, { ...options, format: format as "gset" }));
    expect(problem).toEqual(plain(await parseProblem(text, options)).problem);
  });
});
