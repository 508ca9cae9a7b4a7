import { descend, differentiable, plainEnergy, reals, recall, spins } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { banana, doubleWell, gaussian, gaussianMixture, rosenbrock } from "@basin/energy-core/targets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, glass, levels, type Sites, tableEnergy, trits } from "../fixtures.ts";

const flipped = (x: Int8Array, ...sites: number[]) => x.map((s, i) => (sites.includes(i) ? -s : s));

describe("descend and recall", () => {
  it("end where no single flip lowers the energy", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, n) => {
        const { energy, state } = glass(seed, n);
        for (const order of ["steepest", "random"] as const) {
          const found = descend(energy, state, { order, seed: 3 });
          for (let i = 0; i < n; i++) {
            expect(energy.energy(flipped(found.state, i))).toBeGreaterThanOrEqual(found.energy - 1e-9);
          }
          expect(found.energy).toBeLessThanOrEqual(energy.energy(state));
          const { distance, ...rest } = recall(energy, state, { order, seed: 3 });
          expect(rest).toEqual(found);
          expect(distance).toBe(found.state.filter((s, i) => s !== state[i]).length);
        }
      }),
    );
  });

  it("find the bottom of every smooth target", () => {
    const rng = createRng(4);
    for (const target of [
      gaussian({ dimension: 20, conditionNumber: 1e6 }),
      banana({ dimension: 3, curvature: 0.5, standardDeviation: 3 }),
      rosenbrock({ pairs: 3, along: 1, across: 100 }),
      doubleWell({ dimension: 2, tilt: 0.3 }),
      gaussianMixture({
        means: [
          [-2, 0],
          [2, 1],
        ],
      }),
    ]) {
      for (let trial = 0; trial < 10; trial++) {
        const found = descend(target, target.sample(rng));
        expect(found).toMatchObject({ converged: true, certificate: "local" });
        const gradient = new Float64Array(target.space.dimension);
        target.can.gradient(found.state, gradient);
        expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-5);
        for (let probe = 0; probe < 5; probe++) {
          const near = found.state.map((v) => v + 1e-3 * rng.normal());
          expect(target.energy(near)).toBeGreaterThanOrEqual(found.energy);
        }
      }
    }
    const far = rosenbrock({ pairs: 1, along: 1, across: 100 });
    expect(descend(far, Float64Array.of(-1.2, 1)).energy).toBeLessThan(1e-12);
  });

  it("step back from walls and refuse to start behind one", () => {
    const logBarrier = differentiable(1, (x, g) => {
      g[0] = 1 - 1e-3 / x[0];
      return x[0] > 0 ? x[0] - 1e-3 * Math.log(x[0]) : Infinity;
    });
    expect(descend(logBarrier, Float64Array.of(5)).state[0]).toBeCloseTo(1e-3, 6);
    expect(() => descend(logBarrier, Float64Array.of(-1))).toThrow(/start is \+Infinity/);
    const bottomless = differentiable(1, (x, g) => {
      g[0] = -Math.exp(x[0]);
      return -Math.exp(x[0]);
    });
    expect(() => descend(bottomless, Float64Array.of(1))).toThrow(/-Infinity/);
    expect(() => descend(glass(1, 3).energy, Int8Array.of(1, 1, 1), { order: "best" as never })).toThrow(
      /unknown order "best"; known: steepest, random/,
    );
  });

  it("end where no single change of a site of three or four values lowers the energy", () => {
    const kinds = [
      [trits, [0, 1, 2], new Uint8Array(4)],
      [levels, [-2, 1, 4, 7], new Int8Array(4)],
    ] as const;
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0.4), (seed, n, walls) => {
        for (const [make, values, like] of kinds) {
          const states = allStates<Sites>(values, n, like);
          const { at, energy } = tableEnergy(make(n) as never, states, seed, walls);
          const from = states[seed % states.length];
          const near = (x: Sites) => states.filter((y) => y.filter((v, i) => v !== x[i]).length === 1);
          /** The steepest path, by looking at all neighbors. */
          const walk = (x: Sites): Sites => {
            const best = near(x).reduce((a, b) => (at(b) < at(a) ? b : a));
            return at(best) < at(x) ? walk(best) : x;
          };
          const steepest = descend<Sites>(energy, from);
          // Between equal ways out of a wall the number of the move decides.
          if (walls === 0) expect([...steepest.state]).toEqual([...walk(from)]);
          for (const found of [steepest, descend<Sites>(energy, from, { order: "random", seed: 3 })]) {
            expect(found).toMatchObject({ energy: at(found.state), converged: true, certificate: "local" });
            expect(found.energy).toBeLessThanOrEqual(at(from));
            for (const other of near(found.state)) expect(at(other)).toBeGreaterThanOrEqual(found.energy);
          }
          const { distance, ...rest } = recall<Sites>(energy, from);
          expect(rest).toEqual(steepest);
          expect(distance).toBe(steepest.state.filter((v, i) => v !== from[i]).length);
        }
      }),
    );
  });

  it("name who needs what", () => {
    const rough = plainEnergy(reals(1), (x) => Math.abs(x[0]));
    expect(() => descend(rough, Float64Array.of(1))).toThrow(
      /^descend needs an energy with a gradient; this one, over 1 reals, has none$/,
    );
    expect(() => recall(rough, Float64Array.of(1))).toThrow(/^recall needs an energy with a gradient/);
    const mute = { ...plainEnergy(spins(1), () => 0), can: {} };
    expect(() => descend(mute, Int8Array.of(1))).toThrow(/^descend needs an energy with moves/);
    const spoiled = plainEnergy(spins(2), (s) => (s[0] + s[1] > 0 ? NaN : 0));
    expect(() => descend(spoiled, Int8Array.of(-1, 1))).toThrow(/energy difference of a move is NaN/);
  });
});
