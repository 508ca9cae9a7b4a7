import { gaussian } from "@basin/energy-core/targets";
import { expect, test } from "vitest";
import {
  drawsArray,
  estimateMean,
  generateDraws,
  leaveOneOut,
  nuts,
  sample,
  series,
} from "../../src/index.ts";

const draws = await sample(gaussian({ dimension: 3 }), nuts(), { seed: 1, names: ["mu", "z[0]", "z[1]"] });

test("generated quantities are given the variables by name, and named by what is returned", () => {
  const found = generateDraws(draws, ({ mu: [mu], z }) => ({ sum: mu + z[0] + z[1], y: z, none: [] }), {
    seed: 1,
  });
  expect(found.names).toEqual(["sum", "y[0]", "y[1]"]);
  expect(series(found, "y[1]")).toEqual(series(draws, "z[1]"));
  const [mu, a, b] = [0, 1, 2].map((i) => series(draws, i)[3]);
  expect(series(found, "sum")[3]).toEqual(mu.map((value, t) => value + a[t] + b[t]));
  expect(found.chains.map(({ stats }) => stats)).toEqual(draws.chains.map(({ stats }) => stats));
});

test("predictive draws have the law of parameter and noise together, and the same seed gives the same bits", () => {
  const predict = (seed: number) =>
    generateDraws(draws, ({ mu: [mu] }, rng) => ({ y: [mu + 2 * rng.normal()] }), { seed });
  const y = series(predict(5), 0);
  // Variance 1 + 4.
  const { mean, standardError } = estimateMean(y.map((chain) => chain.map((value) => value * value)));
  expect(Math.abs(mean - 5)).toBeLessThan(4.89 * standardError);
  expect(series(predict(5), 0)).toEqual(y);
  expect(series(predict(6), 0)[0]).not.toEqual(y[0]);
  expect(y[0]).not.toEqual(y[1]);
});

test("a log likelihood is taken by leaveOneOut as it is", () => {
  const log = generateDraws(draws, ({ mu: [mu] }) => ({ y: [0, 1].map((y) => -0.5 * (y - mu) ** 2) }), {
    seed: 1,
  });
  expect(leaveOneOut(drawsArray(log)).pointwise).toHaveLength(2);
});

test("what differs from the first draw is refused, with both", () => {
  let calls = 0;
  const growing = () => ({ a: 1, y: new Float64Array(calls++ < 3 ? 2 : 3) });
  expect(() => generateDraws(draws, growing, { seed: 1 })).toThrow(
    "generate returned a, y of 3, expected as at the first draw a, y of 2",
  );
  expect(() => generateDraws(draws, ({ mu }) => ({ [mu[0] > 0 ? "a" : "b"]: 1 }), { seed: 1 })).toThrow(
    /generate returned [ab], expected as at the first draw [ab]/,
  );
});

test("generate is called once for each draw, in order of chains, the first included", () => {
  const few = {
    ...draws,
    chains: draws.chains.map((c) => ({ ...c, positions: c.positions.slice(0, 30) })),
    draws: 10,
  };
  let calls = 0;
  const shared = [0];
  const found = generateDraws(
    few,
    () => {
      shared[0] = calls++;
      return { call: shared };
    },
    { seed: 1 },
  );
  expect(calls).toBe(40);
  expect(series(found, "call[0]").flatMap((chain) => [...chain])).toEqual(
    Array.from({ length: 40 }, (_, t) => t),
  );
});
