import type { SpinEnergy } from "../energy.ts";
import { spinsFromIndex, walkStates } from "../exact/gray.ts";
import { lowersEnergy } from "./spins.ts";

/** Returns every local minimum with the exact share of all 2ⁿ states whose steepest descent ends in it. */
export function spinBasins(
  energy: SpinEnergy,
): { state: Int8Array; energy: number; basin: number; standardError: 0 }[] {
  const { dimension } = energy.space;
  const states = 2 ** dimension;
  const energies = energiesOf(energy, states);
  const next = new Int32Array(states);
  for (let s = 0; s < states; s++) next[s] = steepestNeighbor(energies, s, dimension);
  // Energies fall along `next`, so following it ends; each path is then pointed straight at its end.
  const counts = new Map<number, number>();
  const path: number[] = [];
  for (let s = 0; s < states; s++) {
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
      const state = spinsFromIndex(s, dimension);
      return { state, energy: energy.energy(state), basin: count / states, standardError: 0 as const };
    })
    .sort((a, b) => a.energy - b.energy || b.basin - a.basin);
}

function energiesOf(energy: SpinEnergy, states: number): Float64Array {
  const energies = new Float64Array(states);
  let index = 0;
  walkStates(energy, (cursor, flipped) => {
    if (flipped >= 0) index += cursor.state[flipped] * 2 ** flipped;
    energies[index] = cursor.energy;
  });
  return energies;
}

/** The neighbor that steepest descent goes to, the lowest spin among equals; the state itself at a minimum. */
function steepestNeighbor(energies: Float64Array, s: number, dimension: number): number {
  const here = energies[s];
  let best = 0;
  let drop = Number.POSITIVE_INFINITY;
  for (let i = 0; i < dimension; i++) {
    const there = energies[s ^ (1 << i)];
    const delta = there === here ? 0 : there - here;
    if (delta < drop) [best, drop] = [i, delta];
  }
  return lowersEnergy(drop, here) ? s ^ (1 << best) : s;
}
