import { describe, expect, test } from "vitest";
import { begin, errors, type Recalled, step } from "../../../src/demos/memory/jobs.ts";
import { planOf, schema } from "../../../src/demos/memory/settings.ts";
import { initialSettings } from "../../../src/demos/shared/settings.ts";

const initial = initialSettings(schema);

/** Recalls to the end from where the settings begin. */
async function recall(settings: Partial<typeof initial>) {
  const stored = await begin({ ...initial, ...settings });
  const states: Recalled[] = [stored.start];
  while (!states.at(-1)!.settled && states.length < 50)
    states.push(step({ state: states.at(-1)!.state, temperature: 0, seed: states.length }));
  return { stored, states, last: states.at(-1)! };
}

describe("the memory of handwritten digits", () => {
  test.each([
    ["pseudo-inverse", "30", 3],
    ["modern", "2000", 5],
  ] as const)(
    "by the %s rule recalls one of %s from a fifth of its pixels flipped",
    async (rule, load, pattern) => {
      const { last, states } = await recall({ rule, load, pattern });
      expect(states[0].overlap).toBeCloseTo(0.6, 2);
      expect(last.settled).toBe(true);
      expect(last.nearest).toBe(pattern - 1);
      expect(last.overlap).toBeGreaterThan(0.999);
    },
  );

  test("by Hebb's rule blurs ten digits", async () => {
    const { last } = await recall({ rule: "hebbian", load: "10", noise: 0 });
    expect(last.overlap).toBeLessThan(0.95);
  });

  test("never rises in energy at temperature 0", async () => {
    const { states } = await recall({ rule: "storkey", load: "10", noise: 0.4 });
    expect(states.length).toBeGreaterThan(2);
    for (let k = 1; k < states.length; k++)
      expect(states[k].energy).toBeLessThanOrEqual(states[k - 1].energy + 1e-9);
  });
});

describe("the wrong bits of stored random patterns", () => {
  test("are Hebb's by theory, and none of the pseudo-inverse rule", async () => {
    const hebb = (await errors({ rule: "hebbian", count: 100, seed: 1 }))!;
    expect(Math.abs(hebb.mean - hebb.theory!)).toBeLessThan(4.89 * hebb.standardError);
    expect(await errors({ rule: "pseudo-inverse", count: 20, seed: 1 })).toMatchObject({
      mean: 0,
      theory: 0,
    });
  });
});

test("rules on weights store as many as fit, and say so", () => {
  expect(planOf({ ...initial, load: "2000" })).toMatchObject({
    count: 300,
    notes: { load: expect.stringContaining("300") },
  });
  expect(planOf({ ...initial, load: "2000", rule: "modern" })).toMatchObject({
    count: 2000,
    notes: { load: "" },
  });
});
