import { checkKeepsState, FaultyEnergyError } from "./check-arguments.ts";
import { checkOptions } from "./check-options.ts";
import { type Capabilities, type Energy, requireCapability } from "./energy.ts";
import { checkNumber } from "./errors.ts";
import { movesOf } from "./moves-of.ts";

/** The options of {@link checkCursor}. */
export interface CheckCursorOptions {
  /** Largest relative error that passes. Default 1e-6. */
  tolerance?: number;
  /** Maximum number of moves tried, spread over all of them. Default 1000. */
  maxMoves?: number;
}

/** What {@link checkCursor} found. */
export interface CursorReport {
  /** Whether the largest error is within the tolerance. */
  readonly passed: boolean;
  /** The move whose difference is furthest off. */
  readonly move: number;
  /** The difference of energy as the cursor gives it. */
  readonly claimed: number;
  /** The same by two energies. */
  readonly actual: number;
  /** |claimed − actual| / max(1, |claimed|, |actual|) there, less what rounding of the energies explains. */
  readonly error: number;
}

/**
 * Returns how far the cursor of `energy` at `x` is from differences of its energies, `delta` and the energy after
 * `apply` alike, and for which move it is worst. Moves to and from states outside the support are passed over.
 *
 * @example
 * ```ts
 * import { checkCursor, plainEnergy, spins } from "@basin/energy-core";
 *
 * const right = plainEnergy(spins(2), (s) => -s[0] * s[1]);
 * const moves = (x: Int8Array) => {
 *   const cursor = right.can.moves(x);
 *   return {
 *     state: cursor.state,
 *     energy: cursor.energy,
 *     delta: (i: number) => cursor.delta(i) / 2,
 *     deltas: (out: Float64Array) => cursor.deltas(out),
 *     apply: (i: number) => cursor.apply(i),
 *   };
 * };
 * console.log(checkCursor({ ...right, can: { moves } }, Int8Array.of(1, 1)).passed); // false: a factor 2 is missing
 * ```
 *
 * @throws {CapabilityError} for an energy without moves; {ArgumentError} for options out of range.
 */
export function checkCursor<X>(energy: Energy<X>, x: X, options: CheckCursorOptions = {}): CursorReport {
  checkOptions("checkCursor", options, "tolerance maxMoves");
  const attach = requireCapability(energy, "moves", "checkCursor");
  const moves = movesOf(energy.space, "checkCursor");
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-6, { above: 0 });
  const most = checkNumber("maxMoves", options.maxMoves ?? 1000, { min: 1, integer: true });
  const tried = Math.min(most, moves.count);
  let worst: CursorReport = { passed: true, move: 0, claimed: 0, actual: 0, error: 0 };
  const before = energy.energy(x);
  const cursor = attach(x);
  for (let k = 0; k < tried; k++) {
    const move = Math.floor((k * moves.count) / tried);
    const moved = energy.space.copy(x);
    moves.apply(moved, move);
    const actual = energy.energy(moved) - before;
    if (!Number.isFinite(actual)) continue;
    const delta = cursor.delta(move);
    cursor.apply(move);
    const applied = cursor.energy - before;
    cursor.apply(moves.inverse(move));
    for (const claimed of [delta, applied]) {
      const rounding = 1e-9 * Math.abs(before);
      const off = Math.max(0, Math.abs(claimed - actual) - rounding);
      const difference = off / Math.max(1, Math.abs(claimed), Math.abs(actual));
      // A difference that is NaN is as wrong as it gets.
      const error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      const telling = error === worst.error && Math.abs(actual) > Math.abs(worst.actual);
      if (error > worst.error || telling)
        worst = { passed: error <= tolerance, move, claimed, actual, error };
    }
  }
  return worst;
}

/** Energies whose cursors have been checked. */
const trusted = new WeakSet<object>();

/** Numbers of moves tried before the cursors of an energy are trusted: more where none of the first change the energy. */
const FIRST_LOOKS = [4, 64];

/**
 * Returns the moves of `energy`. The first cursor is compared with differences of energies, because a wrong factor in a
 * difference would otherwise give a wrong answer marked as exact.
 *
 * @throws {CapabilityError} naming `asker`, for an energy without moves; {FaultyEnergyError}, when a cursor is made, where it
 * contradicts the energy.
 */
export function requireMoves<X>(energy: Energy<X>, asker: string): Capabilities<X>["moves"] {
  const attach = requireCapability(energy, "moves", asker);
  return (x) => {
    if (!trusted.has(energy)) {
      checkKeepsState(energy, x);
      // Where no move changes the energy nothing is learned.
      if (FIRST_LOOKS.some((maxMoves) => differs(energy, x, maxMoves))) trusted.add(energy);
    }
    return attach(x);
  };
}

/** Returns whether a move changed the energy, by as much as the cursor says. */
function differs<X>(energy: Energy<X>, x: X, maxMoves: number): boolean {
  const report = checkCursor(energy, x, { maxMoves, tolerance: 1e-3 });
  const { passed, move, claimed, actual } = report;
  if (passed) return actual !== 0;
  const factor = actual / claimed;
  const hint =
    Number.isFinite(factor) && factor !== 0 ? `, ${Number(factor.toPrecision(3))} times as much` : "";
  throw new FaultyEnergyError(
    `the cursor does not belong to the energy: move ${move} changes the energy by ${actual}${hint}, but the cursor says ${claimed}; mend its delta or apply`,
  );
}
