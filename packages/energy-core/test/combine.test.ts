import {
  checkGradient,
  clamp,
  couplings,
  type DifferentiableEnergy,
  type Edge,
  type Energy,
  energyDifference,
  isDifferentiable,
  isLearnable,
  isSpinEnergy,
  type JointEnergy,
  type Labeled,
  type LearnableEnergy,
  logDensity,
  marginalize,
  mixture,
  numericGradient,
  plainEnergy,
  requireDifferentiable,
  requireSpinEnergy,
  restrict,
  type SpinEnergy,
  scale,
  shift,
  sparseQuadratic,
  sum,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { banana, doubleWell, gaussian, gaussianMixture } from "@basin/energy-core/targets";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

function glass(seed: number, n: number) {
  const rng = createRng(seed);
  const edges: Edge[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) if (rng.bernoulli(0.6)) edges.push([i, j, rng.normal()]);
  return sparseQuadratic(
    couplings(n, edges),
    Float64Array.from({ length: n }, () => rng.normal()),
  );
}

const parity = (n: number) =>
  plainEnergy({ kind: "spins", dimension: n }, (s) => 0.7 * s.reduce((product, v) => product * v, 1));

/** What each combination must be, written out on energies alone. */
const spinCases: [string, (a: SpinEnergy, b: SpinEnergy) => SpinEnergy, (a: number, b: number) => number][] =
  [
    ["sum", (a, b) => sum([a, b]), (a, b) => a + b],
    ["weighted sum", (a, b) => sum([a, b], [0.5, 3]), (a, b) => 0.5 * a + 3 * b],
    ["scale", (a) => scale(a, 2.5), (a) => 2.5 * a],
    ["shift", (a) => shift(a, -4), (a) => a - 4],
    [
      "mixture",
      (a, b) => mixture([a, b], { weights: [1, 3], logPartitions: [2, -1] }),
      (a, b) => -Math.log(0.25 * Math.exp(-a - 2) + 0.75 * Math.exp(-b + 1)),
    ],
    [
      "nested",
      (a, b) => scale(sum([shift(a, 1), mixture([a, b])]), 2),
      (a, b) => 2 * (a + 1 - Math.log((Math.exp(-a) + Math.exp(-b)) / 2)),
    ],
  ];

describe.each(spinCases)("%s on spins", (_, build, truth) => {
  it("has the right energies, and cursors that follow them", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 7 }), (seed, n) => {
        const [a, b] = [glass(seed, n), parity(n)];
        const energy = build(a, b);
        const rng = createRng(seed + 1);
        const at = (s: Int8Array) => truth(a.energy(s), b.energy(s));
        const cursor = energy.attach(Int8Array.from({ length: n }, () => (rng.bernoulli(0.5) ? 1 : -1)));
        for (let step = 0; step < 10; step++) {
          const i = rng.index(n);
          const before = at(cursor.state);
          expect(energy.energy(cursor.state)).toBeCloseTo(before, 9);
          expect(cursor.energy).toBeCloseTo(before, 9);
          const delta = cursor.delta(i);
          expect(cursor.deltas(new Float64Array(n))[i]).toBeCloseTo(delta, 12);
          cursor.flip(i);
          expect(at(cursor.state) - before).toBeCloseTo(delta, 9);
        }
        expect(isSpinEnergy(energy)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps the parameters of the one part that has them", () => {
    const [a, b] = [glass(4, 5), parity(5)];
    const energy = build(a, b);
    if (!isLearnable(energy)) return expect(energy).toHaveProperty("lacking.parameters");
    const x = Int8Array.of(1, -1, -1, 1, 1);
    const gradient = new Float64Array(energy.parameters.length);
    energy.addParameterGradient(x, 2, gradient);
    for (const k of [0, 3, gradient.length - 1]) {
      const kept = energy.parameters[k];
      energy.parameters[k] = kept + 1e-5;
      const above = energy.energy(x);
      energy.parameters[k] = kept - 1e-5;
      const slope = (above - energy.energy(x)) / 2e-5;
      energy.parameters[k] = kept;
      expect(gradient[k]).toBeCloseTo(2 * slope, 6);
    }
  });
});

const smooth: [string, DifferentiableEnergy, (x: Float64Array) => number][] = (() => {
  const [a, b] = [
    banana({ curvature: 0.5, standardDeviation: 2 }),
    gaussianMixture({
      means: [
        [-2, 1],
        [1, 0],
      ],
    }),
  ];
  return [
    ["sum", sum<DifferentiableEnergy>([a, b], [1, 2]), (x) => a.energy(x) + 2 * b.energy(x)],
    ["scale", scale(a, 3), (x) => 3 * a.energy(x)],
    ["shift", shift(a, 3), (x) => a.energy(x) + 3],
    [
      "mixture",
      mixture<DifferentiableEnergy>([a, b]),
      (x) => -Math.log(0.5 * Math.exp(-a.energy(x)) + 0.5 * Math.exp(-b.energy(x))),
    ],
    ["restrict", restrict(a, { low: -50, high: [50, Infinity] }), (x) => a.energy(x)],
    [
      "clamp",
      clamp(sum<DifferentiableEnergy>([a, b]), Float64Array.of(0.3, 0), [1, 0]),
      (x) => a.energy(Float64Array.of(0.3, x[0])) + b.energy(Float64Array.of(0.3, x[0])),
    ],
  ];
})();

describe.each(smooth)("%s on reals", (_, energy, truth) => {
  it("has the right energy and its gradient", () => {
    const rng = createRng(6);
    for (let trial = 0; trial < 20; trial++) {
      const x = Float64Array.from({ length: energy.space.dimension }, () => 2 * rng.normal());
      expect(energy.energy(x)).toBeCloseTo(truth(x), 9);
      expect(energy.energyAndGradient(x, new Float64Array(x.length))).toBeCloseTo(truth(x), 9);
      expect(checkGradient(energy, x)).toMatchObject({ passed: true });
    }
  });
});

describe("capabilities", () => {
  const flat = plainEnergy({ kind: "reals", dimension: 1 }, () => 0);
  const bowl = gaussian({ dimension: 1 });

  it("are lost only when a part lacks them, and then the part is named", () => {
    const mixed = sum<Energy<Float64Array>>([bowl, flat]);
    expect(isDifferentiable(mixed as Energy<never>)).toBe(false);
    expect(() => requireDifferentiable(scale(mixed, 2) as Energy<never>, "descend")).toThrow(
      /descend needs an energy on reals with a gradient; part 1 of a sum has no gradient/,
    );
    expect(() => requireSpinEnergy(bowl as Energy<never>, "enumerate")).toThrow(
      /enumerate needs an energy on spins/,
    );
    expect(isDifferentiable(sum<Energy<Float64Array>>([bowl, numericGradient(flat)]) as Energy<never>)).toBe(
      true,
    );
  });

  it("refuse parts over different spaces, and options that mean nothing", () => {
    expect(() => sum<Energy<Float64Array>>([bowl, gaussian({ dimension: 2 })])).toThrow(
      /part 1 of a sum is over 2 reals, part 0 over 1 reals/,
    );
    expect(() => sum([])).toThrow(/a sum needs at least one part/);
    expect(() => sum([bowl], [-1])).toThrow(/weight 0 is -1/);
    expect(() => sum([bowl], [1, 2])).toThrow(/weights has length 2, expected 1/);
    expect(() => scale(bowl, 0)).toThrow(/factor is 0/);
    expect(() => shift(bowl, Infinity)).toThrow(/constant is Infinity/);
    expect(() => mixture([bowl], { weights: [0] })).toThrow(/weight 0 is 0/);
    expect(() => restrict(bowl, { low: 1, high: 0 })).toThrow(/side 0 of the box is from 1 to 0/);
  });

  it("a weight of zero leaves its part out, walls included", () => {
    const wall = restrict(bowl, { low: 0, high: 1 });
    expect(sum([bowl, wall], [1, 0]).energy(Float64Array.of(-2))).toBe(2);
    expect(sum([bowl, wall]).energy(Float64Array.of(-2))).toBe(Infinity);
    expect(wall.energyAndGradient(Float64Array.of(2), new Float64Array(1))).toBe(Infinity);
    expect(mixture([bowl, wall]).energy(Float64Array.of(-2))).toBeCloseTo(2 + Math.LN2, 12);
  });
});

describe("a mixture", () => {
  it("is normalized exactly when every log Z is given", () => {
    const parts = [
      gaussian({ mean: [-2], standardDeviations: [0.5] }),
      gaussian({ mean: [2], standardDeviations: [1] }),
    ];
    const weights = [1, 3];
    const exact = mixture(parts, { weights, logPartitions: parts.map(({ logPartition }) => logPartition) });
    const truth = gaussianMixture({ means: [[-2], [2]], standardDeviations: [0.5, 1], weights });
    expect(exact.normalized).toBe(true);
    expect(mixture(parts).normalized).toBe(false);
    for (const v of [-3, 0, 1.7]) {
      expect(exact.energy(Float64Array.of(v))).toBeCloseTo(truth.energy(Float64Array.of(v)), 12);
    }
  });
});

describe("labels", () => {
  const space = { kind: "joint", input: { kind: "reals", dimension: 1 }, labels: 3 } as const;
  const joint: JointEnergy<Float64Array> = {
    space,
    energy: ({ x, y }) => (x[0] - y) ** 2,
    energies(x, out) {
      for (let y = 0; y < 3; y++) out[y] = (x[0] - y) ** 2;
      return out;
    },
  };
  const x = Float64Array.of(0.4);

  it("are marginalized at any temperature, which scaling does not do", () => {
    for (const beta of [0.3, 1, 4]) {
      const truth = -Math.log([0, 1, 2].reduce((z, y) => z + Math.exp(-beta * (0.4 - y) ** 2), 0)) / beta;
      expect(marginalize(joint, { inverseTemperature: beta }).energy(x)).toBeCloseTo(truth, 12);
      expect(marginalize(scale(joint, beta)).energy(x) / beta).toBeCloseTo(truth, 12);
    }
    expect(marginalize(joint, { temperature: 0 }).energy(x)).toBeCloseTo(0.16, 12);
    expect(() => marginalize(gaussian({ dimension: 1 }) as never)).toThrow(/over inputs and labels/);
    expect(() => marginalize(joint, { inverseTemperature: 0 })).toThrow(/inverseTemperature is 0/);
  });

  it("pass through sums and scales", () => {
    const both = scale(sum([joint, shift(joint, 1)]), 2);
    const out = both.energies(x, new Float64Array(3));
    for (let y = 0; y < 3; y++) {
      expect(out[y]).toBeCloseTo(2 * (2 * (0.4 - y) ** 2 + 1), 12);
      expect(both.energy({ x, y })).toBeCloseTo(out[y], 12);
    }
  });
});

describe("logDensity and energyDifference", () => {
  it("agree with the normal density", () => {
    const normal = gaussian({ dimension: 1 });
    expect(logDensity(normal, Float64Array.of(2), normal)).toBeCloseTo(-2 - 0.5 * Math.log(2 * Math.PI), 12);
    expect(logDensity(normal, Float64Array.of(2), { temperature: 2 })).toBe(-1);
    expect(energyDifference(doubleWell({ tilt: 1 }), Float64Array.of(1), Float64Array.of(-1))).toBe(2);
    const wall = restrict(normal, { low: 0, high: 1 });
    expect(logDensity(wall, Float64Array.of(2), { inverseTemperature: 0 })).toBe(-Infinity);
    expect(() => energyDifference(wall, Float64Array.of(2), Float64Array.of(3))).toThrow(
      /both energies are \+Infinity/,
    );
  });
});

describe("parameters of several parts", () => {
  const x = Int8Array.of(1, -1, -1, 1, 1);

  it.each(["sum", "mixture"] as const)("are one live vector of a %s, with its exact gradient", (kind) => {
    const [a, b] = [glass(4, 5), glass(9, 5)] as (SpinEnergy & LearnableEnergy<Int8Array>)[];
    const parts = [a, parity(5), b, a] as SpinEnergy[];
    const energy = (kind === "sum" ? sum(parts, [1, 2, 0.5, 3]) : mixture(parts)) as typeof a;
    // The part that comes twice has its parameters once.
    expect(energy.parameters).toHaveLength(a.parameters.length + b.parameters.length);
    const gradient = new Float64Array(energy.parameters.length);
    energy.addParameterGradient(x, 2, gradient);
    for (const k of gradient.keys()) {
      const kept = energy.parameters[k];
      energy.parameters[k] = kept + 1e-5;
      const above = energy.attach(x).energy;
      energy.parameters[k] = kept - 1e-5;
      const below = energy.energy(x);
      energy.parameters[k] = kept;
      expect(gradient[k]).toBeCloseTo((2 * (above - below)) / 2e-5, 5);
    }
  });
});

describe("labels", () => {
  const space = { kind: "joint", input: { kind: "spins", dimension: 2 }, labels: 2 } as const;
  /** E(s, y) = θ_y s₀ + y s₁: learnable, with all labels at once. */
  const joint = (parameters: Float64Array) => {
    const energy = ({ x, y }: Labeled<Int8Array>) => parameters[y] * x[0] + y * x[1];
    return {
      space,
      energy,
      energies: (x: Int8Array, out: Float64Array) => out.map((_, y) => (out[y] = energy({ x, y }))),
      parameters,
      addParameterGradient({ x, y }: Labeled<Int8Array>, weight: number, out: Float64Array) {
        out[y] += weight * x[0];
      },
    };
  };

  it("stay with a mixture, whose energies are those of its states", () => {
    const both = mixture([joint(Float64Array.of(1, 2)), joint(Float64Array.of(-1, 0.5))], {
      weights: [1, 2],
    });
    const x = Int8Array.of(1, -1);
    const out = both.energies(x, new Float64Array(2));
    for (const y of [0, 1]) {
      const parts = [both.parameters[y], both.parameters[2 + y]].map((theta) => theta * x[0] + y * x[1]);
      const expected = -Math.log((Math.exp(-parts[0]) + 2 * Math.exp(-parts[1])) / 3);
      expect(out[y]).toBeCloseTo(expected, 12);
      expect(both.energy({ x, y })).toBeCloseTo(expected, 12);
    }
  });

  it("are summed out with cursors and parameters kept, at any temperature", () => {
    const free = marginalize(joint(Float64Array.of(0.3, -0.8)), { temperature: 2 });
    const spins = free as unknown as SpinEnergy & LearnableEnergy<Int8Array>;
    const x = Int8Array.of(1, 1);
    const gradient = new Float64Array(2);
    spins.addParameterGradient(x, 3, gradient);
    for (const k of [0, 1]) {
      const kept = spins.parameters[k];
      const at = (value: number) => {
        spins.parameters[k] = value;
        return spins.energy(x);
      };
      const slope = (at(kept + 1e-5) - at(kept - 1e-5)) / 2e-5;
      spins.parameters[k] = kept;
      expect(gradient[k]).toBeCloseTo(3 * slope, 6);
    }
    const cursor = spins.attach(x);
    expect(cursor.delta(1)).toBeCloseTo(spins.energy(Int8Array.of(1, -1)) - spins.energy(x), 12);
  });
});

describe("what is missing", () => {
  it("is named through combinators of combinators", () => {
    const line = { kind: "reals", dimension: 1 } as const;
    const rough = plainEnergy(line, (x: Float64Array) => Math.abs(x[0]));
    const parts = [gaussian({ dimension: 1 }), rough] as Energy<Float64Array>[];
    const walled = restrict(shift(sum(parts as never[]) as Energy<Float64Array>, 1), { low: -1, high: 1 });
    expect(() => requireDifferentiable(walled as never, "descent")).toThrow(
      /part 1 of a sum has no gradient/,
    );
  });
});
