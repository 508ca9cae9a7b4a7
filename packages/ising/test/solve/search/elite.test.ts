import { matrix } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { Elite } from "../../../src/solve/search/elite.ts";

const rng = createRng(1);
const random = () => Int8Array.from({ length: 200 }, () => (rng.bernoulli(0.5) ? 1 : -1));
const flipped = (state: Int8Array, count: number) => state.map((spin, i) => (i < count ? -spin : spin));

test("the best states are kept, the best first, and no more than 32", () => {
  const elite = new Elite();
  for (let k = 0; k < 50; k++) elite.offer(random(), (7 * k) % 50);
  expect(elite.kept.map(({ energy }) => energy)).toEqual(Array.from({ length: 32 }, (_, k) => k));
});

test("of states that differ in a hundredth of their spins the better is kept, turned over or not", () => {
  const elite = new Elite();
  const state = random();
  elite.offer(state, -1);
  elite.offer(flipped(state, 2), -1);
  elite.offer(flipped(state, 198), 0);
  expect(elite.kept).toEqual([{ state, energy: -1 }]);
  elite.offer(flipped(state, 3), 0);
  expect(elite.kept).toHaveLength(2);
  // Near to both.
  elite.offer(flipped(state, 2), -2);
  expect(elite.kept).toEqual([{ state: flipped(state, 2), energy: -2 }]);
});

test("a round is taken with its energies, and copied", () => {
  const elite = new Elite();
  const [a, b] = [random(), random()];
  const states = matrix(Int8Array.of(...a, ...b, ...a), 3, 200);
  elite.take({ states, energies: Float64Array.of(2, 1, 2), counts: Int32Array.of(1, 1, 1) });
  states.data.fill(1);
  expect(elite.kept).toEqual([
    { state: b, energy: 1 },
    { state: a, energy: 2 },
  ]);
});
