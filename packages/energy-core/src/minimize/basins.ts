import type { Energy } from "../energy.ts";
import { walkStates } from "../exact/walk.ts";
import { movesOf } from "../moves-of.ts";
import { lowersEnergy } from "./moves.ts";

/** A local minimum and the share of the space that descends to it. */
export interface Attractor<X> {
  readonly state: X;
  /** E(state). */
  readonly energy: number;
  /** Share of the starts that descend to it; of all states when `exhaustive`. */
  readonly basin: number;
  /** Standard error of `basin` from the finite number of random starts; 0 when exhaustive or on a grid. */
  readonly standardError: number;
}

/** Lowest energy first, the larger basin first among equals. */
export function byEnergy(a: Attractor<unknown>, b: Attractor<unknown>): number {
  return a.energy - b.energy || b.basin - a.basin;
}

/** Returns every local minimum with the exact share of all states whose steepest descent ends in it. */
export function basins<X>(energy: Energy<X>): Attractor<X>[] {
  const { space } = energy;
  const moves = movesOf(space, "attractors");
  const next = steepestNeighbors(energy);
  // Energies fall along `next`, so following it ends; each path is then pointed straight at its end.
  const counts = new Map<number, number>();
  const path: number[] = [];
  for (let s = 0; s < next.length; s++) {
    let at = s;
    path.length = 0;
    while (next[at] !== at) {
      path.push(at);
      at = next[at];
    }
    for (const passed of path) next[passed] = at;
    counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return [...counts]
    .map(([s, count]) => {
      const state = moves.state(s);
      return { state, energy: energy.energy(state), basin: count / space.count, standardError: 0 };
    })
    .sort(byEnergy);
}

/**
 * Returns for each state the one that its steepest move leads to, the lowest move among equals; the state itself at a
 * minimum.
 */
function steepestNeighbors<X>(energy: Energy<X>): Int32Array {
  const { space } = energy;
  const moves = movesOf(space, "attractors");
  const energies = new Float64Array(space.count);
  walkStates(
    energy,
    (cursor) => {
      energies[moves.index(cursor.state)] = cursor.energy;
    },
    "attractors",
  );
  const next = new Int32Array(space.count);
  for (let s = 0; s < next.length; s++) {
    const x = moves.state(s);
    const here = energies[s];
    let best = s;
    let drop = Number.POSITIVE_INFINITY;
    for (let move = 0; move < moves.count; move++) {
      moves.apply(x, move);
      const to = moves.index(x);
      moves.apply(x, moves.inverse(move));
      const delta = energies[to] === here ? 0 : energies[to] - here;
      if (delta < drop) [best, drop] = [to, delta];
    }
    next[s] = lowersEnergy(drop, here) ? best : s;
  }
  return next;
}
