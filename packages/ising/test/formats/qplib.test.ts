import { FormatError, formatProblem, parseProblem } from "@basin/ising";
import { spinStates } from "@basin/testing";
import { expect, it } from "vitest";
import { plain } from "./plain.ts";

interface Parts {
  readonly type?: string;
  readonly sense?: string;
  readonly bias?: string;
  readonly tail?: string;
}

/** The objective ½ xᵀQx + bᵀx + 7 with Q₁₁ = 6, Q₂₁ = 2, Q₃₂ = −4 and b = (1, 1, −2.5), and what follows it. */
const qplib = ({
  type = "QBN",
  sense = "minimize",
  bias = "1.0 # default of b\n1 # others\n3 -2.5",
  tail = "",
}: Parts = {}) =>
  `TINY # problem name\n${type} # problem type\n${sense} # sense\n3 # variables\n3 # nonzeros of Q\n` +
  `1 1 6\n2 1 2\n3 2 -4\n${bias}\n7.0 # constant\n${tail}`;
const infinity = "1e30 # infinity\n0.0 # default start\n";

/** The same by the definition of the format: the matrix written out, both triangles. */
function objective(x: readonly number[]): number {
  const q = [
    [6, 2, 0],
    [2, 0, -4],
    [0, -4, 0],
  ];
  const b = [1, 1, -2.5];
  const quadratic = x.flatMap((xi, i) => x.map((xj, j) => 0.5 * q[i][j] * xi * xj));
  return [...quadratic, ...x.map((xi, i) => b[i] * xi), 7].reduce((sum, term) => sum + term, 0);
}

it.each([
  ["minimize", 1],
  ["maximize", -1],
])("%s: the energy of every state is the objective times %d", async (sense, sign) => {
  const { problem, format, kind } = await parseProblem(qplib({ sense }));
  expect([format, kind]).toEqual(["qplib", "qubo"]);
  for (const state of spinStates(3)) {
    const bits = Array.from(state, (spin) => (1 + spin) / 2);
    expect(problem.energy(state)).toBeCloseTo(sign * objective(bits), 12);
  }
});

it("is known by its structure without the name of a file, and by its extension", async () => {
  const text = qplib({ type: "qbn", sense: "Minimize" });
  const read = plain(await parseProblem(text));
  expect(read.format).toBe("qplib");
  expect(plain(await parseProblem(text, { file: "a.qplib" }))).toEqual(read);
  expect(plain(await parseProblem(text.replaceAll(/ #.*/g, ""), { format: "qplib" }))).toEqual(read);
});

it("of linear objectives with bounds on bits is read as those without constraints", async () => {
  const read = plain(await parseProblem(qplib()));
  expect(plain(await parseProblem(qplib({ type: "LBB" })))).toEqual(read);
});

it("numbers variables from 1 if it names none", async () => {
  for (const tail of ["", infinity, `${infinity}0 # starts\n`, `${infinity}0\n0 # names\n`]) {
    const { labels, firstNumber, notes } = await parseProblem(qplib({ tail }));
    expect([labels, firstNumber, notes]).toEqual([undefined, 1, []]);
  }
});

it("names the variables that have no name in the file x and their number", async () => {
  const { labels, firstNumber } = await parseProblem(qplib({ tail: `${infinity}0\n1 # names\n2 middle\n` }));
  expect([labels, firstNumber]).toEqual([["x1", "middle", "x3"], undefined]);
});

it("reports that starting points are not read", async () => {
  const { labels, notes } = await parseProblem(
    qplib({ tail: `${infinity}2 # starts\n1 1\n3 0\n1 # names\n3 last\n` }),
  );
  expect(notes).toEqual(["the starting point of the file is not read"]);
  expect(labels).toEqual(["x1", "x2", "last"]);
});

it.each([
  ["variables that are not binary", qplib({ type: "QCN" }), "line 2, column 1: the type QCN has variables"],
  ["constraints", qplib({ type: "QBL" }), "line 2, column 1: the type QBL has constraints, expected an N"],
  [
    "an unknown sense",
    qplib({ sense: "least" }),
    'line 3, column 1: the sense is "least", expected minimize',
  ],
  [
    "a variable of Q out of range",
    qplib().replace("3 2 -4", "4 2 -4"),
    'line 8, column 1: a variable is "4"',
  ],
  ["a value of Q that is not finite", qplib().replace("-4", "inf"), 'line 8, column 5: the value is "inf"'],
  ["a fourth number in a line of Q", qplib().replace("2 1 2", "2 1 2 5"), 'line 7, column 7: unexpected "5"'],
  ["a missing coefficient", qplib({ bias: "1.0\n1\n3" }), "line 11, column 2: the coefficient is missing"],
  [
    "a text that ends in Q",
    qplib().slice(0, qplib().indexOf("3 2 -4")),
    "line 7, column 6: the text ends before the problem does",
  ],
  [
    "fewer names than announced",
    qplib({ tail: `${infinity}0\n2 # names\n1 first\n` }),
    "the text ends after 1 of 2 names",
  ],
])("refuses %s, with its place", async (_, text, message) => {
  await expect(parseProblem(text, { format: "qplib" })).rejects.toThrow(FormatError);
  await expect(parseProblem(text, { format: "qplib" })).rejects.toThrow(message);
});

it("is not written", async () => {
  const { problem } = await parseProblem(qplib());
  expect(() => formatProblem({ problem }, "qplib")).toThrow('format "qplib" is only read; written are gset');
});
