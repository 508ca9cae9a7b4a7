import { statedBinaryForm } from "../problem/binary-form.ts";
import { binaryFormOf, spinFormOf } from "../problem/qubo.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { areMet, relaxSquares } from "../problem/squares.ts";
import { descend } from "./scalar.ts";

/** A problem whose penalties were lowered, and the way back. */
export interface Relaxation {
  readonly problem: SpinProblem;
  /**
   * Energies of the problem given are those of `problem` and this where the penalties are met, and no less where they
   * are not.
   */
  readonly offset: number;
  /** The penalties that were lowered, in words. */
  readonly why: string;
  isMet(state: Int8Array): boolean;
  /** Returns a state of the problem given that no single flip improves. */
  restore(state: Int8Array): Int8Array;
}

/** Couplings of a problem stated over spins up to which penalties are looked for. */
const MOST_COUPLINGS = 2e5;

/**
 * Returns the problem with squares such as P (1 − Σ x)² lowered to what the costs beside them need, `undefined` where
 * there is none to lower.
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

/** The terms over bits, where they are those over spins to the last digit. */
function exactBinaryForm(problem: SpinProblem) {
  const { fields, couplings } = problem;
  if (couplings.values.length > MOST_COUPLINGS || fields.every((field) => field === 0)) return undefined;
  const { form, isExact } = binaryFormOf(problem);
  return isExact ? form : undefined;
}
