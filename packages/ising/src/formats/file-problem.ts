import { ArgumentError } from "@basin/energy-core";
import { canonicalEdges, type EdgeArrays, sortedOrder } from "../problem/edges.ts";
import { maxCut, type WeightedGraph, weightedGraph } from "../problem/graph.ts";
import { lostCosts } from "../problem/lost-costs.ts";
import { qubo, toBinary } from "../problem/qubo.ts";
import { type SpinProblem, spinProblem } from "../problem/spin-problem.ts";
import { ambiguousKind, type FileTerms, type ProblemKind } from "./format.ts";
import { checkLabels } from "./labels.ts";

/** What of a file does not depend on its format. */
export interface FileProblem {
  /** The problem; its energy is what the file minimizes, or minus what the file maximizes. */
  readonly problem: SpinProblem;
  /** The graph, where the file holds one: its maximum cut is the problem. */
  readonly graph?: WeightedGraph;
  /** Names of the nodes or variables, where the file has names. */
  readonly labels?: readonly (string | number)[];
  /** What the file calls its first variable, where it numbers them. */
  readonly firstNumber?: 0 | 1;
  readonly kind: ProblemKind;
  /** Whether the file's own figure is minus the energy. */
  readonly maximize: boolean;
  /** What was left out and what was decided, a sentence each. */
  readonly notes: readonly string[];
}

/** Returns the problem that the terms of a file make. */
export function fileProblem(terms: FileTerms, options: { maximize?: boolean; offset?: number }): FileProblem {
  checkLabels(terms.labels, terms.variables);
  const loops = countLoops(terms.pairs);
  const kind = terms.kind ?? "max-cut";
  if (terms.kind === undefined && loops > 0) {
    throw ambiguousKind(
      `${counted(loops, "pair")} of the file ${loops === 1 ? "joins" : "join"} a variable to itself`,
    );
  }
  const notes = [...(terms.notes ?? [])];
  const repeated = countRepeated(terms);
  if (repeated > 0) notes.push(`${counted(repeated, "pair")} repeated: the weights were added up`);
  const maximize = terms.maximize === true || options.maximize === true;
  const { labels, firstNumber } = terms;
  const rest = { labels, firstNumber, kind, notes };
  const offset = (terms.offset ?? 0) + (options.offset ?? 0);
  if (kind === "max-cut") {
    if (maximize) throw new ArgumentError("maximize is set, but the cut of a graph is always maximized");
    if (loops > 0)
      notes.push(`${counted(loops, "loop")} left out: no cut takes an edge from a node to itself`);
    const graph = weightedGraph(terms.variables, terms.pairs);
    return { problem: shifted(maxCut(graph), offset), graph, ...rest, maximize };
  }
  const sign = maximize ? -1 : 1;
  if (terms.symmetric === true)
    notes.push("each pair counts twice, as in a symmetric matrix of which one half is stated");
  const problem =
    kind === "qubo" ? bitProblem(terms, sign, offset) : signedProblem(terms, sign, offset, notes);
  const lost = kind === "qubo" ? lostCosts(toBinary(problem)) : undefined;
  if (lost !== undefined) notes.push(lost);
  return { problem, ...rest, maximize };
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function countLoops({ sources, targets, weights }: EdgeArrays): number {
  let loops = 0;
  for (let e = 0; e < sources.length; e++) if (sources[e] === targets[e] && weights[e] !== 0) loops++;
  return loops;
}

/** Pairs, in whatever direction, that were stated before. */
function countRepeated({ pairs, variables }: FileTerms): number {
  const { sources, targets } = pairs;
  const order = sortedOrder(sources, targets, variables);
  let repeated = 0;
  for (let k = 1; k < order.length; k++) {
    const [a, b] = [order[k - 1], order[k]];
    const same =
      Math.min(sources[a], targets[a]) === Math.min(sources[b], targets[b]) &&
      Math.max(sources[a], targets[a]) === Math.max(sources[b], targets[b]);
    if (same) repeated++;
  }
  return repeated;
}

function shifted(problem: SpinProblem, offset: number): SpinProblem {
  if (offset === 0) return problem;
  const { variables, couplings, fields } = problem;
  const { sources, targets, values: weights } = couplings;
  return spinProblem({
    variables,
    couplings: { sources, targets, weights },
    fields,
    offset: problem.offset + offset,
  });
}

function bitProblem(terms: FileTerms, sign: number, offset: number): SpinProblem {
  const { sources, targets, weights } = terms.pairs;
  const factor = (e: number) => (terms.symmetric === true && sources[e] !== targets[e] ? 2 : 1);
  return qubo({
    variables: terms.variables,
    linear: terms.linear === undefined ? undefined : Array.from(terms.linear, (value) => sign * value),
    offset: sign * offset,
    quadratic: {
      sources,
      targets,
      weights: Float64Array.from(weights, (value, e) => sign * factor(e) * value),
    },
  });
}

/** Over spins dimod and its kin add J s s and h s, which H subtracts. */
function signedProblem(terms: FileTerms, sign: number, offset: number, notes: string[]): SpinProblem {
  const { variables, linear } = terms;
  const { sources, targets, weights, diagonal } = canonicalEdges(terms.pairs, variables);
  const fields = Array.from(diagonal, (value, i) => 0 - sign * (value + (linear?.[i] ?? 0)));
  notes.push("the file adds its terms over spins: J and h of the problem have the opposite sign");
  return spinProblem({
    variables,
    couplings: { sources, targets, weights: weights.map((value) => -sign * value) },
    fields,
    offset: sign * offset,
  });
}
