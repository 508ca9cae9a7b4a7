import type { Batch, Energy, Labeled, Labels, Moves, Space } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import type { EnergyCase } from "./energies.ts";

/** A rule that every energy or space keeps. It throws where it is broken. */
type Check = <X>(given: EnergyCase<X>) => void;

/** Returns all states of a finite space, products with a label included; undefined where they are not finite. */
export function statesOf<X>({ space, can }: Energy<X>): X[] | undefined {
  const { moves } = space;
  if (moves !== undefined) return listOf(moves, space.count);
  const input = (can.labels as Labels<unknown> | undefined)?.input;
  if (input?.moves === undefined) return undefined;
  const labels = Array.from({ length: space.count / input.count }, (_, y) => y);
  return listOf(input.moves, input.count).flatMap((x) => labels.map((y) => ({ x, y }) as X));
}

const listOf = <X>(moves: Moves<X>, count: number): X[] =>
  Array.from({ length: count }, (_, k) => moves.state(k));

/** Returns some states, where they are reals inside the interval. */
export function someStates<X>({ energy: { space }, interval }: EnergyCase<X>, count: number, seed = 1): X[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const x = space.random(rng);
    if (x instanceof Float64Array)
      x.set(x.map(() => interval[0] + (interval[1] - interval[0]) * rng.uniform()));
    return x;
  });
}

/** Throws unless two energies agree to `tolerance`, relative to their size. */
export function agree(actual: number, expected: number, tolerance: number, what: string): void {
  if (actual === expected) return;
  const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  if (!(error <= tolerance)) throw new Error(`${what} is ${actual}, expected ${expected}`);
}

/** Energies with +∞ taken from −∞ or itself have no difference. */
const difference = (after: number, before: number) => (before === Infinity ? Number.NaN : after - before);

const spaceChecks: Readonly<Record<string, Check>> = {
  "random states are legal, and copies independent": (given) => {
    const { space } = given.energy;
    const [x, ...others] = someStates(given, 12);
    for (const y of [x, ...others]) space.check(y);
    const [copy, before] = [space.copy(x), space.copy(x)];
    expect(space.distance(copy, x)).toBe(0);
    for (const y of others) {
      space.assign(copy, y);
      expect(space.distance(copy, y)).toBe(0);
      expect(space.distance(x, y)).toBe(space.distance(y, x));
    }
    expect(x).toEqual(before);
    expect(others.some((y) => space.distance(x, y) > 0)).toBe(true);
  },

  "what is known of a state stays when the rest is filled": (given) => {
    const { space } = given.energy;
    const rng = createRng(5);
    const known = Array.from({ length: space.dimension }, (_, i) => i % 2 === 0);
    for (const x of someStates(given, 6)) {
      const filled = space.fill(rng, x, known, 1);
      space.check(filled);
      if (ArrayBuffer.isView(x))
        expect(coordinates(filled).filter((_, i) => known[i])).toEqual(
          coordinates(x).filter((_, i) => known[i]),
        );
    }
  },

  "moves lead away, to legal states, and back": ({ energy: { space } }) => {
    if (space.moves === undefined) return;
    const { moves } = space;
    for (const x of listOf(moves, space.count)) {
      const reached = new Set([String(x)]);
      for (let move = 0; move < moves.count; move++) {
        const y = space.copy(x);
        moves.apply(y, move);
        space.check(y);
        reached.add(String(y));
        moves.apply(y, moves.inverse(move));
        expect(y, `the way back of move ${move} from ${x}`).toEqual(x);
      }
      expect(reached.size).toBe(1 + moves.count);
    }
  },

  "states are numbered, and a tour visits each once": ({ energy: { space } }) => {
    if (space.moves === undefined) return;
    const { moves } = space;
    const states = listOf(moves, space.count);
    expect(new Set(states.map(String)).size).toBe(space.count);
    expect(space.logCount).toBeCloseTo(Math.log(space.count), 10);
    expect(states.map((x) => moves.index(x))).toEqual(states.map((_, k) => k));
    const x = moves.first();
    const visited = [String(x)];
    moves.tour((move) => {
      moves.apply(x, move);
      visited.push(String(x));
    });
    expect(visited.sort()).toEqual(states.map(String).sort());
  },

  "a move of a site gives it that value and changes no other": ({ energy: { space } }) => {
    const { moves } = space;
    if (moves?.sites === undefined) return;
    const { sites } = moves;
    for (const x of listOf(moves, space.count)) {
      for (let site = 0; site < sites.count; site++) {
        for (const value of sites.values) {
          const [y, wanted] = [space.copy(x), coordinates(x)];
          const move = sites.move(x, site, value);
          expect(move < 0).toBe(wanted[site] === value);
          if (move >= 0) moves.apply(y, move);
          wanted[site] = value;
          expect(coordinates(y)).toEqual(wanted);
        }
      }
    }
  },
};

/** Returns the coordinates of a state that is an array of numbers. */
const coordinates = (x: unknown): number[] => Array.from(x as ArrayLike<number>);

const energyChecks: Readonly<Record<string, Check>> = {
  "energies are finite or +∞, the same twice, and leave the state alone": (given) => {
    const { energy } = given;
    for (const x of statesOf(energy) ?? someStates(given, 20)) {
      const before = energy.space.copy(x);
      const value = energy.energy(x);
      expect(Number.isFinite(value) || value === Infinity).toBe(true);
      expect(energy.energy(x)).toBe(value);
      expect(x).toEqual(before);
    }
  },

  "gradients are those of finite differences": (given) => {
    const { energy, tolerance } = given;
    const { gradient } = energy.can;
    if (gradient === undefined) return;
    const h = tolerance ** (1 / 3);
    const out = new Float64Array(energy.space.dimension);
    for (const state of someStates(given, 8)) {
      // A gradient is asked of real vectors alone.
      const x = state as Float64Array & typeof state;
      agree(gradient(x, out), energy.energy(x), tolerance, "E beside the gradient");
      for (let i = 0; i < x.length; i++) {
        const along = [h, -h].map((step) =>
          energy.energy(x.map((v, j) => (j === i ? v + step : v)) as typeof x),
        );
        if (along.includes(Infinity)) continue;
        agree(out[i], (along[0] - along[1]) / (2 * h), 20 * h * h, `∂E/∂x${i} at [${x}]`);
      }
    }
  },

  "differences of a cursor are those of the energies, wherever it went": (given) => {
    const { energy, tolerance } = given;
    const { moves } = energy.can;
    const { space } = energy;
    if (moves === undefined || space.moves === undefined) return;
    const rng = createRng(9);
    for (const x of someStates(given, 6)) {
      const start = space.copy(x);
      const cursor = moves(x);
      const here = space.copy(x);
      for (let step = 0; step < 8; step++) {
        agree(cursor.energy, energy.energy(here), tolerance, `the energy kept after ${step} moves`);
        expect(cursor.state).toEqual(here);
        const deltas = cursor.deltas(new Float64Array(space.moves.count));
        for (let move = 0; move < deltas.length; move++) {
          const there = space.copy(here);
          space.moves.apply(there, move);
          const exact = difference(energy.energy(there), energy.energy(here));
          if (Number.isNaN(exact)) continue;
          agree(cursor.delta(move), exact, tolerance, `ΔE of move ${move} from ${here}`);
          agree(deltas[move], exact, tolerance, `ΔE of move ${move} from ${here} among all`);
        }
        const move = rng.index(space.moves.count);
        cursor.apply(move);
        if (step % 2 === 0) space.moves.apply(here, move);
        else cursor.apply(space.moves.inverse(move));
      }
      expect(x).toEqual(start);
    }
  },

  "labels have the energies of the pairs": (given) => {
    const { energy, tolerance } = given;
    const labels = energy.can.labels as Labels<unknown> | undefined;
    if (labels === undefined) return;
    for (const state of statesOf(energy) ?? someStates(given, 12)) {
      const { x } = state as Labeled<unknown>;
      const all = labels.energies(x, new Float64Array(labels.count));
      for (const [y, value] of all.entries())
        agree(value, energy.energy({ x, y } as typeof state), tolerance, `E of label ${y}`);
    }
  },

  "gradients of parameters are those of finite differences": (given) => {
    const { energy, tolerance } = given;
    const { parameters } = energy.can;
    if (parameters === undefined) return;
    const { values } = parameters;
    const h = tolerance ** (1 / 3);
    for (const x of someStates(given, 3)) {
      const slopes = new Float64Array(values.length).fill(1);
      parameters.addGradient(x, 0.5, slopes);
      for (let k = 0; k < values.length; k++) {
        if (given.fixed.includes(k)) {
          expect(slopes[k]).toBe(1);
          continue;
        }
        const [value, along] = [values[k], [h, -h]];
        const [up, down] = along.map((step) => {
          values[k] = value + step;
          return energy.energy(x);
        });
        values[k] = value;
        agree(slopes[k], 1 + (0.5 * (up - down)) / (2 * h), 20 * h * h, `1 + ½ ∂E/∂θ${k}`);
      }
    }
  },

  "the quadratic form is the energy": (given) => {
    const { energy, tolerance } = given;
    if (energy.can.quadratic === undefined) return;
    const { couplings, thresholds, offset } = energy.can.quadratic();
    const pairs = [...couplings];
    for (const x of statesOf(energy) ?? []) {
      const s = coordinates(x);
      let value = offset + thresholds.reduce((total, t, i) => total + t * s[i], 0);
      for (const [i, j, J] of pairs) value -= J * s[i] * s[j];
      agree(value, energy.energy(x), tolerance, `the form at [${s}]`);
    }
  },

  "a batch has the energies of its states": (given) => {
    const { energy, tolerance } = given;
    const batch = energy.can.batch as Batch<tf.Tensor> | undefined;
    if (batch === undefined) return;
    const states = someStates(given, 5);
    const labels = energy.can.labels?.count;
    const inputs = states.map((state) => coordinates(labels ? (state as Labeled<unknown>).x : state));
    const values = tf.tidy(() =>
      batch.energies(tf.tensor(inputs.flat(), [states.length, ...batch.shape])).dataSync(),
    );
    expect(values).toHaveLength(states.length * (labels ?? 1));
    for (const [k, value] of values.entries()) {
      const state = states[Math.floor(k / (labels ?? 1))];
      const pair = labels ? ({ ...state, y: k % labels } as typeof state) : state;
      agree(value, energy.energy(pair), tolerance, `E of state ${k} of the batch`);
    }
  },
};

/** What any space and any energy keep, by name. */
export const checks: Readonly<Record<string, Check>> = { ...spaceChecks, ...energyChecks };

/** Whether the states are real vectors. */
export const overReals = <X>(space: Space<X>): boolean => space.random(createRng(1)) instanceof Float64Array;
