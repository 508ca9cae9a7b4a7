import {
  attractors,
  complete,
  correct,
  type Descent,
  descend,
  type Energy,
  enumerate,
  exactLikelihood,
  type Labeled,
  landscape,
  predict,
  quadrature,
  rank,
  recall,
} from "@basin/energy-core";
import { expect } from "vitest";
import { agree, overReals, someStates, statesOf } from "./checks.ts";
import type { EnergyCase } from "./energies.ts";

/** A row of the table: a task with what it needs of an energy. */
export interface TaskRow {
  readonly name: string;
  /** Whether the energy has the capabilities that the task needs. */
  admits<X>(energy: Energy<X>): boolean;
  /** Runs the task and throws where its answer is wrong. */
  check<X>(given: EnergyCase<X>): void;
  /** What a refusal names. Default the task. */
  readonly refusal?: RegExp;
}

const anyOf = <X>({ can }: Energy<X>) => can.moves !== undefined || can.gradient !== undefined;
const discrete = <X>({ can, space }: Energy<X>) => can.moves !== undefined && space.moves !== undefined;

/**
 * The rows of the table hold states of every kind; a task over fewer kinds refuses the others itself, as it does where
 * no types are.
 */
const named = <X>(energy: Energy<X>) => energy as unknown as Energy<Float64Array>;

const lowest = <X>(energy: Energy<X>, states: readonly X[]) =>
  states.reduce((least, x) => Math.min(least, energy.energy(x)), Infinity);

/** Throws unless no single move lowers the energy, or the gradient is 0 where the walk says that it has arrived. */
function isMinimum<X>(
  { energy, tolerance }: EnergyCase<X>,
  { state, converged }: Pick<Descent<X>, "state" | "converged">,
): void {
  const { space } = energy;
  const here = energy.energy(state);
  for (let move = 0; move < (space.moves?.count ?? 0); move++) {
    const next = space.copy(state);
    space.moves?.apply(next, move);
    expect(energy.energy(next)).toBeGreaterThanOrEqual(here - tolerance);
  }
  if (space.moves !== undefined) expect(converged).toBe(true);
  else if (converged) {
    const out = new Float64Array(space.dimension);
    energy.can.gradient?.(state, out);
    expect(Math.max(...out.map(Math.abs))).toBeLessThanOrEqual(Math.max(1e-7, 10 * tolerance));
  }
}

function checkDescent<X>(given: EnergyCase<X>, run: (energy: Energy<X>, x: X) => Descent<X>): void {
  const { energy, tolerance } = given;
  for (const x of someStates(given, 6, 3)) {
    const start = energy.energy(x);
    if (start === Infinity) continue;
    const found = run(energy, x);
    energy.space.check(found.state);
    agree(found.energy, energy.energy(found.state), tolerance, "the energy of the minimum");
    expect(found.energy).toBeLessThanOrEqual(start + tolerance);
    isMinimum(given, found);
  }
}

/** log Σ exp(−E), ⟨E⟩ and min E over all states, from energies alone. */
function gibbs<X>(energy: Energy<X>): { states: X[]; energies: number[]; logZ: number; mean: number } {
  const states = statesOf(energy) as X[];
  const energies = states.map((x) => energy.energy(x));
  const total = energies.reduce((z, e) => z + Math.exp(-e), 0);
  const mean = energies.reduce((m, e) => (e === Infinity ? m : m + (Math.exp(-e) / total) * e), 0);
  return { states, energies, logZ: Math.log(total), mean };
}

/** log ∫ exp(−E) over the interval in every coordinate, by Simpson's rule. */
function simpson<X>({ energy, interval: [low, high] }: EnergyCase<X>): number {
  const { dimension } = energy.space;
  const panels = 64;
  const h = (high - low) / panels;
  const x = new Float64Array(dimension);
  const integral = (axis: number): number => {
    if (axis === dimension) return Math.exp(-named(energy).energy(x));
    let total = 0;
    for (let k = 0; k <= panels; k++) {
      x[axis] = Math.min(high, low + k * h);
      total += (k === 0 || k === panels ? 1 : k % 2 ? 4 : 2) * integral(axis + 1);
    }
    return (total * h) / 3;
  };
  return Math.log(integral(0));
}

/** −⟨log p⟩ of data, from energies alone. */
function loss<X>(energy: Energy<X>, data: readonly X[]): number {
  return gibbs(energy).logZ + data.reduce((total, x) => total + energy.energy(x) / data.length, 0);
}

/** The table of tasks. */
export const tasks: readonly TaskRow[] = [
  { name: "descend", admits: anyOf, check: (given) => checkDescent(given, descend) },
  {
    name: "recall",
    admits: anyOf,
    check: (given) =>
      checkDescent(given, (energy, x) => {
        const found = recall(energy, x);
        expect(found.distance).toBe(energy.space.distance(found.state, x));
        return found;
      }),
  },
  {
    name: "correct",
    admits: anyOf,
    check(given) {
      const { energy, tolerance } = given;
      const { space } = energy;
      // Two places of an order change together.
      const radius = space.moves === undefined ? 0.3 : 2;
      for (const x of someStates(given, 6, 4)) {
        const start = energy.energy(x);
        if (start === Infinity) continue;
        const found = correct(energy, x, { radius });
        space.check(found.state);
        expect(space.distance(found.state, x)).toBeLessThanOrEqual(radius * (1 + 1e-12));
        agree(found.energy, energy.energy(found.state), tolerance, "the energy found");
        expect(found.energy).toBeLessThanOrEqual(start + tolerance);
        const ball = statesOf(energy)?.filter((y) => space.distance(x, y) <= radius);
        if (ball === undefined) continue;
        expect(found.certificate).toBe("exact");
        agree(found.energy, lowest(energy, ball), tolerance, "the least energy of the ball");
      }
    },
  },
  {
    name: "complete",
    admits: anyOf,
    refusal: /^CapabilityError: (complete|a mask) /,
    check(given) {
      const { energy, tolerance } = given;
      const known = Array.from(
        { length: energy.space.dimension },
        (_, i) => i === 0 && energy.space.dimension > 1,
      );
      const agrees = (a: unknown, b: unknown) =>
        known.every((is, i) => !is || (a as ArrayLike<number>)[i] === (b as ArrayLike<number>)[i]);
      for (const x of someStates(given, 6, 5)) {
        const start = energy.energy(x);
        if (start === Infinity) continue;
        const found = complete(energy, x, { known, seed: 1 });
        energy.space.check(found.state);
        expect(agrees(found.state, x)).toBe(true);
        agree(found.energy, energy.energy(found.state), tolerance, "the energy of the completion");
        expect(found.energy).toBeLessThanOrEqual(start + tolerance);
        const agreeing = statesOf(energy)?.filter((y) => agrees(x, y));
        if (agreeing === undefined) continue;
        expect(found.certificate).toBe("exact");
        agree(found.energy, lowest(energy, agreeing), tolerance, "the least energy of a completion");
      }
    },
  },
  {
    name: "attractors",
    admits: anyOf,
    check(given) {
      const { energy, interval } = given;
      const { space } = energy;
      const inputs = energy.can.labels ? space.dimension - 1 : space.dimension;
      const box = space.moves === undefined ? Array.from({ length: inputs }, () => interval) : undefined;
      const found = attractors(energy, { box, starts: 20, tolerance: 1e-2, seed: 1 });
      const states = statesOf(energy);
      expect(found.exhaustive).toBe(states !== undefined);
      expect(found.attractors.reduce((total, { basin }) => total + basin, 0)).toBeCloseTo(1, 10);
      const listed = found.attractors.map((each) => each.energy);
      expect(listed).toEqual([...listed].sort((a, b) => a - b));
      for (const { state } of found.attractors) isMinimum(given, { state, converged: states !== undefined });
      if (states !== undefined)
        agree(listed[0], lowest(energy, states), given.tolerance, "the least of the minima");
    },
  },
  {
    name: "rank",
    admits: () => true,
    check(given) {
      const states = statesOf(given.energy) ?? someStates(given, 12);
      const { order } = rank(given.energy, states);
      expect([...order].sort((a, b) => a - b)).toEqual(states.map((_, k) => k));
      const values = Array.from(order, (k) => given.energy.energy(states[k]));
      for (let k = 1; k < values.length; k++) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
    },
  },
  {
    name: "predict",
    admits: ({ can }) => can.labels !== undefined,
    check(given) {
      const energy = given.energy as unknown as Energy<Labeled<unknown>>;
      for (const { x } of someStates({ ...given, energy }, 10)) {
        const { label, margin, energies } = predict(energy, x);
        const exact = Array.from(energies, (_, y) => energy.energy({ x, y }));
        const [first, second = Infinity] = [...exact].sort((a, b) => a - b);
        agree(exact[label], first, given.tolerance, "the energy of the label");
        agree(margin, second - first, given.tolerance, "the margin");
      }
    },
  },
  {
    name: "enumerate",
    admits: discrete,
    check({ energy, tolerance }) {
      const found = enumerate(named(energy), { probabilities: true });
      const { states, energies, logZ, mean } = gibbs(energy);
      expect(found.states).toBe(states.length);
      agree(found.logPartition, logZ, tolerance, "log Z");
      agree(found.meanEnergy, mean, tolerance, "⟨E⟩");
      agree(found.minimum, Math.min(...energies), tolerance, "the minimum");
      for (const [k, p] of (found.probabilities ?? []).entries())
        agree(p, Math.exp(-energies[k] - logZ), tolerance, `p of state ${k}`);
      expect(found.degeneracy).toBe(energies.filter((e) => e <= found.minimum + 1e-9).length);
    },
  },
  {
    name: "exactLikelihood",
    admits: (energy) => discrete(energy) && energy.can.parameters !== undefined,
    check(given) {
      const { energy, tolerance } = given;
      const data = someStates(given, 5);
      const found = exactLikelihood(named(energy), data as unknown as Float64Array[]);
      const { values } = energy.can.parameters as NonNullable<typeof energy.can.parameters>;
      agree(found.loss, loss(energy, data), tolerance, "the loss");
      for (const [k, slope] of found.gradient.entries()) {
        if (given.fixed.includes(k)) continue;
        const value = values[k];
        const [up, down] = [1e-4, -1e-4].map((h) => {
          values[k] = value + h;
          return loss(energy, data);
        });
        values[k] = value;
        agree(slope, (up - down) / 2e-4, 1e-6, `the slope along parameter ${k}`);
      }
    },
  },
  {
    name: "quadrature",
    admits: ({ space }) => overReals(space),
    check(given) {
      const { energy, interval, tolerance } = given;
      const box = Array.from({ length: energy.space.dimension }, () => interval);
      const { logPartition } = quadrature(named(energy), { box, tolerance: Math.max(1e-6, tolerance) });
      agree(logPartition, simpson(given), 1e-3, "log ∫ exp(−E)");
    },
  },
  {
    name: "landscape",
    admits: ({ space }) => overReals(space),
    check(given) {
      const [low, high] = given.interval;
      const x = someStates(given, 1)[0] as Float64Array;
      const { energies, horizontal } = landscape(named(given.energy), x, [
        { coordinate: 0, low, high, points: 9 },
      ]);
      for (const [k, value] of horizontal.entries()) {
        const at = x.map((v, i) => (i === 0 ? value : v));
        agree(energies.data[k], named(given.energy).energy(at), given.tolerance, `E at ${at}`);
      }
    },
  },
];
