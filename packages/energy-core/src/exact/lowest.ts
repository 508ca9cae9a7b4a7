import type { Energy } from "../energy.ts";
import { walkStates } from "./walk.ts";

/** Returns a state of the lowest energy by visiting all of them. */
export function lowestState<X>(energy: Energy<X>, asker: string): X {
  let lowest = Number.POSITIVE_INFINITY;
  let state: X | undefined;
  walkStates(
    energy,
    (cursor) => {
      if (!(cursor.energy < lowest || state === undefined)) return;
      lowest = cursor.energy;
      state = energy.space.copy(cursor.state);
    },
    asker,
  );
  return state as X;
}
