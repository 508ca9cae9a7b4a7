import {
  attractors,
  complete,
  correct,
  descend,
  detector,
  labeled,
  marginalize,
  plainEnergy,
  predict,
  rank,
  recall,
} from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { heatBath } from "@basin/samplers";
import { gTest } from "@basin/testing";
import { describe, expect, it } from "vitest";
import { energyOf, enumerated, randomModel } from "../potts/models.ts";

const distance = (a: Uint8Array, b: Uint8Array) => a.filter((label, i) => label !== b[i]).length;

describe.each([randomModel(5, 3, 11), randomModel(4, 4, 12), randomModel(7, 3, 13)])(
  "tasks on $n sites of $q labels, against enumeration",
  (model) => {
    const { energy, n, q } = model;
    const { states, energies } = enumerated(model);
    const lowestOf = (some: readonly Uint8Array[]) => Math.min(...some.map((s) => energyOf(model, s)));
    const nearby = (x: Uint8Array) => states.filter((s) => distance(s, x) === 1);
    const starts = Array.from({ length: 10 }, (_, k) => energy.space.random(createRng(k)));

    it("complete finds the lowest energy among the states that agree with what is known", () => {
      for (const [k, x] of starts.entries()) {
        const known = Array.from({ length: n }, (_, i) => (i + k) % 2 === 0);
        const agreeing = states.filter((s) => known.every((is, i) => !is || s[i] === x[i]));
        const masked = x.map((label, i) => (known[i] ? label : 255));
        const found = complete(energy, masked, { known, seed: 1 });
        expect(agreeing.map(String)).toContain(String(found.state));
        expect(found.energy).toBeCloseTo(lowestOf(agreeing), 10);
        expect(found.certificate).toBe("exact");
        const descended = complete(energy, masked, { known, maxStates: 0, restarts: 30, seed: 1 });
        expect(descended.energy).toBeCloseTo(lowestOf(agreeing), 10);
        expect(descended.certificate).toBe("local");
      }
    });

    it("complete draws the rest from its conditional law", () => {
      const known = Array.from({ length: n }, (_, i) => i > 1);
      const x = starts[0];
      const agreeing = states.filter((s) => known.every((is, i) => !is || s[i] === x[i]));
      const counts = new Float64Array(agreeing.length);
      const places = new Map(agreeing.map((s, k) => [String(s), k]));
      for (let seed = 0; seed < 3000; seed++) {
        const { state } = complete(energy, x, {
          known,
          kernel: heatBath(),
          steps: 15,
          inverseTemperature: 0.7,
          seed,
        });
        counts[places.get(String(state)) as number]++;
      }
      const weights = agreeing.map((s) => Math.exp(-0.7 * energyOf(model, s)));
      expect(gTest(counts, weights).pValue).toBeGreaterThan(1e-6);
    });

    it("correct finds the lowest energy within a Hamming ball", () => {
      for (const x of starts) {
        for (const radius of [1, 2]) {
          const found = correct(energy, x, { radius });
          expect(found.energy).toBeCloseTo(lowestOf(states.filter((s) => distance(s, x) <= radius)), 10);
          expect([found.certificate, distance(found.state, x) <= radius]).toEqual(["exact", true]);
        }
      }
    });

    it("descend and recall end where no change of one label lowers the energy", () => {
      for (const x of starts) {
        for (const found of [descend(energy, x), descend(energy, x, { order: "random", seed: 3 })])
          expect(lowestOf(nearby(found.state))).toBeGreaterThanOrEqual(found.energy - 1e-9);
        const memory = recall(energy, x);
        expect(memory.distance).toBe(distance(memory.state, x));
        expect(memory.state).toEqual(descend(energy, x).state);
      }
    });

    it("attractors are the states that no change of one label lowers, and their basins share out all states", () => {
      const minima = states.filter((s) => lowestOf(nearby(s)) > energyOf(model, s));
      const found = attractors(energy, { seed: 1 });
      expect(found.exhaustive).toBe(true);
      expect(found.attractors.map(({ state }) => String(state)).sort()).toEqual(minima.map(String).sort());
      const ends = states.map((s) => String(descend(energy, s).state));
      for (const { state, basin } of found.attractors) {
        const to = ends.filter((end) => end === String(state)).length;
        expect(basin).toBeCloseTo(to / q ** n, 12);
      }
    });

    it("rank orders all states by energy", () => {
      const { order } = rank(energy, states);
      const sorted = [...energies].sort((a, b) => a - b);
      for (const [place, k] of order.entries()) expect(energies[k]).toBeCloseTo(sorted[place], 10);
    });

    it("detect keeps the share of states that it was asked to", () => {
      const test = detector(
        states.map((s) => energy.energy(s)),
        { keep: 0.9 },
      );
      const kept = energies.filter((E) => E <= test.threshold + 1e-12).length / energies.length;
      expect(test.kept).toBe(kept);
      expect(kept).toBeGreaterThanOrEqual(0.9);
      expect(test.isOutlier(Math.max(...energies) + 1)).toBe(true);
    });
  },
);

describe("a joint energy of labels and a class", () => {
  const classes = [21, 22, 23].map((seed) => randomModel(4, 3, seed));
  const joint = plainEnergy(labeled(classes[0].energy.space, 3), ({ x, y }) => classes[y].energy.energy(x));
  const { states } = enumerated(classes[0]);

  it("predicts the class of lowest energy", () => {
    for (const x of states) {
      const all = classes.map((model) => energyOf(model, x));
      const { label, energy, margin } = predict(joint, x);
      const sorted = [...all].sort((a, b) => a - b);
      expect(label).toBe(all.indexOf(sorted[0]));
      expect(energy).toBeCloseTo(sorted[0], 12);
      expect(margin).toBeCloseTo(sorted[1] - sorted[0], 12);
    }
  });

  it("marginalized is an energy of labels with moves", () => {
    const marginal = marginalize(joint);
    for (const x of states) {
      const sum = classes.reduce((total, model) => total + Math.exp(-energyOf(model, x)), 0);
      expect(marginal.energy(x)).toBeCloseTo(-Math.log(sum), 10);
    }
    expect(recall(marginal, states[5]).certificate).toBe("local");
  });
});
