import type { SpinCursor, SpinEnergy } from "../energy.ts";
import { checkEnergy } from "../errors.ts";
import { walkStates } from "../exact/gray.ts";
import { permutation } from "../random/discrete.ts";
import type { Rng } from "../random/rng.ts";

/** A state of low energy. */
export interface SpinMinimum {
  readonly state: Int8Array;
  readonly energy: number;
}

/** Returns the global minimum by visiting every state. */
export function minimizeByEnumeration(energy: SpinEnergy): SpinMinimum {
  let lowest = Number.POSITIVE_INFINITY;
  let state: Int8Array | undefined;
  walkStates(energy, (cursor) => {
    if (cursor.energy < lowest || state === undefined) {
      lowest = cursor.energy;
      state = cursor.state.slice();
    }
  });
  return { state: state as Int8Array, energy: energy.energy(state as Int8Array) };
}

/**
 * Flips spins that lower the energy, in passes of random order, until a full pass changes nothing: the state is then
 * stable under every single flip. Returns the number of flips.
 */
export function descendCursor(cursor: SpinCursor, rng: Rng): number {
  const { length } = cursor.state;
  let flips = 0;
  for (let moved = true; moved; ) {
    moved = false;
    for (const i of permutation(rng, length)) {
      if (!lowersEnergy(cursor.delta(i), cursor.energy)) continue;
      cursor.flip(i);
      flips++;
      moved = true;
    }
  }
  checkEnergy(cursor.energy, "the energy after descent");
  return flips;
}

/** Whether a change is a real drop: one within rounding of the energy could be undone and redone for ever. */
export function lowersEnergy(delta: number, energy: number): boolean {
  if (Number.isNaN(delta)) checkEnergy(delta, "the energy difference of a flip");
  return energy === Number.POSITIVE_INFINITY
    ? delta === Number.NEGATIVE_INFINITY
    : delta < -1e-12 * Math.max(1, Math.abs(energy));
}
