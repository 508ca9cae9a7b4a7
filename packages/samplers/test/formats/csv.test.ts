import { describe, expect, test } from "vitest";
import { readCsv } from "../../src/formats/csv.ts";
import type { ReadOptions } from "../../src/formats/file-draws.ts";
import { series, statistic } from "../../src/index.ts";

const CMDSTAN = `# stan_version_major = 2
# method = sample (Default)
#   sample
#     num_samples = 3
#     num_warmup = 2
#     save_warmup = true
#     thin = 1 (Default)
#   random
#     seed = 4242
lp__,accept_stat__,stepsize__,treedepth__,n_leapfrog__,divergent__,energy__,mu,theta.1,theta.2
-9,0.5,2,1,1,0,9,0,0,0
-9,0.5,2,1,1,0,9,0,0,0
# Adaptation terminated
# Step size = 0.8
-6.5,0.9,0.8,2,3,0,8.1,1.5,-2,3e-1
-7.5,0.8,0.8,2,3,1,9.1,2.5,-1,nan
-5.25,1,0.8,1,1,0,7.1,3.5,0,inf
#  Elapsed Time: 0.01 seconds
`;

test("CmdStan files: warm-up left out, names, statistics, values that are not finite", () => {
  const draws = readCsv([CMDSTAN, CMDSTAN.replace("1.5,", "1.25,")]);
  expect(draws).toMatchObject({ draws: 3, dimension: 3, seed: 4242, names: ["mu", "theta[1]", "theta[2]"] });
  expect(draws.readAs).toBe("CmdStan's CSV");
  expect(series(draws, "mu").map((chain) => [...chain])).toEqual([
    [1.5, 2.5, 3.5],
    [1.25, 2.5, 3.5],
  ]);
  expect([...series(draws, "theta[2]")[0]]).toEqual([0.3, Number.NaN, Infinity]);
  expect([...statistic(draws, "energy")[0]]).toEqual([6.5, 7.5, 5.25]);
  expect([...statistic(draws, "diverged")[1]]).toEqual([0, 1, 0]);
  expect([...statistic(draws, "hamiltonian")[1]]).toEqual([8.1, 9.1, 7.1]);
});

/** Returns the chains of a text by quantity. */
function read(text: string, options?: ReadOptions): Record<string, number[][]> {
  const draws = readCsv([text], options);
  return Object.fromEntries(
    draws.names.map((name) => [name, series(draws, name).map((chain) => [...chain])]),
  );
}

const { NaN: nan } = Number;

describe("spellings of numbers", () => {
  test.each<[string, number]>([
    ["1.#INF", Infinity],
    ["-1.#INF", -Infinity],
    ["1.#INF00", Infinity],
    ["-1.#IND", nan],
    ["1.#QNAN", nan],
    ["-1.#IND00", nan],
    ["inf", Infinity],
    ["-Inf", -Infinity],
    ["+INFINITY", Infinity],
    ["Infinity", Infinity],
    ["nan", nan],
    ["-nan", nan],
    ["NaN", nan],
    ["-nan(ind)", nan],
    ["NA", nan],
    ["#N/A", nan],
    ["", nan],
    ["None", nan],
    ["null", nan],
    ["<NA>", nan],
    ["TRUE", 1],
    ["False", 0],
    ["1.5D+02", 150],
    [".5", 0.5],
    ["-1.", -1],
    ["1e400", Infinity],
    ['"2.5"', 2.5],
  ])("%s is read among numbers, first and last on its line", (text, value) => {
    expect(read(`a,b,c\n1,${text},2\n${text},4,5\n6,7,${text}\n`)).toEqual({
      a: [[1, value, 6]],
      b: [[value, 4, 7]],
      c: [[2, 5, value]],
    });
  });
  test.each(["1_000", "0x10", "1,5e", "12abc", "1.#FOO", "--1", "#NUM!", "#DIV/0!", "0.1.2", "1e"])(
    "%s is refused with its line and column",
    (text) => {
      expect(() => read(`a,b\n1,2\n3,"${text}"\n4,5\n`)).toThrow(
        `file 0: line 3 has "${text}" as b, expected a number`,
      );
    },
  );
  test("what is missing is counted in the notes", () => {
    expect(readCsv(['"mu","tau"\n1,2\nNA,3\n,1\n3,2\n']).notes).toEqual([
      "mu lacks 2 of 4 values, the first on line 3",
    ]);
  });
});

const columns = { mu: [[0.5, -1, 3]], "theta[1]": [[2, 1e-3, 7]] };
const lines = [
  ["mu", "theta.1"],
  ["0.5", "2"],
  ["-1", "1e-3"],
  ["3", "7"],
];

describe("a table of any separator, comments, quotes, ends of lines and row names is the same draws", () => {
  const separators = { comma: ",", tab: "\t", semicolon: ";", blank: " ", blanks: "   " };
  const dress: Record<string, (table: string) => string> = {
    plain: (table) => table,
    "a byte order mark": (table) => `\uFEFF${table}`,
    "carriage returns": (table) => table.replaceAll("\n", "\r\n"),
    "comments above, between and below": (table) =>
      `# by hand, for 1;2\tthings\n\n${table.replace("\n-1", "\n# x\n-1")}# end\n`,
    "no end of the last line": (table) => table.trimEnd(),
  };
  const rows: Record<string, (row: readonly string[], r: number) => readonly string[]> = {
    "no row names": (row) => row,
    "quoted names": (row, r) => (r === 0 ? row.map((name) => `"${name}"`) : row),
    "R's row names under an empty name": (row, r) => [r === 0 ? '""' : `"${r}"`, ...row],
    "R's row names without a name": (row, r) => (r === 0 ? row : [`"${r}"`, ...row]),
    "an index from 0": (row, r) => [r === 0 ? "Unnamed: 0".replace(" ", "_") : `${r - 1}`, ...row],
  };
  const cases = Object.keys(separators).flatMap((separator) =>
    Object.keys(dress).flatMap((dressing) =>
      Object.keys(rows).map((row) => [separator, dressing, row] as const),
    ),
  );
  test.each(cases)("%s, %s, %s", (separator, dressing, row) => {
    const table = lines
      .map((line, r) => `${rows[row](line, r).join(separators[separator as never])}\n`)
      .join("");
    expect(read(dress[dressing](table))).toEqual(columns);
  });
  test("decimal commas between semicolons", () => {
    expect(read("mu;theta.1\n0,5;2\n-1;1e-3\n3;7,0\n")).toEqual(columns);
  });
  test("names in a comment, as NumPy writes them", () => {
    const draws = readCsv(["# mu theta.1\n0.5 2\n-1 1e-3\n3 7\n"]);
    expect(draws.names).toEqual(["mu", "theta[1]"]);
    expect(draws.notes).toEqual(["names are taken from the comment on line 1"]);
  });
});

describe("long tables", () => {
  const expected = {
    mu: [
      [0.5, 1.5],
      [2.5, 3.5],
    ],
  };
  const chainNames = ["chain", "Chain", ".chain", "chain__", "chain_id", "CHAIN.ID"];
  const counterNames = [".iteration", "Iteration", "iter", "draw", ".draw", "draw__"];
  test.each(chainNames.flatMap((chain) => counterNames.map((counter) => [chain, counter] as const)))(
    "columns %s and %s, rows in any order",
    (chain, counter) => {
      const rows = ["2,2,3.5", "1,1,0.5", "2,1,2.5", "1,2,1.5"];
      const draws = readCsv([`${chain},${counter},mu\n${rows.join("\n")}\n`]);
      // The chain that comes first is the first.
      expect(series(draws, "mu").map((values) => [...values])).toEqual(expected.mu.toReversed());
      expect(draws.readAs).toBe(`a table of draws, chains by the column "${chain}"`);
    },
  );
  test.each<[string, string, Record<string, number[][]>]>([
    ["chains by label", "chain,mu\na,0.5\nb,2.5\na,1.5\nb,3.5\n", expected],
    ["a counter that begins anew", "iteration,mu\n1,0.5\n2,1.5\n1,2.5\n2,3.5\n", expected],
    ["two counters", ".chain,.iteration,.draw,mu\n1,1,1,0.5\n1,2,2,1.5\n2,1,3,2.5\n2,2,4,3.5\n", expected],
    ["the chain last", "mu,.chain,.iteration,.draw\n0.5,1,1,1\n1.5,1,2,2\n2.5,2,1,3\n3.5,2,2,4\n", expected],
    [
      "a row a value",
      "Iteration,Chain,Parameter,value\n1,1,mu,0.5\n2,1,mu,1.5\n1,2,mu,2.5\n2,2,mu,3.5\n1,1,tau,5\n2,1,tau,6\n1,2,tau,7\n2,2,tau,8\n",
      {
        ...expected,
        tau: [
          [5, 6],
          [7, 8],
        ],
      },
    ],
    [
      "a row a value, quantity by quantity in each draw",
      ".chain,.draw,.variable,.value\n1,1,mu,0.5\n1,1,theta.1,5\n1,2,mu,1.5\n1,2,theta.1,6\n2,3,mu,2.5\n2,3,theta.1,7\n2,4,mu,3.5\n2,4,theta.1,8\n",
      {
        ...expected,
        "theta[1]": [
          [5, 6],
          [7, 8],
        ],
      },
    ],
    ["a column a chain", "iteration,Chain 1,Chain 2\n1,0.5,2.5\n2,1.5,3.5\n", { x: expected.mu }],
    [
      "a column a chain and quantity, as R's arrays are written",
      "chain:1.mu,chain:2.mu,chain:1.tau,chain:2.tau\n0.5,2.5,5,7\n1.5,3.5,6,8\n",
      {
        ...expected,
        tau: [
          [5, 6],
          [7, 8],
        ],
      },
    ],
    ["the header repeated", "mu\n0.5\n1.5\nmu\n2.5\n3.5\n", expected],
  ])("%s", (_, text, chains) => {
    expect(read(text)).toEqual(chains);
  });
  test.each<[ReadOptions, string]>([
    [{ chains: 2 }, "mu\n0.5\n1.5\n2.5\n3.5\n"],
    [{ chainColumn: "walker" }, "walker,mu\n7,0.5\n7,1.5\n9,2.5\n9,3.5\n"],
    [{ chainColumn: "walker", iterationColumn: "t" }, "walker,t,mu\n7,2,1.5\n7,1,0.5\n9,1,2.5\n9,2,3.5\n"],
    [{ header: true, chains: 2 }, "7\n0.5\n1.5\n2.5\n3.5\n"],
    [{ header: false, chains: 2 }, "0.5\n1.5\n2.5\n3.5\n"],
  ])("by the option %j", (options, text) => {
    expect(Object.values(read(text, options))).toEqual([expected.mu]);
  });
  test("a quantity of a counter's name is one where it does not count", () => {
    expect(read("draw,state,chain\n0.5,1,1.25\n0.25,1,2\n")).toEqual({
      draw: [[0.5, 0.25]],
      state: [[1, 1]],
      chain: [[1.25, 2]],
    });
    expect(read("chain,mu\n1,0.5\n2,1\n", { chainColumn: "none" })).toEqual({
      chain: [[1, 2]],
      mu: [[0.5, 1]],
    });
  });
  test("rows that a column calls warm-up are left out", () => {
    const draws = readCsv([
      ".chain,warmup,mu\n1,TRUE,9\n1,FALSE,0.5\n1,FALSE,1.5\n2,TRUE,9\n2,FALSE,2.5\n2,FALSE,3.5\n",
    ]);
    expect(series(draws, "mu").map((chain) => [...chain])).toEqual(expected.mu);
    expect(draws.notes).toEqual(['2 draws of warm-up by the column "warmup" are left out']);
    expect(() => read("tune,mu\n1,9\n1,8\n")).toThrow('every row is warm-up by the column "tune"');
    expect(read("tune,mu\n0.5,9\n1,8\n").tune).toEqual([[0.5, 1]]);
  });
  test("a counter that skips numbers is noted", () => {
    expect(readCsv(["iteration,mu\n10,1\n20,2\n30,3\n"]).notes).toEqual([]);
    expect(readCsv(["iteration,mu\n10,1\n20,2\n40,3\n"]).notes).toEqual([
      'the column "iteration" skips numbers: draws may be missing',
    ]);
  });
  test("columns of ArviZ's data frames", () => {
    const header = `,chain,draw,"('posterior', 'mu')","('posterior', 'theta[Choate]', 'Choate')","('sample_stats', 'diverging')","('sample_stats', 'lp')","('prior', 'mu')"`;
    const draws = readCsv([`${header}\n0,0,0,0.5,2,True,-3,7\n1,0,1,1.5,3,False,-4,8\n`]);
    expect(draws.names).toEqual(["mu", "theta[Choate]"]);
    expect([...statistic(draws, "diverged")[0]]).toEqual([1, 0]);
    expect([...statistic(draws, "energy")[0]]).toEqual([3, 4]);
    expect(draws.notes).toContain("not used: ('prior', 'mu') (statistics of a sampler)");
  });
  test("statistics of Turing, which are quantities elsewhere", () => {
    const draws = readCsv([
      "iteration,chain,mu,lp,tree_depth,is_accept,hamiltonian_energy,numerical_error\n1,1,0.5,-3,2,1,5,0\n2,1,1.5,-4,3,1,6,1\n",
    ]);
    expect(draws.names).toEqual(["mu"]);
    expect([...statistic(draws, "energy")[0]]).toEqual([3, 4]);
    expect([...statistic(draws, "diverged")[0]]).toEqual([0, 1]);
    expect(draws.notes).toEqual(["not used: is_accept (statistics of a sampler)"]);
    expect(readCsv(["mu,lp,tree_depth\n1,2,3\n4,5,6\n"]).names).toEqual(["mu", "lp", "tree_depth"]);
  });
  test("a chain column of fractions is said to be a quantity", () => {
    const table = "chain,mu\n0.5,1\n0.5,2\n1.5,3\n1.5,4\n";
    expect(readCsv([table]).notes).toEqual([
      'the column "chain" holds numbers that are not whole and is diagnosed as a quantity',
    ]);
    expect(readCsv([table.replaceAll(".5,", ".0,")]).chains).toHaveLength(2);
  });

  test.each(["weight", "log_weight", "importance_weights", "logwt"])(
    "a column %s is said to weigh nothing",
    (name) => {
      const read = readCsv([`${name},mu\n0.1,1\n0.7,2\n0.2,4\n`]);
      expect(read.notes).toEqual([
        `the column "${name}" is diagnosed as a quantity, and every row counts once; if it weighs the rows, resample them by it first`,
      ]);
    },
  );

  test("names in any script are names", () => {
    expect(read("θ,平均\n1,1\n2,2\n3,3\n")).toEqual({ θ: [[1, 2, 3]], 平均: [[1, 2, 3]] });
  });
  test("what is not read is said", () => {
    const { notes } = readCsv([".chain,.draw,.iteration,model,mu\n1,1,1,a,0.5\n1,2,2,b,1\n"]);
    expect(notes).toEqual([
      'the column ".draw" names or counts rows and is not diagnosed',
      'not read: "model" (text, not numbers, such as "a")',
    ]);
    expect(readCsv(["lp__,int_time__,mu\n-1,2,3\n"]).notes).toEqual([
      "not used: int_time__ (statistics of a sampler)",
    ]);
  });

  test("text that describes the rows is not taken for names of quantities", () => {
    const constant = readCsv(["mu,name\n1,site\n2,site\n4,site\n"]);
    expect(series(constant, "mu")).toEqual([Float64Array.of(1, 2, 4)]);
    expect(constant.notes).toEqual(['not read: "name" (text, not numbers, such as "site")']);
    expect(() => readCsv(["mu,country\n1,a\n2,a\n3,b\n4,b\n"])).toThrow(
      'the column "country" of text could name the quantity of each row, or describe the rows: head it "variable"',
    );
    const melted = readCsv(["L1,x\na,1\na,2\nb,3\nb,4\n"]);
    expect(melted.names).toEqual(["a", "b"]);
    const unnamed = readCsv(["which,estimate\na,1\na,2\nb,3\nb,4\n"]);
    expect(unnamed.names).toEqual(["a", "b"]);
  });
});

describe("refused with the reason", () => {
  test.each<[string, readonly string[], string]>([
    ["nothing", [], "no files were given"],
    ["comments only", ["# nothing\n"], "file 0: this text holds no draws"],
    ["names only", ["mu,tau\n"], "file 0: this text holds no draws, only names of columns"],
    [
      "no header",
      ["0.75\n0.29\n-0.66\n"],
      "line 1 (0.75) holds numbers where names of the columns are expected; say whether",
    ],
    ["a number among the names", ["mu,2\n1,2\n"], "line 1 (mu,2) holds numbers"],
    ["numbered columns", [",0,1\n0,0.5,0.25\n1,0.25,0.5\n"], "line 1 (,0,1) holds numbers"],
    ["no number", ["lp__,mu\n1,2\n1,two\n"], 'line 3 has "two" as mu, expected a number'],
    ["a name twice", ["lp__,mu,mu\n-1,0.1,7\n-1,0.2,8\n"], 'the column "mu" comes twice'],
    ["names alike after their indices", ["a.1,a[1]\n1,2\n"], 'the name "a[1]" comes twice'],
    [
      "statistics only",
      ["lp__,accept_stat__\n-1,1\n"],
      "there are no parameters among the columns lp__, accept_stat__",
    ],
    ["a short line", ["a,b\n1,2\n3\n4,5\n"], "line 3 has 1 fields, the header has 2 names"],
    ["a long line", ["a,b\n1,2\n3,4,5\n4,5\n"], "line 3 has 3 fields, the header has 2 names"],
    ["a quote that does not close", ['a,b\n1,"2\n'], "this is not CSV: Quote Not Closed"],
    [
      "other names",
      ["mu\n1\n", "nu\n2\n"],
      'file 1 has other quantities than file 0: it lacks "mu" and has "nu" besides',
    ],
    [
      "another length",
      ["mu\n1\n", "mu\n1\n2\n"],
      "file 1 has 2 draws, file 0 has 1; chains must be equally long",
    ],
    [
      "uneven chains",
      ["chain,mu\n1,1\n1,2\n2,1\n"],
      "chain 1 of file 0 has 1 draws, chain 0 of file 0 has 2",
    ],
    [
      "the same draws",
      ["a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4\n"],
      "two of the files hold the same draws (file 0 and file 1)",
    ],
    [
      "a chain without a label",
      ["chain,mu\n1,1\nNA,2\n2,3\n"],
      'the column "chain" holds whole numbers, but 1 of 3 rows have none',
    ],
    ["counters only", ["chain,draw\n1,1\n1,2\n"], "there are no parameters among the columns chain, draw"],
    ["a draw twice", ["chain,iter,mu\n1,1,1\n1,1,2\n"], 'chain 1 has 1 twice in the column "iter"'],
    [
      "interleaved chains",
      ["iter,mu\n1,1\n1,2\n2,3\n2,4\n"],
      "no column tells chains apart: name one (chainColumn, --chain-column)",
    ],
    [
      "blocks of an unknown column",
      ["walker,mu\n0,1\n0,2\n0,3\n0,4\n1,1\n1,2\n1,3\n1,5\n"],
      'the column "walker" is constant over 2 blocks of 4 rows: it may label chains (chainColumn: "walker"',
    ],
    [
      "row names that begin anew",
      [",mu\n0,1\n1,2\n0,3\n1,4\n"],
      "the first column has no name and does not count its rows (0, 1, 0, …)",
    ],
    [
      "decimal commas between commas",
      ["mu\n0,5\n1,5\n0,25\n"],
      "the first column has no name and does not count its rows",
    ],
  ])("%s", (_, texts, message) => {
    expect(() => readCsv(texts)).toThrow(message);
  });
  test("options that do not fit", () => {
    expect(() => read("a,b\n1,2\n", { chainColumn: "c" })).toThrow(
      'there is no chain column "c"; the columns are a, b',
    );
    expect(() => read("a,b\n1.5,2\n", { iterationColumn: "a" })).toThrow(
      'the iteration column "a" holds numbers that are not whole',
    );
    expect(() => read("a\n1\n2\n3\n", { chains: 2 })).toThrow(
      "chains is 2, expected a divisor of the 3 rows",
    );
    expect(() => read("chain,a\n1,1\n2,2\n", { chains: 2 })).toThrow(
      'the column "chain" tells chains apart, and chains is 2',
    );
  });
});

test("quantities go by name, so that files may order them differently", () => {
  const draws = readCsv(["a,b\n1,2\n3,4\n", "b,a\n6,5\n8,7\n"]);
  expect(series(draws, "a").map((chain) => [...chain])).toEqual([
    [1, 3],
    [5, 7],
  ]);
});

describe("a last line that is cut off is left out and said", () => {
  test.each([
    ["5", 1],
    ["5,", 2],
    ["5,-", 2],
    ["5,1.5e", 2],
    ["5,1e-", 2],
  ])("mid-field: %s", (end, field) => {
    const draws = readCsv([`mu,tau\n1,2\n3,4\n${end}`]);
    expect(draws.draws).toBe(2);
    expect(draws.notes).toEqual([`line 4, the last, is cut off in field ${field} of 2 and is left out`]);
  });
  test("but a missing value on a line that ends, and words, are not", () => {
    expect(read("mu,tau\n1,2\n3,4\n5,\n").tau).toEqual([[2, 4, nan]]);
    expect(() => read("mu,tau\n1,2\n3,4\n5,six")).toThrow('line 4 has "six" as tau, expected a number');
  });
});

test("a column of flags names no quantities, whatever the counts", () => {
  expect(read("mu,divergent\n0.1,TRUE\n0.2,FALSE\n0.3,FALSE\n0.2,TRUE\n")).toEqual({
    mu: [[0.1, 0.2, 0.3, 0.2]],
    divergent: [[1, 0, 0, 1]],
  });
});

test("a table of text alone is refused with an example of it", () => {
  expect(() => read('mu\n"1,234.5"\n"1,235.5"\n')).toThrow(
    'there are no parameters among the columns mu; not read: "mu" (text, not numbers, such as "1,234.5")',
  );
});

test("names with indices that nobody quoted are joined", () => {
  expect(read("mu,theta[1,1],theta[1,2]\n1,2,3\n4,5,6\n")).toEqual({
    mu: [[1, 4]],
    "theta[1,1]": [[2, 5]],
    "theta[1,2]": [[3, 6]],
  });
});

test("what may be meant otherwise is noted", () => {
  const counting = readCsv([`Gen,mu\n${[1, 2, 3, 4, 5, 6].map((t) => `${100 * t},${t * t}`).join("\n")}\n`]);
  expect(counting.names).toEqual(["Gen", "mu"]);
  expect(counting.notes).toEqual([
    'the column "Gen" counts its rows; if it is not a quantity, say so (iterationColumn: "Gen", --iteration-column Gen)',
  ]);
  expect(readCsv(["mu,tau\n1,2\n# 3,4\n# for 5,6\n7,8\n"]).notes).toEqual([
    "1 lines that begin with # hold numbers like a row and are taken for comments, the first on line 3",
  ]);
});
