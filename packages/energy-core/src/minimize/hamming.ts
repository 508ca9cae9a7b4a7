import type { SpinCursor, SpinEnergy } from "../energy.ts";
import { checkEnergy } from "../errors.ts";
import { lowersEnergy } from "./spins.ts";

/** Returns Σ_{k ≤ radius} C(n, k): the number of states within a Hamming distance. */
export function hammingBallSize(n: number, radius: number): number {
  let size = 1;
  let term = 1;
  for (let k = 1; k <= Math.min(n, radius); k++) {
    term *= (n - k + 1) / k;
    size += term;
  }
  return Math.round(size);
}

/** Returns the state of lowest energy within Hamming distance `radius` of `x` by visiting all of them. */
export function exhaustBall(energy: SpinEnergy, x: Int8Array, radius: number): Int8Array {
  const cursor = energy.attach(x);
  const n = x.length;
  let lowest = checkEnergy(cursor.energy, "the energy of the start");
  let best = x.slice();
  const visit = (from: number, left: number): void => {
    for (let i = from; i < n; i++) {
      cursor.flip(i);
      if (checkEnergy(cursor.energy, "the energy of a state in the ball") < lowest) {
        lowest = cursor.energy;
        best = cursor.state.slice();
      }
      if (left > 1) visit(i + 1, left - 1);
      cursor.flip(i);
    }
  };
  visit(0, radius);
  return best;
}

/**
 * Returns a state within Hamming distance `radius` of `x` that no flip, and no exchange of a flipped spin for
 * another, inside the ball improves.
 */
export function descendInBall(energy: SpinEnergy, x: Int8Array, radius: number): Int8Array {
  const cursor = energy.attach(x);
  const deltas = new Float64Array(x.length);
  let distance = 0;
  for (;;) {
    const i = bestFlip(cursor, x, deltas, distance < radius);
    if (i >= 0) {
      distance += cursor.state[i] === x[i] ? 1 : -1;
      cursor.flip(i);
    } else if (distance < radius || !exchange(cursor, x, deltas)) {
      return cursor.state.slice();
    }
  }
}

function bestFlip(cursor: SpinCursor, x: Int8Array, deltas: Float64Array, outward: boolean): number {
  cursor.deltas(deltas);
  let best = -1;
  for (let i = 0; i < x.length; i++) {
    if (!outward && cursor.state[i] === x[i]) continue;
    if (best < 0 || deltas[i] < deltas[best]) best = i;
  }
  return best >= 0 && lowersEnergy(deltas[best], cursor.energy) ? best : -1;
}

/** Makes the first exchange of a flipped spin for another that lowers the energy; false when there is none. */
function exchange(cursor: SpinCursor, x: Int8Array, deltas: Float64Array): boolean {
  const before = cursor.energy;
  for (let i = 0; i < x.length; i++) {
    if (cursor.state[i] === x[i]) continue;
    cursor.flip(i);
    const back = cursor.energy - before;
    cursor.deltas(deltas);
    let best = -1;
    for (let j = 0; j < x.length; j++) {
      if (j !== i && cursor.state[j] === x[j] && (best < 0 || deltas[j] < deltas[best])) best = j;
    }
    if (best >= 0 && lowersEnergy(back + deltas[best], before)) {
      cursor.flip(best);
      return true;
    }
    cursor.flip(i);
  }
  return false;
}
