import { statedBinaryForm } from "../problem/binary-form.ts";
import { energyDifference } from "../problem/energy-terms.ts";
import { lowerPenalties } from "../problem/penalties.ts";
import { spinFormOf } from "../problem/qubo.ts";
import { reduce } from "../problem/reduce.ts";
import { isRounded, type SpinProblem } from "../problem/spin-problem.ts";
import { walkStates } from "./ground-state.ts";
import { type Relaxation, relax } from "./relaxation.ts";
import { descend } from "./scalar.ts";
import { groundStateByElimination } from "./tree-width.ts";

const EXACT_UP_TO = 26;
/** Beyond this number of spins, the search for a narrow order of elimination is itself slow. */
const ELIMINATION_UP_TO = 100_000;

/** The problem left to solve, and the way back. */
export interface Plan {
  readonly problem: SpinProblem;
  readonly left: SpinProblem;
  /** How far rounding can move differences between energies of the reduced problem from the true ones. */
  readonly error: number;
  /** Returns a state of the problem that no single flip improves. */
  restore(state: Int8Array): Int8Array;
}

/**
 * Lowers penalties that are larger than necessary, then eliminates spins. A state found is brought down again by the
 * terms as they were stated.
 */
function planOf(problem: SpinProblem, reduced: boolean): Plan {
  if (!reduced) return { problem, left: problem, error: 0, restore: (state) => state.slice() };
  const stated = statedBinaryForm(problem);
  const lowered = stated === undefined ? undefined : lowerPenalties(stated);
  const { problem: left, error, restore } = reduce(lowered === undefined ? problem : spinFormOf(lowered));
  if (lowered === undefined && !isRounded(problem)) return { problem, left, error, restore };
  const down = (state: Int8Array) => {
    const full = restore(state);
    descend(problem, full);
    return full;
  };
  return { problem, left, error, restore: down };
}

export interface Proof {
  readonly method: "exact" | "elimination";
  readonly why: string;
  readonly state: Int8Array;
  /**
   * How much less the energy of another state may be: 0 for a proof, the rounding of the sums for elimination in
   * doubles.
   */
  readonly open: number;
}

/** Returns a ground state if the method asks for one, or if "auto" finds it cheap. */
function prove(plan: Plan, method: string): Proof | undefined {
  const { problem, left, error, restore } = plan;
  const { variables } = left;
  const auto = method === "auto";
  if (variables === 0 || method === "exact" || (auto && variables <= EXACT_UP_TO)) {
    const why =
      variables === 0
        ? "the reduction settles every spin"
        : `${variables} spins are left after the reduction, few enough to try every state`;
    const { state } = walkStates(left, error, (a, b) => energyDifference(problem, restore(a), restore(b)));
    return {
      method: "exact",
      why: auto || variables === 0 ? why : "asked for",
      state: restore(state),
      open: 0,
    };
  }
  if (method !== "elimination" && !(auto && variables <= ELIMINATION_UP_TO)) return undefined;
  const found = groundStateByElimination(left, !auto);
  if (found === undefined) return undefined;
  const why = `the graph of the ${variables} spins that are left is ${found.width} wide, narrow enough to eliminate one after another`;
  return {
    method: "elimination",
    why: auto ? why : "asked for",
    state: restore(found.state),
    open: left.unit !== undefined && error === 0 ? 0 : error + roundingOfSums(left),
  };
}

/** Returns how far two sums of all terms of a problem can differ if every step of each is rounded. */
function roundingOfSums({ couplings, fields }: SpinProblem): number {
  let total = 0;
  for (const value of couplings.values) total += Math.abs(value);
  for (const value of fields) total += Math.abs(value);
  return (couplings.values.length + fields.length) * 2 ** -52 * total;
}

/** Returns what is left to solve, and the proof if there is one. */
export interface Beginning {
  readonly plan: Plan;
  readonly proof?: Proof;
  readonly relaxation?: Relaxation;
}

/**
 * Lowers penalties and reduces. A proof for the problem with lower penalties holds for the given one if its state meets
 * the penalties.
 */
export function begin(problem: SpinProblem, reduced: boolean, method: string): Beginning {
  const relaxation = reduced ? relax(problem) : undefined;
  if (relaxation !== undefined) {
    const plan = planOf(relaxation.problem, reduced);
    const proof = prove(plan, method);
    if (proof === undefined) return { plan, relaxation };
    if (relaxation.isMet(proof.state))
      return { plan, proof: { ...proof, state: relaxation.restore(proof.state) } };
  }
  const plan = planOf(problem, reduced);
  return { plan, proof: prove(plan, method) };
}
