import {
  clamp,
  complete,
  denseQuadratic,
  differentiable,
  enumerate,
  labeled,
  plainEnergy,
  reals,
} from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allStates, glass, levels, type Sites, tableEnergy, trits } from "../fixtures.ts";

/** E = ½ (x − μ)ᵀ A (x − μ) with A tridiagonal (2, −1) plus 0.1: its conditional minimum solves a linear system. */
const mu = [1, -2, 0.5, 3];
const entry = (i: number, j: number) => (i === j ? 2.1 : Math.abs(i - j) === 1 ? -1 : 0);
const bowl = differentiable(4, (x, gradient) => {
  let energy = 0;
  for (let i = 0; i < 4; i++) {
    gradient[i] = 0;
    for (let j = 0; j < 4; j++) gradient[i] += entry(i, j) * (x[j] - mu[j]);
    energy += 0.5 * gradient[i] * (x[i] - mu[i]);
  }
  return energy;
});

describe("complete on spins", () => {
  it("is exact while the unknown spins can be enumerated", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 7 }), (seed, n) => {
        const { rng, energy, state } = glass(seed, n);
        const known = Array.from(state, () => rng.bernoulli(0.4));
        const found = complete(energy, state, { known, seed: 1 });
        expect(found.certificate).toBe("exact");
        let lowest = Infinity;
        for (let index = 0; index < 2 ** n; index++) {
          const s = state.map((value, i) => (known[i] ? value : (index >> i) & 1 ? 1 : -1));
          lowest = Math.min(lowest, energy.energy(s));
        }
        expect(found.energy).toBeCloseTo(lowest, 10);
        expect(energy.energy(found.state)).toBeCloseTo(lowest, 10);
        for (const [i, value] of state.entries()) if (known[i]) expect(found.state[i]).toBe(value);
      }),
    );
  });

  it("descends to a one-flip minimum beyond, from any placeholder, the same for the same seed", () => {
    const { energy, state } = glass(3, 40);
    const known = Array.from(state, (_, i) => i < 10);
    const holes = state.map((value, i) => (known[i] ? value : 0));
    const found = complete(energy, holes, { known, seed: 5 });
    expect(found.certificate).toBe("local");
    const cursor = energy.can.moves(found.state);
    for (let i = 10; i < 40; i++) expect(cursor.delta(i)).toBeGreaterThanOrEqual(-1e-9);
    for (let i = 0; i < 10; i++) expect(found.state[i]).toBe(state[i]);
    expect(complete(energy, holes, { known, seed: 5 })).toEqual(found);
    expect(complete(energy, holes, { known, seed: 5, restarts: 64 }).energy).toBeLessThanOrEqual(
      found.energy,
    );
  });

  it("does not loop between states of equal energy", () => {
    const flat = denseQuadratic(Array.from({ length: 20 }, () => new Float64Array(20)));
    const found = complete(flat, new Int8Array(20).fill(1), { known: new Uint8Array(20), seed: 1 });
    expect(found).toMatchObject({ energy: 0, certificate: "local" });
  });

  it("fills in a stored pattern", () => {
    const rng = createRng(9);
    const pattern = Int8Array.from({ length: 60 }, () => (rng.bernoulli(0.5) ? 1 : -1));
    const weights = Array.from(pattern, (a, i) => Array.from(pattern, (b, j) => (i === j ? 0 : a * b)));
    const known = Array.from(pattern, (_, i) => i % 2 === 0);
    const { state } = complete(
      denseQuadratic(weights),
      pattern.map((v, i) => (known[i] ? v : 0)),
      { known, seed: 1 },
    );
    expect(state).toEqual(pattern);
  });
});

describe.each([
  ["trits", trits, [0, 1, 2], new Uint8Array(5), 255],
  ["levels", levels, [-2, 1, 4, 7], new Int8Array(5), 2],
] as const)("complete on %s", (_, make, values, like, hole) => {
  const setting = (seed: number, n: number, walls = 0) => {
    const rng = createRng(seed);
    const states = allStates<Sites>(values, n, like);
    const { at, energy } = tableEnergy<Sites, object>(make(n) as never, states, seed, walls);
    const truth = states[rng.index(states.length)];
    const known = Array.from(truth, () => rng.bernoulli(0.4));
    const cue = truth.slice() as Sites;
    for (const [i, held] of known.entries()) if (!held) cue[i] = hole;
    const agreeing = states.filter((x) => x.every((v, i) => !known[i] || v === truth[i]));
    return { rng, at, energy, truth, known, cue, agreeing };
  };

  it("is exact while the unknown sites can be enumerated, walls included", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.constantFrom(0, 0.5), (seed, n, walls) => {
        const { at, energy, known, cue, agreeing } = setting(seed, n, walls);
        const found = complete(energy, cue, { known, seed: 1 });
        expect(found.certificate).toBe("exact");
        expect(found.energy).toBe(Math.min(...agreeing.map(at)));
        expect(found.energy).toBe(at(found.state));
        for (const [i, held] of known.entries()) if (held) expect(found.state[i]).toBe(cue[i]);
      }),
    );
  });

  it("descends to a state that no single free site improves beyond, the same for the same seed", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 0.3), (seed, walls) => {
        const { at, energy, known, cue, agreeing } = setting(seed, 4, walls);
        if (known.every(Boolean)) return;
        const found = complete(energy, cue, { known, maxStates: 0, seed });
        expect(found).toMatchObject({ certificate: "local", seed, energy: at(found.state) });
        expect(agreeing.map(String)).toContain(String(found.state));
        for (const x of agreeing) {
          if (x.filter((v, i) => v !== found.state[i]).length !== 1) continue;
          expect(at(x)).toBeGreaterThanOrEqual(found.energy);
        }
        expect(complete(energy, cue, { known, maxStates: 0, seed })).toEqual(found);
        // With so many starts the few states of the unknown part are all found.
        expect(complete(energy, cue, { known, maxStates: 0, restarts: 300, seed: 1 }).energy).toBe(
          Math.min(...agreeing.map(at)),
        );
      }),
      { numRuns: 15 },
    );
  });

  it("refuses known values that are none", () => {
    const { energy, cue } = setting(1, 4);
    cue[2] = hole;
    expect(() => complete(energy, cue, { known: [1, 1, 1, 1] })).toThrow(/state has \d+ at \d/);
  });
});

describe("complete on inputs with a label", () => {
  const joint = plainEnergy(labeled(reals(1), 3), ({ x, y }) => (x[0] - y) ** 2);
  const x = { x: Float64Array.of(0.2), y: 2 };

  it("has nothing to do where all is known, and says what to do where not", () => {
    expect(complete(joint, x, { known: [1, 1], seed: 1 })).toMatchObject({ state: x, certificate: "exact" });
    expect(() => complete(joint, x, { known: [1, 0] })).toThrow(/hold the label, or marginalize it/);
    expect(() => complete(joint, { ...x, y: NaN }, { known: [1] })).toThrow(/known has length 1, expected 2/);
  });
});

describe("complete on reals", () => {
  it("finds the conditional minimum", () => {
    const { state, certificate } = complete(bowl, Float64Array.of(0, NaN, 7, NaN), {
      known: [1, 0, 1, 0],
      seed: 1,
    });
    // A_uu (x_u − μ_u) = −A_uk (x_k − μ_k), diagonal A_uu here: 2.1 d1 = (x0 − μ0) + (x2 − μ2), 2.1 d3 = x2 − μ2.
    expect(certificate).toBe("local");
    expect(state[1]).toBeCloseTo(mu[1] + (0 - 1 + 6.5) / 2.1, 7);
    expect(state[3]).toBeCloseTo(mu[3] + 6.5 / 2.1, 7);
    expect([state[0], state[2]]).toEqual([0, 7]);
  });

  it("escapes a worse basin by restarts", () => {
    const tilted = differentiable(2, (x, g) => {
      g[0] = 4 * x[0] * (x[0] ** 2 - 1) + 0.3;
      g[1] = x[1];
      return (x[0] ** 2 - 1) ** 2 + 0.3 * x[0] + 0.5 * x[1] ** 2;
    });
    const x = Float64Array.of(0.9, 2);
    const known = [false, true];
    expect(complete(tilted, x, { known, restarts: 1, seed: 1 }).state[0]).toBeGreaterThan(0.8);
    expect(complete(tilted, x, { known, restarts: 16, spread: 2, seed: 1 }).state[0]).toBeLessThan(-0.8);
  });
});

describe("complete with a kernel", () => {
  it("draws the unknown part from its conditional distribution", () => {
    const { energy, state } = glass(11, 6);
    const known = [1, 0, 1, 0, 0, 1];
    /** Heat bath of one random spin, written against the shape alone. */
    const gibbs = {
      bind: (part: typeof energy) => ({
        init: (position: Int8Array) => ({ position: position.slice() }),
        step(rng: Rng, at: { position: Int8Array }, beta: number) {
          const i = rng.index(at.position.length);
          const cursor = part.can.moves(at.position);
          const p = 1 / (1 + Math.exp(beta * cursor.delta(i)));
          if (rng.bernoulli(p)) at.position[i] = -at.position[i];
        },
      }),
    };
    const truth = enumerate(clamp(energy, state, known), { temperature: 2, probabilities: true });
    const counts = new Float64Array(8);
    const draws = 4000;
    for (let seed = 0; seed < draws; seed++) {
      const drawn = complete(energy, state, { known, kernel: gibbs, steps: 40, seed, temperature: 2 });
      expect(drawn.certificate).toBe("drawn");
      counts[[1, 3, 4].reduce((index, i, bit) => index + (drawn.state[i] > 0 ? 2 ** bit : 0), 0)]++;
    }
    // Independent draws: z = 5.3 for 8 comparisons at a 1e-6 false-alarm rate.
    for (const [index, p] of (truth.probabilities as Float64Array).entries()) {
      expect(Math.abs(counts[index] / draws - p)).toBeLessThan(5.3 * Math.sqrt((p * (1 - p)) / draws) + 1e-4);
    }
  });
});

describe("complete refuses", () => {
  const { energy, state } = glass(1, 4);
  it("masks and states that do not fit, and energies without the capability", () => {
    expect(() => complete(energy, state, { known: [true] })).toThrow(/known has length 1, expected 4/);
    expect(() => complete(energy, Int8Array.of(1), { known: [true] })).toThrow(
      /state has length 1, expected 4/,
    );
    expect(() => complete(energy, Int8Array.of(0, 1, 1, 1), { known: [1, 0, 0, 0] })).toThrow(
      /state has 0 at 0/,
    );
    expect(() => complete(bowl, Float64Array.of(NaN, 0, 0, 0), { known: [1, 0, 0, 0] })).toThrow(
      /coordinate 0 is NaN/,
    );
    const plain = plainEnergy(reals(1), () => 0);
    expect(() => complete(plain, Float64Array.of(0), { known: [0] })).toThrow(
      /^complete needs an energy with a gradient; this one, over 1 reals, has none$/,
    );
    const spoiled = differentiable(1, (x, g) => {
      g[0] = NaN;
      return x[0];
    });
    expect(() => complete(spoiled, Float64Array.of(1), { known: [0] })).toThrow(
      /gradient is NaN in coordinate 0/,
    );
  });
});
