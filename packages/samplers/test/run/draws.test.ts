import { expression, interval, positive, simplex, vector } from "@basin/energy-core/expression";
import { expect, test } from "vitest";
import { readArvizJson } from "../../src/formats/arviz-json.ts";
import { readCsv } from "../../src/formats/csv.ts";
import { writeArvizJson, writeCsv } from "../../src/formats/index.ts";
import { nuts, sample, series, summary } from "../../src/index.ts";

const model = expression(
  { s: positive(), p: simplex(3), r: interval(-1, 1), z: vector(2) },
  ({ s, p, r, z }, { add, exponential, dirichlet, uniform, normal }) =>
    add(exponential(s, 2), dirichlet(p, [1, 2, 3]), uniform(r, -1, 1), normal(z)),
);
const names = ["s", "p[0]", "p[1]", "p[2]", "r", "z[0]", "z[1]"];

test("draws of a formula are of its parts, in their supports, with the means of their laws", async () => {
  const draws = await sample(model, nuts(), { seed: 12, chains: 4, draws: 1000 });
  expect(draws.names).toEqual(names);
  expect(draws.dimension).toBe(7);
  const rows = summary(draws);
  for (const [name, mean] of [
    ["s", 0.5],
    ["p[0]", 1 / 6],
    ["p[2]", 0.5],
    ["r", 0],
    ["z[1]", 0],
  ] as const)
    expect(Math.abs(rows[name].mean - mean) / rows[name].standardError, name).toBeLessThan(4.89);
  expect(Math.min(...series(draws, "s")[0])).toBeGreaterThan(0);
  const probabilities = [1, 2, 3].map((i) => series(draws, i)[0]);
  for (const [t, p] of probabilities[0].entries())
    expect(p + probabilities[1][t] + probabilities[2][t]).toBeCloseTo(1, 12);
});

test("and are read by the name of a part, a chain each, by rows", async () => {
  const draws = await sample(model, nuts(), { seed: 12, chains: 2, draws: 10, warmup: 50 });
  expect(draws.s).toEqual(series(draws, "s"));
  expect(draws.p.map((chain) => chain.length)).toEqual([30, 30]);
  expect(draws.p[1][3 * 4 + 2]).toBe(series(draws, "p[2]")[1][4]);
  expect(draws.z[0][2 * 9 + 1]).toBe(series(draws, "z[1]")[0][9]);
});

test("their names survive files", async () => {
  const draws = await sample(model, nuts(), { seed: 12, chains: 1, draws: 10, warmup: 50 });
  expect(readArvizJson(writeArvizJson(draws)).names).toEqual(names);
  expect(readCsv([writeCsv(draws)]).names).toEqual(names);
});

test("names that are given are those of the free coordinates", async () => {
  const given = ["a", "b", "c", "d", "e", "f"];
  const draws = await sample(model, nuts(), { seed: 12, chains: 1, draws: 10, warmup: 50, names: given });
  expect(draws.names).toEqual(given);
  expect(draws.dimension).toBe(6);
});
