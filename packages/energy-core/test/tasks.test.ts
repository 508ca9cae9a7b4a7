import {
  correct,
  couplings,
  descend,
  differentiable,
  type Edge,
  type JointEnergy,
  plainEnergy,
  predict,
  rank,
  recall,
  sparseQuadratic,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { banana, doubleWell, gaussian, gaussianMixture, rosenbrock } from "@basin/energy-core/targets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function glass(seed: number, n: number) {
  const rng = createRng(seed);
  const edges: Edge[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) if (rng.bernoulli(0.5)) edges.push([i, j, rng.normal()]);
  const energy = sparseQuadratic(
    couplings(n, edges),
    Float64Array.from({ length: n }, () => rng.normal()),
  );
  return { rng, energy, state: Int8Array.from({ length: n }, () => (rng.bernoulli(0.5) ? 1 : -1)) };
}

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
        target.energyAndGradient(found.state, gradient);
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
});

describe("correct", () => {
  it("is exact in a Hamming ball that can be searched", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 7 }), fc.nat({ max: 7 }), (seed, n, r) => {
        const { energy, state } = glass(seed, n);
        const radius = Math.min(r, n);
        const found = correct(energy, state, { radius });
        let lowest = Infinity;
        for (let mask = 0; mask < 2 ** n; mask++) {
          const sites = state.map((_, i) => (mask >> i) & 1);
          if (sites.reduce((sum, bit) => sum + bit, 0) > radius) continue;
          lowest = Math.min(lowest, energy.energy(state.map((s, i) => (sites[i] ? -s : s))));
        }
        expect(found).toMatchObject({ certificate: "exact", converged: true });
        expect(found.energy).toBeCloseTo(lowest, 9);
        expect(found.distance).toBe(found.state.filter((s, i) => s !== state[i]).length);
        expect(found.distance).toBeLessThanOrEqual(radius);
      }),
    );
  });

  it("beyond, no flip and no exchange inside the ball does better", () => {
    for (let seed = 0; seed < 10; seed++) {
      const { energy, state } = glass(seed, 14);
      const found = correct(energy, state, { radius: 4, maximumStates: 10 });
      expect(found.certificate).toBe("local");
      const inside = (s: Int8Array) => s.filter((v, i) => v !== state[i]).length <= 4;
      for (let i = 0; i < 14; i++) {
        for (let j = 0; j <= i; j++) {
          const near = i === j ? flipped(found.state, i) : flipped(found.state, i, j);
          const exchanged = i === j || (found.state[i] === state[i]) !== (found.state[j] === state[j]);
          if (inside(near) && exchanged && (i === j || found.distance === 4)) {
            expect(energy.energy(near)).toBeGreaterThanOrEqual(found.energy - 1e-9);
          }
        }
      }
    }
  });

  it("meets the closed form of a bowl on either ball", () => {
    const bowl = gaussian({ dimension: 2 });
    const x = Float64Array.of(3, 4);
    const near = correct(bowl, x, { radius: 1 });
    expect(near.state[0]).toBeCloseTo(2.4, 7);
    expect(near.state[1]).toBeCloseTo(3.2, 7);
    expect(near.distance).toBeCloseTo(1, 9);
    const box = correct(bowl, x, { radius: 3.5, norm: "linf" });
    expect([...box.state].map((v) => Math.round(v * 1e7) / 1e7)).toEqual([0, 0.5]);
    expect(correct(bowl, x, { radius: 0 }).state).toEqual(x);
    expect(correct(bowl, x, { radius: 9 }).energy).toBeLessThan(1e-12);
  });

  it("agrees with a fine search of the circle on a bent target", () => {
    const target = banana({ curvature: 0.5, standardDeviation: 2 });
    const x = Float64Array.of(2.5, 3);
    let lowest = Infinity;
    for (let a = 0; a < 400; a++) {
      for (let r = 0; r <= 200; r++) {
        const [angle, length] = [(2 * Math.PI * a) / 400, (1.5 * r) / 200];
        lowest = Math.min(
          lowest,
          target.energy(Float64Array.of(x[0] + length * Math.cos(angle), x[1] + length * Math.sin(angle))),
        );
      }
    }
    const found = correct(target, x, { radius: 1.5 });
    expect(found.converged).toBe(true);
    expect(found.energy).toBeLessThanOrEqual(lowest + 1e-9);
    expect(found.energy).toBeGreaterThan(lowest - 1e-2);
  });

  it("refuses radii and norms it does not know", () => {
    const { energy, state } = glass(1, 3);
    expect(() => correct(energy, state, { radius: 1.5 })).toThrow(/radius is 1.5, expected an integer/);
    expect(() => correct(energy, state, { radius: 4 })).toThrow(/radius is 4/);
    expect(() => correct(gaussian({ dimension: 1 }), Float64Array.of(1), { radius: -1 })).toThrow(
      /radius is -1/,
    );
    expect(() =>
      correct(gaussian({ dimension: 1 }), Float64Array.of(1), { radius: 1, norm: "l1" as never }),
    ).toThrow(/unknown norm "l1"; known: l2, linf/);
  });
});

describe("rank and predict", () => {
  const space = { kind: "joint", input: { kind: "reals", dimension: 1 }, labels: 4 } as const;
  const table = (row: number[]): JointEnergy<Float64Array> => ({
    space: { ...space, labels: row.length },
    energy: ({ y }) => row[y],
    energies(_, out) {
      out.set(row);
      return out;
    },
  });
  const x = Float64Array.of(0);

  it("order by energy, stably, infinities last", () => {
    const energy = plainEnergy({ kind: "reals", dimension: 1 }, (v: Float64Array) => v[0]);
    const { order, energies } = rank(
      energy,
      [2, Infinity, 1, 2, Infinity, -3].map((v) => Float64Array.of(v)),
    );
    expect([...order]).toEqual([5, 2, 0, 3, 1, 4]);
    expect(energies[5]).toBe(-3);
    expect(() => rank(energy, [])).toThrow(/no states/);
    expect(() => rank(energy, [Float64Array.of(0), Float64Array.of(NaN)])).toThrow(
      /energy of state 1 is NaN/,
    );
  });

  it("name the best label and its margin, with or without the joint capability", () => {
    const row = [3, -1, Infinity, 0.5];
    const found = predict(table(row), x);
    expect(found).toMatchObject({ label: 1, energy: -1, margin: 1.5, certificate: "exact" });
    const plain = plainEnergy(space, ({ y }: { x: Float64Array; y: number }) => row[y]);
    expect(predict(plain, x)).toEqual(found);
    expect(predict(table([2]), x).margin).toBe(Infinity);
    expect(predict(table([2, 2]), x)).toMatchObject({ label: 0, margin: 0 });
    expect(() => predict(table([Infinity, Infinity]), x)).toThrow(/all 2 labels have energy \+Infinity/);
    expect(() => predict(table([0, NaN]), x)).toThrow(/energy of label 1 is NaN/);
    expect(() => predict(gaussian({ dimension: 1 }) as never, x)).toThrow(/over inputs and labels/);
  });
});
