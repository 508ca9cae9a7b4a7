import { describe, expect, test } from "vitest";
import { readArvizJson } from "../../src/formats/arviz-json.ts";
import { readDraws } from "../../src/formats/index.ts";
import { series, statistic } from "../../src/index.ts";

const read = (text: string, options = {}) =>
  readDraws([{ name: "draws.json", content: new TextEncoder().encode(text) }], options);

describe("InferenceData", () => {
  test("NaN and the infinities as Python writes them, and null", () => {
    const draws = readArvizJson(
      '{"posterior": {"NaN \\" Infinity": [[NaN, -Infinity, Infinity, null, -NaN]]}, "sample_stats": {"energy": [[1, NaN, 3, 4, 5]]}}',
    );
    expect(draws.names).toEqual(['NaN " Infinity']);
    const nan = Number.NaN;
    expect([...series(draws, 0)[0]]).toEqual([nan, -Infinity, Infinity, nan, nan]);
    expect([...statistic(draws, "hamiltonian")[0]]).toEqual([1, nan, 3, 4, 5]);
  });
  test("axes beyond the draws, labeled where the file labels them", () => {
    const a = "[[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]]";
    expect(readArvizJson(`{"posterior": {"a": ${a}, "b": [[8, 9]]}}`).names).toEqual([
      "a[0,0]",
      "a[0,1]",
      "a[1,0]",
      "a[1,1]",
      "b",
    ]);
    const labeled = readArvizJson(
      `{"posterior": {"a": ${a}}, "dims": {"a": ["chain", "draw", "i", "j"]}, "coords": {"i": ["x", "y"], "j": [1, 2]}}`,
    );
    expect(labeled.names).toEqual(["a[x,1]", "a[x,2]", "a[y,1]", "a[y,2]"]);
    expect([...series(labeled, "a[y,1]")[0]]).toEqual([3, 7]);
  });
  test("statistics by the names of other samplers, and what is not used", () => {
    const draws = readArvizJson(
      '{"posterior": {"a": [[1, 2]]}, "sample_stats": {"lp": [[-3, -4]], "tree_size": [[3, 7]], "divergent": [[true, false]], "largest_eigval": [[NaN, NaN]]}}',
    );
    expect([...statistic(draws, "energy")[0]]).toEqual([3, 4]);
    expect([...statistic(draws, "gradients")[0]]).toEqual([3, 7]);
    expect([...statistic(draws, "diverged")[0]]).toEqual([1, 0]);
    expect(draws.notes).toEqual(["not used of sample_stats: largest_eigval"]);
  });
});

describe("posteriordb", () => {
  test("chains of lists by name, a constant among them", async () => {
    const draws = await read('[{"mu": [0.5, 1.5], "L[1,1]": [1, 1]}, {"L[1,1]": [1, 1], "mu": [2.5, NaN]}]');
    expect(draws.names).toEqual(["mu", "L[1,1]"]);
    expect(series(draws, "mu").map((chain) => [...chain])).toEqual([
      [0.5, 1.5],
      [2.5, Number.NaN],
    ]);
    expect(draws.readAs).toBe("posteriordb's JSON, an object a chain");
  });
  test("one chain alone", async () => {
    const draws = await read('{"mu": [1, 2], "tau": [3, 4]}');
    expect(series(draws, "tau").map((chain) => [...chain])).toEqual([[3, 4]]);
  });
  test("lists of lists in an InferenceData's place have two readings, and the option decides", async () => {
    const text = '{"mu": [[1, 2, 3], [4, 5, 6]]}';
    await expect(read(text)).rejects.toThrow(
      'draws.json: "mu" is a list of lists: of chains, as in an InferenceData (--format arviz-json reads it so)',
    );
    expect(series(await read(text, { format: "arviz-json" }), "mu").map((chain) => [...chain])).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });
});

test.each([
  ["{", "draws.json: this is not JSON: "],
  ["[]", "this JSON holds no draws: expected an object with a group"],
  ['{"prior": 1}', "this JSON holds no draws"],
  ['{"posterior": {}}', "the posterior holds no variables"],
  ['{"posterior": {"a": [1, 2]}}', 'the variable "a" is not a list of chains of draws'],
  [
    '{"posterior": {"a": [[1, 2]], "b": [[1]]}}',
    'the variable "b" has another number of chains or draws (1, 1) than "a" (1, 2)',
  ],
  ['{"posterior": {"a": [[1, 2], [3]]}}', 'the variable "a" is ragged: its lists differ in length'],
  ['{"posterior": {"a": [[1, [2]]]}}', 'the variable "a" is ragged: its lists differ in depth'],
  ['{"posterior": {"a": [[1, "2"]]}}', 'the variable "a" holds "2", expected a number'],
  ['{"posterior": {"a": [[1, {"re": 2}]]}}', 'the variable "a" holds {"re":2}, expected a number'],
  ['[{"a": [1]}, {"b": [1]}]', "chain 1 has other quantities than chain 0: a, b in one of them only"],
  ['[{"a": [1, 2], "b": [1]}]', '"b" has chains of 1 draws, "a" has 2'],
])("%s is refused", async (text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});
