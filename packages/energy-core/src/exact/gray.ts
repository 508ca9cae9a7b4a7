import type { SpinCursor, SpinEnergy } from "../energy.ts";
import { CostError, checkEnergy } from "../errors.ts";

/** States that one core visits in a second, a round figure for cost estimates. */
const STATES_PER_SECOND = 2e7;
/** Accumulated energy differences are replaced by a fresh evaluation this often. */
const REFRESH = 1 << 16;

/**
 * Calls `visit(cursor, flipped)` once for each of the 2ⁿ states, each one flip from the last (Gray 1953): the first is
 * all −1, with `flipped` = −1.
 */
export function walkStates(energy: SpinEnergy, visit: (cursor: SpinCursor, flipped: number) => void): void {
  const { dimension } = energy.space;
  let cursor = energy.attach(new Int8Array(dimension).fill(-1));
  checkEnergy(cursor.energy, "the energy of the all −1 state");
  visit(cursor, -1);
  const states = 2 ** dimension;
  for (let t = 1; t < states; t++) {
    // The lowest set bit of t; 2ⁿ stays below 2^31.
    const i = 31 - Math.clz32(t & -t);
    if (t % REFRESH === 0) cursor = energy.attach(cursor.state);
    cursor.flip(i);
    if (!(cursor.energy > Number.NEGATIVE_INFINITY)) {
      checkEnergy(cursor.energy, `the energy of state [${cursor.state.join(", ")}]`);
    }
    visit(cursor, i);
  }
}

/** @throws {CostError} when 2^`spins` states are more than `maximumSpins` allows, with an estimate of the time. */
export function checkEnumerable(what: string, spins: number, maximumSpins: number): void {
  if (spins <= maximumSpins) return;
  const states = 2 ** spins;
  throw new CostError(
    `${what} would visit 2^${spins} = ${states.toPrecision(3)} states, about ${duration(states / STATES_PER_SECOND)}; ` +
      `maximumSpins is ${maximumSpins} (at most 30)`,
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toPrecision(2)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} hours`;
  if (seconds < 63_072_000) return `${Math.round(seconds / 86_400)} days`;
  return `${(seconds / 31_536_000).toPrecision(2)} years`;
}

/**
 * Returns the state in which spin i is +1 exactly when bit i of `index` is set.
 *
 * @example
 * ```ts
 * import { spinsFromIndex } from "@basin/energy-core";
 *
 * console.log(spinsFromIndex(5, 3)); // [1, −1, 1]
 * ```
 */
export function spinsFromIndex(index: number, dimension: number): Int8Array {
  return Int8Array.from({ length: dimension }, (_, i) => (Math.floor(index / 2 ** i) % 2 === 1 ? 1 : -1));
}

/**
 * Returns Σ_i 2^i [s_i = +1], the inverse of {@link spinsFromIndex}.
 *
 * @example
 * ```ts
 * import { indexFromSpins } from "@basin/energy-core";
 *
 * console.log(indexFromSpins([1, -1, 1])); // 5
 * ```
 */
export function indexFromSpins(state: ArrayLike<number>): number {
  let index = 0;
  for (let i = 0; i < state.length; i++) if (state[i] > 0) index += 2 ** i;
  return index;
}
