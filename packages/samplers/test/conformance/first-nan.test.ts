import { expression, real } from "@basin/energy-core/expression";
import type { Rng } from "@basin/energy-core/random";
import { gaussian } from "@basin/energy-core/targets";
import { expect, test } from "vitest";
import { hmc, nuts, randomWalk, sample, sampleModule, warnings } from "../../src/index.ts";
import { annealedImportance, sequentialMonteCarlo, temper } from "../../src/temper/index.ts";

/** NaN beyond |a| = 1.2, where chains come now and then. */
const edge = () =>
  expression({ a: real() }, ({ a }, { square, sqrt, sub }) => sub(square(a), sqrt(sub(1.44, square(a)))));
const options = { seed: 1, draws: 200, warmup: 50, initial: Float64Array.of(0.1) };
const line = /The first NaN was in sqrt of a number \(.*first-nan\.test\.ts:10:\d+\)\./;

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
    /^chain 0, warm-up step 0: the energy at the start \[3\] is NaN, first in sqrt of a number \(.*:10:\d+\); /,
  );
});

/** Its gradient is NaN, and its energy is not, where a < −0.5. */
const kinked = () =>
  expression({ a: real() }, ({ a }, { add, mul, less, square, sqrt }) =>
    add(square(a), sqrt(square(mul(less(-0.5, a), add(a, 0.5))))),
  );
const kink =
  /The first NaN was in the slope of mul of a number and a number \(.*first-nan\.test\.ts:37:\d+\)\./;

test("draws that met a NaN of the gradient alone name the operation whose slope it is", async () => {
  const few = { ...options, draws: 40 };
  expect(warnings(await sample(kinked(), nuts(), few)).join()).toMatch(kink);
  const draws = await sampleModule(kinked(), { ...few, workers: 2 });
  expect(warnings(draws).join()).toMatch(kink);
});

test("and so do the warnings and the starts of a ladder", async () => {
  const { initial, ...rest } = options;
  const ladder = { ...rest, temperatures: [1, 2] };
  const found = await temper(edge(), nuts(), { ...ladder, initial: () => initial });
  expect(found.warnings?.join()).toMatch(/was NaN, first in sqrt of a number \(.*:10:\d+\)/);
  const slopes = await temper(kinked(), nuts(), { ...ladder, initial: () => initial });
  expect(slopes.warnings?.join()).toMatch(
    /was NaN, first in the slope of mul of a number and a number \(.*:37:\d+\)/,
  );
  const outside = temper(edge(), nuts(), { ...ladder, initial: () => Float64Array.of(3) });
  await expect(outside).rejects.toThrow(/at the start \[3\] is NaN, first in sqrt of a number \(.*:10:\d+\)/);
  const flat = temper(kinked(), nuts(), { ...ladder, initial: () => Float64Array.of(-1) });
  await expect(flat).rejects.toThrow(
    /gradient at the start is NaN in .*, first in the slope of mul .*:37:\d+\)/,
  );
});

test("and of ways from a base: importance and populations", async () => {
  const base = gaussian({ dimension: 1 });
  const way = { seed: 1, base, logPartitionAtStart: 0 };
  const initial = (rng: Rng) => Float64Array.of(rng.normal());
  const inverseTemperatures = [0, 0.5, 1];
  const importance = annealedImportance(edge(), hmc(), { ...way, initial, inverseTemperatures });
  await expect(importance).rejects.toThrow(/is NaN, first in sqrt of a number \(.*:10:\d+\)/);
  const population = await sequentialMonteCarlo(edge(), randomWalk(), { ...way, initial, particles: 100 });
  expect(population.warnings.join()).toMatch(/was NaN, first in sqrt of a number \(.*:10:\d+\)/);
});
