import { plainEnergy, reals } from "@basin/energy-core";
import { gaussian, gaussianMixture } from "@basin/energy-core/targets";
import { assertMean } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { ellipticalSlice, estimateMean, sample, series } from "../../src/index.ts";
import { turn } from "../../src/kernels/turn.ts";
import { tooCold } from "../fixtures/broken-kernels.ts";
import { assertKeepsGaussian } from "./stationarity.ts";

describe("ellipticalSlice", () => {
  it.each([
    ["as wide as the law", {}],
    ["narrow and off center", { mean: [0.5, -1], standardDeviations: [0.8, 0.6] }],
    ["wide", { standardDeviations: 3 }],
  ])("keeps a correlated Gaussian at β = 0.7, its own Gaussian %s", (_, options) =>
    assertKeepsGaussian(ellipticalSlice(options) as never, { replicas: 50_000 }),
  );

  it("is caught by the same test where it is 5 % too cold", () => {
    expect(() => assertKeepsGaussian(tooCold(ellipticalSlice()) as never)).toThrow("z = ");
  });

  it("weighs separated modes rightly within its Gaussian", async () => {
    const modes = gaussianMixture({ means: [[-2], [2]], standardDeviations: 0.5, weights: [1, 3] });
    const draws = await sample(modes, ellipticalSlice({ standardDeviations: 2 }), {
      seed: 3,
      chains: 4,
      draws: 4000,
    });
    const right = series(draws, 0).map((chain) => chain.map((x) => (x > 0 ? 1 : 0)));
    assertMean(estimateMean(right), 0.75, {
      minEffectiveSampleSize: 1000,
      what: "the share of the right mode",
    });
  });

  it("stays where nothing else has finite energy", async () => {
    const point = plainEnergy(reals(1), ([x]) => (x === 1 ? 0 : Number.POSITIVE_INFINITY));
    const draws = await sample(point, ellipticalSlice(), {
      seed: 1,
      chains: 1,
      draws: 5,
      warmup: 0,
      initial: Float64Array.of(1),
    });
    expect([...draws.chains[0].positions]).toEqual([1, 1, 1, 1, 1]);
  });

  it("refuses deviations that are not positive and means of another length, naming them", () => {
    const energy = gaussian({ dimension: 2 });
    expect(() => ellipticalSlice({ standardDeviations: [1, 0] }).bind(energy)).toThrow(
      "standardDeviations[1] is 0, expected a finite number above 0",
    );
    expect(() => ellipticalSlice({ mean: [1] }).bind(energy)).toThrow("mean has length 1, expected 2");
  });
});

describe("turn", () => {
  it("is the cosine and sine of 2πt", () => {
    const out = { cosine: 0, sine: 0 };
    for (let k = -1000; k <= 1000; k++) {
      turn(k / 1000, out);
      expect(Math.abs(out.cosine - Math.cos((2 * Math.PI * k) / 1000))).toBeLessThan(1.2e-15);
      expect(Math.abs(out.sine - Math.sin((2 * Math.PI * k) / 1000))).toBeLessThan(1.2e-15);
    }
    turn(0.25, out);
    expect(out).toEqual({ cosine: -0, sine: 1 });
  });
});
