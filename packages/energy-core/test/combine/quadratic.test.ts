import {
  clamp,
  denseQuadratic,
  type Energy,
  mixture,
  plainEnergy,
  type Quadratic,
  type QuadraticEnergy,
  requireCapability,
  scale,
  shift,
  spins,
  sum,
} from "@basin/energy-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, glass } from "../fixtures.ts";

/** −Σ J_ij s_i s_j + Σ θ_i s_i + offset, pair by pair. */
function formEnergy({ couplings, thresholds, offset }: Quadratic, s: Int8Array): number {
  let energy = offset;
  for (const [i, j, value] of couplings) energy -= value * s[i] * s[j];
  for (const [i, threshold] of thresholds.entries()) energy += threshold * s[i];
  return energy;
}

const dense = (seed: number, n: number) => {
  const { couplings, thresholds } = glass(seed, n, 1).energy.can.quadratic();
  const weights = Array.from({ length: n }, () => new Float64Array(n));
  for (const [i, j, value] of couplings) weights[i][j] = weights[j][i] = value;
  return denseQuadratic(weights, thresholds);
};

const cases: readonly (readonly [string, (seed: number, n: number) => QuadraticEnergy])[] = [
  ["a sparse form", (seed, n) => glass(seed, n).energy],
  ["a dense form", dense],
  ["a sum", (seed, n) => sum<Int8Array, QuadraticEnergy["can"]>([glass(seed, n).energy, dense(seed + 1, n)])],
  ["a weighted sum", (seed, n) => sum([dense(seed, n), dense(seed + 1, n)], [0.5, 3])],
  ["a form scaled and shifted", (seed, n) => shift(scale(glass(seed, n).energy, 2.5), -7)],
  [
    "a clamped sum",
    (seed, n) => {
      const { rng, energy, state } = glass(seed, n + 2);
      const known = new Uint8Array(n + 2);
      known[rng.index(n + 2)] = 1;
      return clamp(shift(sum([energy, glass(seed + 1, n + 2).energy]), 3), state, known);
    },
  ],
];

describe.each(cases)("the couplings and thresholds of %s", (_, make) => {
  it("give its energies", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), (seed, n) => {
        const energy = make(seed, n);
        const size = energy.space.dimension;
        const form = energy.can.quadratic();
        const couplings = [...form.couplings];
        for (const [i, j] of couplings) expect(i).not.toBe(j);
        expect(form.thresholds.length).toBe(size);
        for (const s of allStates([-1, 1], size, new Int8Array(size))) {
          expect(formEnergy({ ...form, couplings }, s)).toBeCloseTo(energy.energy(s), 9);
        }
      }),
    );
  });

  it("are those of now, and nobody's but the caller's", () => {
    const energy = make(4, 4) as Energy<Int8Array>;
    const quadratic = requireCapability(energy, "quadratic", "the test");
    const { values } = requireCapability(energy, "parameters", "the test");
    for (const k of values.keys()) values[k] *= 2;
    const s = energy.space.moves?.state(3) as Int8Array;
    // A combination of several parts sends its parameters to them when it is asked, whatever it is asked for.
    const form = formEnergy(quadratic(), s);
    expect(form).toBeCloseTo(energy.energy(s), 9);
    quadratic().thresholds.fill(100);
    expect(formEnergy(quadratic(), s)).toBeCloseTo(form, 12);
  });
});

describe("energies without couplings and thresholds", () => {
  it("say why they have none", () => {
    const { energy } = glass(1, 3);
    const parity = plainEnergy(spins(3), (s) => s[0] * s[1] * s[2]);
    const ask = (some: Energy<Int8Array>) => () => requireCapability(some, "quadratic", "tabu search");
    expect(ask(parity)).toThrow(
      /^tabu search needs an energy of spins that interact in pairs alone; this one, over 3 spins, has none$/,
    );
    expect(ask(mixture([energy, energy]))).toThrow(/in pairs alone; a mixture is not quadratic$/);
    expect(ask(scale(mixture([energy, energy]), 2))).toThrow(/; a mixture is not quadratic$/);
    expect(ask(sum<Int8Array, object>([energy, parity]))).toThrow(/; part 1 of a sum has no quadratic$/);
  });
});
