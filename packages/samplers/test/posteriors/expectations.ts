import { checkGradient } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { expect } from "vitest";
import {
  type Draws,
  deriveDraws,
  effectiveSampleSize,
  rHat,
  series,
  standardError,
  summary,
} from "../../src/index.ts";
import type { Posterior } from "./posterior.ts";

/** Expects the hand-written gradient to be that of the energy, at five places. */
export function expectGradient({ energy }: Posterior): void {
  const rng = createRng(17);
  for (let k = 0; k < 5; k++) {
    const x = Float64Array.from({ length: energy.space.dimension }, () => rng.uniform() - 0.5);
    expect(checkGradient(energy, x)).toMatchObject({ passed: true });
  }
}

/** Expects converged chains whose means and standard deviations are the published ones within four combined errors. */
export function expectReference({ reference, constrain }: Posterior, raw: Draws): void {
  const names = Object.keys(reference);
  const draws = deriveDraws(raw, names, constrain);
  const rows = summary(draws);
  for (const name of names) {
    const chains = series(draws, name);
    const { mean, sd, mcse_mean } = reference[name];
    expect(rHat(chains), `R-hat of ${name}`).toBeLessThan(1.01);
    const sizes = [
      effectiveSampleSize(chains),
      effectiveSampleSize(chains, { of: "tail" }),
      effectiveSampleSize(chains, { of: "mean" }),
      effectiveSampleSize(chains, { of: "sd" }),
    ];
    expect(Math.min(...sizes), `ESS of ${name}`).toBeGreaterThan(400);
    const zMean = (rows[name].mean - mean) / Math.hypot(standardError(chains), mcse_mean);
    // The 10 000 reference draws are close to independent: the error of their sd follows from ours by the number of
    // draws.
    const referenceError =
      standardError(chains, { of: "sd" }) * Math.sqrt(effectiveSampleSize(chains, { of: "sd" }) / 10_000);
    const zSd = (rows[name].sd - sd) / Math.hypot(standardError(chains, { of: "sd" }), referenceError);
    expect(Math.abs(zMean), `z of the mean of ${name}`).toBeLessThan(4);
    expect(Math.abs(zSd), `z of the sd of ${name}`).toBeLessThan(4);
  }
}
