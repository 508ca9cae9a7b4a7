import {
  type Capabilities,
  checkGradient,
  type Energy,
  labeled,
  mixture,
  plainEnergy,
  reals,
  requireCapability,
  type Space,
  scale,
  shift,
  spins,
  sum,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CapabilityName } from "../../src/energy.ts";
import { allStates, difference, glass, realWave, tableEnergy, trits, wave, waveEnergy } from "../fixtures.ts";

type Combine = <X>(parts: readonly Energy<X>[]) => Energy<X>;

/** What each combination must be, written out on energies alone, and which of three parts it uses. */
const cases: readonly (readonly [
  string,
  Combine,
  (...energies: number[]) => number,
  uses: readonly number[],
])[] = [
  ["sum", (parts) => sum(parts), (a, b, c) => a + b + c, [0, 1, 2]],
  // A weight of 0 leaves its part out.
  ["weighted sum", (parts) => sum(parts, [0.5, 0, 3]), (a, _, c) => 0.5 * a + 3 * c, [0, 2]],
  ["scale", ([a]) => scale(a, 2.5), (a) => 2.5 * a, [0]],
  ["shift", ([a]) => shift(a, -4), (a) => a - 4, [0]],
  [
    "mixture",
    ([a, b]) => mixture([a, b], { weights: [1, 3], logPartitions: [2, -1] }),
    (a, b) => -Math.log(0.25 * Math.exp(-a - 2) + 0.75 * Math.exp(-b + 1)),
    [0, 1],
  ],
  ["mixture of one", ([, b]) => mixture([b]), (_, b) => b, [1]],
  [
    "nested",
    ([a, b, c]) => scale(sum([shift(mixture([a, b]), 1), c]), 2),
    (a, b, c) => 2 * (1 - Math.log((Math.exp(-a) + Math.exp(-b)) / 2) + c),
    [0, 1, 2],
  ],
];

/** Declares the tests of every combination over one space, with parts that can do all that the space allows. */
function combinations<X>(
  space: Space<X>,
  names: readonly CapabilityName[],
  make: (theta: Float64Array) => Energy<X>,
  coordinates: (x: X) => number[],
  size: number,
) {
  describe.each(cases)(`%s over ${space.name}`, (_, combine, truth, uses) => {
    const setting = (seed: number) => {
      const rng = createRng(seed);
      const own = Array.from({ length: 3 }, () =>
        Float64Array.from({ length: size + 1 }, () => rng.normal()),
      );
      const kept = uses.map((k) => own[k]);
      const energy = combine(own.map((theta) => make(theta.slice())));
      /** The energy as the parameters in `own` make it. */
      const at = (x: X) => truth(...own.map((theta) => wave(theta, coordinates(x))));
      const get = <K extends CapabilityName>(name: K): Capabilities<X>[K] =>
        requireCapability(energy, name, "the test");
      return { rng, kept, energy, at, get, x: space.random(rng) };
    };
    const property = (check: (made: ReturnType<typeof setting>) => void) =>
      fc.assert(
        fc.property(fc.nat(), (seed) => check(setting(seed))),
        { numRuns: 10 },
      );
    /** Changes every parameter of the combination, and the oracle's with them. */
    const change = ({ rng, kept, get }: ReturnType<typeof setting>) => {
      const { values } = get("parameters");
      for (const k of values.keys()) {
        values[k] = rng.normal();
        kept[Math.floor(k / (size + 1))][k % (size + 1)] = values[k];
      }
    };

    it("can do what its parts can, and nothing else", () => {
      expect(Object.keys(setting(1).energy.can).sort()).toEqual([...names].sort());
    });

    it("has the energy that the energies of its parts make, after its parameters change too", () => {
      property((made) => {
        expect(made.energy.energy(made.x)).toBeCloseTo(made.at(made.x), 9);
        change(made);
        expect(made.energy.energy(made.x)).toBeCloseTo(made.at(made.x), 9);
      });
    });

    it("has the parameters of its parts one after another, with their gradient", () => {
      property(({ kept, at, get, x }) => {
        const { values, addGradient } = get("parameters");
        expect([...values]).toEqual(kept.flatMap((theta) => [...theta]));
        const out = new Float64Array(values.length).fill(0.5);
        addGradient(x, -2, out);
        for (const k of values.keys()) {
          const theta = kept[Math.floor(k / (size + 1))];
          const i = k % (size + 1);
          const here = theta[i];
          theta[i] = here + 1e-5;
          const above = at(x);
          theta[i] = here - 1e-5;
          const slope = (above - at(x)) / 2e-5;
          theta[i] = here;
          expect(out[k]).toBeCloseTo(0.5 - 2 * slope, 6);
        }
      });
    });

    if (names.includes("gradient"))
      it("has the gradient of its energy, with the parameters of now", () => {
        property((made) => {
          change(made);
          const vector = made.x as X & Float64Array;
          const out = new Float64Array(size);
          expect(made.get("gradient")(vector, out)).toBeCloseTo(made.at(vector), 9);
          expect(checkGradient(made.energy as Energy<typeof vector>, vector)).toMatchObject({ passed: true });
        });
      });

    if (names.includes("moves"))
      it("has cursors that follow its energy, with the parameters of now", () => {
        property((made) => {
          change(made);
          const { rng, at, x } = made;
          const kept = space.copy(x);
          const cursor = made.get("moves")(x);
          const count = space.moves?.count ?? 0;
          for (let step = 0; step < 8; step++) {
            const move = rng.index(count);
            const before = at(cursor.state);
            expect(cursor.energy).toBeCloseTo(before, 9);
            const delta = cursor.delta(move);
            expect(cursor.deltas(new Float64Array(count))[move]).toBeCloseTo(delta, 12);
            cursor.apply(move);
            expect(at(cursor.state) - before).toBeCloseTo(delta, 9);
          }
          expect(x).toEqual(kept);
        });
      });

    if (names.includes("labels"))
      it("has the energies of all labels, with the parameters of now", () => {
        property((made) => {
          change(made);
          const { x } = made.x as { x: Float64Array };
          const labels = made.get("labels") as Capabilities<{ x: Float64Array; y: number }>["labels"];
          const energies = labels.energies(x, new Float64Array(labels.count));
          expect(`${labels.input.name} with one of ${labels.count} labels`).toBe(space.name);
          for (const [y, energy] of energies.entries()) {
            expect(energy).toBeCloseTo(made.at({ x, y } as X), 9);
          }
        });
      });
  });
}

combinations(reals(3), ["gradient", "parameters"], realWave, (x) => [...x], 3);
combinations(
  spins(4),
  ["moves", "parameters"],
  (t) => waveEnergy(spins(4), t, (x) => x),
  (x) => [...x],
  4,
);
combinations(
  trits(3),
  ["moves", "parameters"],
  (t) => waveEnergy(trits(3), t, (x) => x),
  (x) => [...x],
  3,
);
const pairs = labeled(reals(2), 3);
const rows = labeled(trits(2), 2);
const flat = ({ x, y }: { x: Float64Array | Uint8Array; y: number }) => [...x, y];
combinations(pairs, ["labels", "parameters"], (t) => waveEnergy(pairs, t, flat), flat, 3);
combinations(rows, ["labels", "parameters"], (t) => waveEnergy(rows, t, flat), flat, 3);

describe.each(cases)("%s of parts with walls", (_, combine, truth) => {
  it.each([
    ["spins", spins(4), [-1, 1], new Int8Array(4)],
    ["trits", trits(3), [0, 1, 2], new Uint8Array(3)],
  ] as const)("has cursors over %s that see through them", (_, space, values, like) => {
    const states = allStates<Int8Array | Uint8Array>(values, like.length, like);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rng = createRng(seed);
        const parts = [1, 2, 3].map((k) =>
          tableEnergy(space as Space<Int8Array | Uint8Array>, states, seed + k, 0.4),
        );
        const cursor = requireCapability(
          combine<Int8Array | Uint8Array>(parts.map(({ energy }) => energy)),
          "moves",
          "the test",
        )(states[rng.index(states.length)]);
        const at = (x: Int8Array | Uint8Array) => truth(...parts.map((part) => part.at(x)));
        for (let step = 0; step < 20; step++) {
          const move = rng.index(space.moves.count);
          const before = at(cursor.state);
          const delta = cursor.delta(move);
          expect(cursor.deltas(new Float64Array(space.moves.count))[move]).toBeCloseTo(delta, 12);
          expect(cursor.energy).toBeCloseTo(before, 9);
          cursor.apply(move);
          expect(delta).toBeCloseTo(difference(before, at(cursor.state)), 9);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe.each(cases)("%s of glasses and a function", (_, combine, truth, uses) => {
  const parity = (n: number) => plainEnergy(spins(n), (s) => 0.7 * s.reduce((product, v) => product * v, 1));

  it("has cursors that follow its energy, and the parameters of the glasses alone", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 7 }), (seed, n) => {
        const { rng, energy: first, state } = glass(seed, n);
        const parts: Energy<Int8Array>[] = [first, parity(n), glass(seed + 1, n).energy];
        const energy = combine(parts);
        const at = (s: Int8Array) => truth(...parts.map((part) => part.energy(s)));
        const cursor = requireCapability(energy, "moves", "the test")(state);
        for (let step = 0; step < 10; step++) {
          const before = at(cursor.state);
          expect(energy.energy(cursor.state)).toBeCloseTo(before, 9);
          expect(cursor.energy).toBeCloseTo(before, 9);
          const i = rng.index(n);
          const delta = cursor.delta(i);
          expect(cursor.deltas(new Float64Array(n))[i]).toBeCloseTo(delta, 12);
          cursor.apply(i);
          expect(at(cursor.state) - before).toBeCloseTo(delta, 9);
        }
        const learnable = uses.flatMap((k) => [...(parts[k].can.parameters?.values ?? [])]);
        expect([...(energy.can.parameters?.values ?? [])]).toEqual(learnable);
        if (learnable.length === 0) {
          expect(() => requireCapability(energy, "parameters", "learning")).toThrow(
            /part of a .* has parameters/,
          );
          return;
        }
        const { values, addGradient } = requireCapability(energy, "parameters", "the test");
        const gradient = new Float64Array(values.length);
        addGradient(state, 2, gradient);
        for (const k of [0, values.length - 1]) {
          const kept = values[k];
          values[k] = kept + 1e-5;
          const above = energy.energy(state);
          values[k] = kept - 1e-5;
          expect(gradient[k]).toBeCloseTo((2 * (above - energy.energy(state))) / 2e-5, 5);
          values[k] = kept;
        }
      }),
      { numRuns: 30 },
    );
  });
});
