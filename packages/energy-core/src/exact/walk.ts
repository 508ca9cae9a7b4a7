import { requireMoves } from "../check-cursor.ts";
import type { Cursor, Energy } from "../energy.ts";
import { CostError, checkEnergy } from "../errors.ts";
import { movesOf } from "../moves-of.ts";

/** States that one core visits in a second, a round figure for cost estimates. */
const STATES_PER_SECOND = 2e7;
/** Accumulated energy differences are replaced by a fresh evaluation this often. */
const REFRESH = 1 << 16;

/** Calls `visit(cursor, move)` once for each state, each one move from the last: the first time `move` is −1. */
export function walkStates<X>(
  energy: Energy<X>,
  visit: (cursor: Cursor<X>, move: number) => void,
  asker: string,
): void {
  const attach = requireMoves(energy, asker);
  const moves = movesOf(energy.space, asker);
  let cursor = attach(moves.first());
  checkEnergy(cursor.energy, "the energy of the first state");
  visit(cursor, -1);
  let step = 0;
  moves.tour((move) => {
    if (++step % REFRESH === 0) cursor = attach(cursor.state);
    cursor.apply(move);
    if (!(cursor.energy > Number.NEGATIVE_INFINITY)) {
      checkEnergy(cursor.energy, `the energy of state [${String(cursor.state)}]`);
    }
    visit(cursor, move);
  });
}

/** @throws {CostError} when `states` are more than `maxStates`, with an estimate of the time. */
export function checkEnumerable(what: string, states: number, maxStates: number): void {
  if (states <= maxStates) return;
  const size = states < Infinity ? `${states.toPrecision(3)} states` : "infinitely many states";
  throw new CostError(
    `${what} would visit ${size}, about ${duration(states / STATES_PER_SECOND)}; maxStates is ${maxStates}`,
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toPrecision(2)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} hours`;
  if (seconds < 63_072_000) return `${Math.round(seconds / 86_400)} days`;
  return seconds < Infinity ? `${(seconds / 31_536_000).toPrecision(2)} years` : "forever";
}
