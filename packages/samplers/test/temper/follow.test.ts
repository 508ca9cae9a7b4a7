import { expect, it } from "vitest";
import { followSchedule } from "../../src/temper/follow.ts";
import { linearSchedule } from "../../src/temper/index.ts";
import type { Walkers } from "../../src/walkers/walkers.ts";

const betas = linearSchedule(0.1, 2, 500);

it("followSchedule steps once at each temperature, in order", async () => {
  const taken: number[] = [];
  const step = (steps: number, beta: number) => void taken.push(...Array.from({ length: steps }, () => beta));
  await followSchedule({ can: {}, step } as unknown as Walkers<Int8Array>, betas);
  expect(taken).toEqual([...betas]);
});

it("followSchedule hands walkers that follow one piece after another, and pauses after each", async () => {
  const pieces: [from: number, to: number][] = [];
  let pauses = 0;
  const follow = (given: Float64Array, from: number, to: number) => {
    expect(given).toBe(betas);
    expect(pauses).toBe(pieces.length);
    pieces.push([from, to]);
  };
  await followSchedule({ can: { follow } } as unknown as Walkers<Int8Array>, betas, () => void pauses++);
  expect(pauses).toBe(pieces.length);
  expect(pieces.map(([from]) => from)).toEqual([0, ...pieces.slice(0, -1).map(([, to]) => to)]);
  expect(pieces.at(-1)?.[1]).toBe(500);
});
