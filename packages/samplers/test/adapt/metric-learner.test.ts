import { createRng } from "@basin/energy-core/random";
import { expect, test } from "vitest";
import { checkMetric, type Metric, metricLearner } from "../../src/adapt/metric-learner.ts";

/** The steps of a warm-up after which a metric changes, and those of them that start the step size afresh. */
function changes(metric: Metric, steps: number) {
  const rng = createRng(1);
  const learner = metricLearner(metric, steps, 1, 1);
  const at: number[] = [];
  const afresh: number[] = [];
  for (let step = 0; step < steps; step++) {
    const x = Float64Array.of(rng.normal());
    const learnt = learner.learn(step, { position: x, gradient: x, energy: 0 });
    if (learnt === undefined) continue;
    at.push(step);
    if (learnt.afresh) afresh.push(step);
  }
  return { at, afresh, end: learner.end };
}

test("Stan's windows renew the metric at their ends, and the step size each time", () => {
  const ends = [99, 149, 249, 449, 949];
  for (const metric of ["diagonal", "dense"] as const)
    expect(changes(metric, 1000)).toEqual({ at: ends, afresh: ends, end: 950 });
});

test("a metric from gradients is renewed from the tenth step on and stays for the last 15 %", () => {
  for (const metric of ["fisher", "low-rank"] as const) {
    const { at, afresh, end } = changes(metric, 400);
    expect(at[0]).toBe(9);
    expect(afresh).toEqual([9]);
    expect(end).toBe(340);
    expect(at.at(-1)).toBeLessThan(340);
    expect(at.at(-1)).toBeGreaterThan(280);
    expect(at.length).toBeLessThan(60);
  }
});

test("the unit metric never changes, and unknown names are refused", () => {
  expect(changes("unit", 400).at).toEqual([]);
  expect(() => checkMetric("full" as never)).toThrow('unknown metric "full"');
});
