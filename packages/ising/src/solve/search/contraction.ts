import { type SpinProblem, spinProblem } from "../../problem/spin-problem.ts";

/** A problem over groups of spins that turn together, and the way back. */
export interface Contraction {
  readonly problem: SpinProblem;
  /** Returns the state in which each group equals the first of the states (+1) or its mirror image (−1). */
  restore(groups: Int8Array): Int8Array;
}

/** Most states that masks of 32 bits can distinguish. */
const MOST_STATES = 32;

/**
 * Returns `problem` with some neighbors joined: those that each of `states` leaves as they are in the first state or
 * turns over together. This keeps what good states share and leaves their differences to the search. All +1 is the
 * first state.
 *
 * Source: the sample persistence of Karimi & Rosenberg (2017), over connected groups.
 */
export function contract(problem: SpinProblem, states: readonly Int8Array[]): Contraction {
  const { variables, couplings, fields, offset } = problem;
  const [first] = states;
  const masks = new Int32Array(variables);
  for (const [s, state] of states.slice(0, MOST_STATES).entries())
    for (let i = 0; i < variables; i++) if (state[i] !== first[i]) masks[i] |= 1 << s;
  const { groups, group } = components(problem, masks);
  const { sources, targets, values } = couplings;
  const edges = { sources: new Int32Array(values.length), targets: new Int32Array(values.length) };
  const weights = new Float64Array(values.length);
  for (let e = 0; e < values.length; e++) {
    edges.sources[e] = group[sources[e]];
    edges.targets[e] = group[targets[e]];
    weights[e] = values[e] * first[sources[e]] * first[targets[e]];
  }
  const summed = new Float64Array(groups);
  for (let i = 0; i < variables; i++) summed[group[i]] += fields[i] * first[i];
  return {
    problem: spinProblem({ variables: groups, couplings: { ...edges, weights }, fields: summed, offset }),
    restore: (turned) => first.map((spin, i) => spin * turned[group[i]]),
  };
}

/** Numbers the connected groups of spins of one mask. */
function components({ variables, adjacency }: SpinProblem, masks: Int32Array) {
  const { starts, neighbors } = adjacency;
  const group = new Int32Array(variables).fill(-1);
  const stack: number[] = [];
  let groups = 0;
  for (let i = 0; i < variables; i++) {
    if (group[i] >= 0) continue;
    group[i] = groups;
    stack.push(i);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      for (let k = starts[at]; k < starts[at + 1]; k++) {
        const j = neighbors[k];
        if (group[j] >= 0 || masks[j] !== masks[at]) continue;
        group[j] = groups;
        stack.push(j);
      }
    }
    groups++;
  }
  return { groups, group };
}
