import { statedBinaryForm } from "../problem/binary-form.ts";
import { binaryFormOf, spinFormOf } from "../problem/qubo.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { areMet, relaxSquares } from "../problem/squares.ts";
import { descend } from "./scalar.ts";

/** A problem whose penalties were lowered, and the way back. */
export interface Relaxation {
  readonly problem: SpinProblem;
  /**
   * The energy of `problem` plus this equals the energy of the given problem if the penalties are met, and is never
   * larger.
   */
  readonly offset: number;
  /** The penalties that were lowered, as text. */
  readonly why: string;
  isMet(state: Int8Array): boolean;
  /** Returns a state of the given problem that no single flip improves. */
  restore(state: Int8Array): Int8Array;
}

/** For problems stated over spins, penalties are looked for up to this number of couplings. */
const MOST_COUPLINGS = 2e5;

/**
 * Returns the problem with penalties such as P (1 − Σ x)² lowered to what the costs beside them need, or `undefined` if
 * none can be lowered.
 */
export function relax(problem: SpinProblem): Relaxation | undefined {
  const form = statedBinaryForm(problem) ?? exactBinaryForm(problem);
  const relaxed = form && relaxSquares(form);
  if (relaxed === undefined) return undefined;
  const { squares, offset } = relaxed;
  const largest = squares.reduce((most, { weight }) => Math.max(most, weight), 0);
  const restore = (state: Int8Array) => {
    const full = state.slice();
    descend(problem, full);
    return full;
  };
  return {
    ...{ problem: spinFormOf(relaxed.form), offset, restore, isMet: (state) => areMet(squares, state) },
    why: `${squares.length} squares such as P (1 − Σ x)² were lowered for the search, by up to ${Number(largest.toPrecision(3))}`,
  };
}

/** Returns the terms over bits if they equal those over spins to the last digit. */
function exactBinaryForm(problem: SpinProblem) {
  const { fields, couplings } = problem;
  if (couplings.values.length > MOST_COUPLINGS || fields.every((field) => field === 0)) return undefined;
  const { form, isExact } = binaryFormOf(problem);
  return isExact ? form : undefined;
}
