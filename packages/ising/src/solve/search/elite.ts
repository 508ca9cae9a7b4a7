import { row } from "@basin/energy-core";
import { aggregate, type SampleSet } from "../sample-set.ts";

const MOST_KEPT = 32;
/** If two states differ in at most this share of their spins, only the better one is kept. */
const NEAR = 0.01;

interface Kept {
  readonly state: Int8Array;
  readonly energy: number;
}

/** The best states of a search, each from a different valley. */
export class Elite {
  /** The best first. */
  readonly kept: Kept[] = [];

  /** Takes in the states of a round that are good enough. */
  take(set: SampleSet): void {
    const { states, energies } = aggregate(set);
    for (let r = 0; r < Math.min(MOST_KEPT, energies.length); r++) this.offer(row(states, r), energies[r]);
  }

  offer(state: Int8Array, energy: number): void {
    const { kept } = this;
    if (kept.length === MOST_KEPT && energy >= kept[MOST_KEPT - 1].energy) return;
    const isNear = (other: Kept) => distance(other.state, state) <= NEAR * state.length;
    if (kept.some((other) => other.energy <= energy && isNear(other))) return;
    for (let k = kept.length - 1; k >= 0 && kept[k].energy > energy; k--)
      if (isNear(kept[k])) kept.splice(k, 1);
    const at = kept.findIndex((other) => other.energy > energy);
    kept.splice(at < 0 ? kept.length : at, 0, { state: state.slice(), energy });
    if (kept.length > MOST_KEPT) kept.pop();
  }
}

/** The number of spins in which two states differ, or in which they agree if that is smaller. */
function distance(a: Int8Array, b: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return (a.length - Math.abs(sum)) / 2;
}
