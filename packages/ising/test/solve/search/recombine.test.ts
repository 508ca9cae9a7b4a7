import { expect, test } from "vitest";
import { createModel, tabuSearch } from "../../../src/index.ts";
import { toSpinProblem } from "../../../src/problem/spin-problem.ts";
import { Elite } from "../../../src/solve/search/elite.ts";
import { recombineRounds } from "../../../src/solve/search/recombine.ts";
import { Search } from "../../../src/solve/search/search.ts";

const glass = toSpinProblem(createModel("square", 12, { disorder: "plus-minus", disorderSeed: 3 }));

test("what good states differ in is annealed: the children are better than all parents, with their energies", async () => {
  const elite = new Elite();
  for (let seed = 1; seed <= 8; seed++) {
    const { state, energy } = tabuSearch(glass, { seed, flips: 150 });
    elite.offer(state, energy);
  }
  const parents = elite.kept[0].energy;
  const search = new Search(glass, { timeLimit: 1e9, target: parents - 4, states: 1 }, 1, 0);
  expect(await recombineRounds(search, elite, 1e6, 0)).toBeGreaterThan(0);
  expect(search.best?.energy).toBeLessThanOrEqual(parents - 4);
  expect(glass.energy(search.best?.state as Int8Array)).toBe(search.best?.energy);
  for (const { state, energy } of elite.kept) expect(glass.energy(state)).toBe(energy);
});

test("it ends by itself where parents are alike, or there are none", async () => {
  const elite = new Elite();
  const search = new Search(glass, { timeLimit: 1e9, target: -Infinity, states: 1 }, 1, 0);
  expect(await recombineRounds(search, elite, 1e6, 5)).toBe(5);
  const up = new Int8Array(144).fill(1);
  elite.offer(up, glass.energy(up));
  const strip = up.map((spin, i) => (i < 24 ? -spin : spin));
  elite.offer(strip, glass.energy(strip));
  expect(await recombineRounds(search, elite, 1e6, 0)).toBe(3);
  expect(search.best).toBeUndefined();
});
