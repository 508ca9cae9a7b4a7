import { expression, real } from "@basin/energy-core/expression";
import { expect, test } from "vitest";
import { nuts, randomWalk, sample, sampleModule, warnings } from "../../src/index.ts";

/** NaN beyond |a| = 1.2, where chains come now and then. */
const edge = () =>
  expression({ a: real() }, ({ a }, { square, sqrt, sub }) => sub(square(a), sqrt(sub(1.44, square(a)))));
const options = { seed: 1, draws: 200, warmup: 50, initial: Float64Array.of(0.1) };
const line = /The first NaN was in sqrt of a number \(.*first-nan\.test\.ts:7:\d+\)\./;

test.each([
  ["with gradients", nuts()],
  ["without", randomWalk()],
])("draws that met a NaN of a formula name its operation and line, by a kernel %s", async (_, kernel) => {
  const draws = await sample(edge(), kernel, options);
  expect(warnings(draws).join()).toMatch(line);
});

test("and so do draws from threads, to which lines do not come", async () => {
  const draws = await sampleModule(edge(), { ...options, workers: 2 });
  expect(warnings(draws).join()).toMatch(line);
});

test("a start at which a formula is NaN is refused with the operation and its line", async () => {
  const run = sample(edge(), nuts(), { ...options, initial: Float64Array.of(3) });
  await expect(run).rejects.toThrow(
    /^chain 0, warm-up step 0: the energy at the start is NaN, first in sqrt of a number \(.*:7:\d+\)$/,
  );
});
