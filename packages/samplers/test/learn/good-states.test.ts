import { GoodStates } from "@basin/samplers/internal";
import { describe, expect, it } from "vitest";

describe("the good states of a training", () => {
  const state = (updates: number) => ({ updates });
  const climb = (most: number, to: number): GoodStates<{ readonly updates: number }> => {
    const ladder = new GoodStates([state(0)], most);
    for (let updates = 50; updates <= to; updates += 50) ladder.add(state(updates));
    return ladder;
  };
  const heights = (good: ReturnType<typeof climb>) => good.states.map(({ updates }) => updates);

  it("keeps states of ages that grow by about the same factor, the first among them", () => {
    expect(heights(climb(1, 1000))).toEqual([1000]);
    expect(heights(climb(2, 1000))).toEqual([0, 1000]);
    for (const to of [500, 1000, 5000, 50_000]) {
      const [first, older, old, newest] = heights(climb(4, to));
      expect([first, newest]).toEqual([0, to]);
      const ages = [newest - old, newest - older, newest - first].map((age) => Math.log(age + 50));
      expect(ages[0]).toBeGreaterThan(0.1 * ages[2]);
      expect(ages[1] - ages[0]).toBeGreaterThan(0.1 * ages[2]);
      expect(ages[2] - ages[1]).toBeGreaterThan(0.1 * (ages[2] - Math.log(50)));
    }
  });

  it("is stepped down from, and never off", () => {
    const ladder = climb(3, 300);
    const [first, middle, last] = heights(ladder);
    expect([1, 2, 3, 4].map(() => ladder.take().updates)).toEqual([last, middle, first, first]);
  });
});
