import { createRng } from "@basin/energy-core/random";
import { describe, expect, test } from "vitest";
import { DualAveraging } from "../../src/adapt/dual-averaging.ts";

const acceptances = [0.2, 0.9, 1, 0.6, 0.75];
const follow = (adapter: DualAveraging) =>
  acceptances.map((acceptance) => {
    adapter.update(acceptance);
    return [adapter.stepSize, adapter.average()];
  });

describe("dual averaging with γ = 0.05, t₀ = 10 and κ = 0.75", () => {
  test("takes the steps that its equations give", () => {
    const adapter = new DualAveraging(0.1, 0.8);
    expect(adapter.average()).toBe(0.1);
    let [error, kept] = [0, 0];
    const expected = acceptances.map((acceptance, k) => {
      const t = k + 1;
      error = error * (1 - 1 / (t + 10)) + (0.8 - acceptance) / (t + 10);
      const logStep = Math.log(10 * 0.1) - (Math.sqrt(t) * error) / 0.05;
      kept = t ** -0.75 * logStep + (1 - t ** -0.75) * kept;
      return [Math.exp(logStep), Math.exp(kept)];
    });
    for (const [k, [stepSize, average]] of follow(adapter).entries()) {
      expect(stepSize / expected[k][0]).toBeCloseTo(1, 10);
      expect(average / expected[k][1]).toBeCloseTo(1, 10);
    }
  });

  test("is as new after a restart", () => {
    const used = new DualAveraging(3, 0.8);
    follow(used);
    used.restart(0.1);
    expect([used.stepSize, used.average()]).toEqual([0.1, 0.1]);
    expect(follow(used)).toEqual(follow(new DualAveraging(0.1, 0.8)));
  });

  test("counts an acceptance of NaN as 0, and one above 1 as 1", () => {
    const after = (acceptance: number) => {
      const adapter = new DualAveraging(0.1, 0.8);
      adapter.update(acceptance);
      return adapter.stepSize;
    };
    expect(after(Number.NaN)).toBe(after(0));
    expect(after(1.5)).toBe(after(1));
  });
});

describe("the step size to keep", () => {
  /** Acceptance 1/(1 + (ε/½)^k) at steps of the given sizes in turn. It is 0.8 at ½ / 4^(1/k). */
  const adapted = (steps: number, sizes: readonly number[], exponent = 2.7) => {
    const adapter = new DualAveraging(1, 0.8);
    for (let k = 0; k < steps; k++) {
      adapter.stepSize = sizes[k % sizes.length];
      adapter.update(1 / (1 + (adapter.stepSize / 0.5) ** exponent));
    }
    return adapter;
  };

  test.each([2.7, 4])("is where a curve of exponent %d meets the target", (exponent) => {
    const found = adapted(300, [0.1, 0.3, 0.9], exponent).settle(exponent);
    expect(found).toBeCloseTo(0.5 / 4 ** (1 / exponent), 6);
  });

  test("is no larger and no smaller than the steps that were tried", () => {
    expect(adapted(300, [0.1, 0.2]).settle()).toBeCloseTo(0.2, 12);
    expect(adapted(300, [0.7, 0.9]).settle()).toBeCloseTo(0.7, 12);
  });

  test("is the average after fewer than 20 steps, and after steps that were forgotten", () => {
    const few = adapted(19, [0.3]);
    expect(few.settle()).toBe(few.average());
    const forgetful = adapted(300, [0.3]);
    forgetful.forget();
    expect(forgetful.settle()).toBe(forgetful.average());
  });
});

test("dual averaging finds the step size whose acceptance is the target", () => {
  const rng = createRng(2);
  const averaging = new DualAveraging(5, 0.8);
  // A kernel whose acceptance is exp(−ε): the target 0.8 is met at ε = −ln 0.8.
  for (let t = 0; t < 4000; t++) averaging.update(Math.exp(-averaging.stepSize) + 0.1 * rng.normal());
  expect(Math.abs(averaging.average() / -Math.log(0.8) - 1)).toBeLessThan(0.05);
});

test("the step size that is kept meets the target, which the average of the logarithms overshoots", () => {
  // A trajectory whose energy error is normal with mean ½ s² and standard deviation s = 2 ε²: 0.8 is met at s = 0.507.
  const rng = createRng(8);
  const settled: number[] = [];
  const averaged: number[] = [];
  for (let chain = 0; chain < 200; chain++) {
    const averaging = new DualAveraging(0.5, 0.8);
    for (let t = 0; t < 50; t++) {
      const s = 2 * averaging.stepSize ** 2;
      averaging.update(Math.min(1, Math.exp(-0.5 * s * s - s * rng.normal())));
    }
    settled.push(averaging.settle());
    averaged.push(averaging.average());
  }
  const exact = Math.sqrt(0.507 / 2);
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x / exact, 0) / values.length;
  expect(Math.abs(mean(settled) - 1)).toBeLessThan(0.08);
  expect(mean(averaged)).toBeLessThan(0.85);
});
