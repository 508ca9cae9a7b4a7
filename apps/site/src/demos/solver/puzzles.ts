import { createRng } from "@basin/energy-core/random";
import {
  assignment,
  cutWeight,
  graphColoring,
  maxCut,
  numberPartitioning,
  type SpinProblem,
  type WeightedGraph,
  weightedGraph,
} from "@basin/ising";
import { fixed } from "../shared/dom.ts";
import { leastConflicts, leastCost, leastDifference, mostCut } from "./exact.ts";
import { circle, type Drawing, nearest } from "./places.ts";
import { mostLessons } from "./settings.ts";

/** A puzzle as it is drawn, with what its states are worth. */
export interface Puzzle {
  readonly problem: SpinProblem;
  readonly drawing: Drawing;
  /** What is counted: the name of the figure, and its value for a state. */
  readonly figure: string;
  value(state: Int8Array): number;
  /** What a state says of each item: a color, a side, a slot. */
  choices(state: Int8Array): Int32Array;
  /** Returns what a bound on the energy says of the figure, where it says something. */
  boundOf?(energy: number): string;
  /** The exact answer, where the puzzle is small enough for another way to find it. */
  readonly exact?: number;
  readonly how: string;
}

const mapCells = 160;
const cutByEnumeration = 22;

/** Returns a map of regions around random places, to be colored so that no two neighbors are alike. */
export function mapPuzzle(regions: number, colors: number, seed: number): Puzzle {
  const rng = createRng(seed);
  const sites = Float64Array.from({ length: 2 * regions }, () => rng.uniform());
  const graph = weightedGraph(regions, neighborsOf(sites));
  const { problem, decode } = graphColoring(graph, colors);
  const conflicts = (chosen: Int32Array) => {
    let count = chosen.filter((color) => color < 0).length;
    for (let e = 0; e < graph.sources.length; e++)
      if (chosen[graph.sources[e]] === chosen[graph.targets[e]]) count++;
    return count;
  };
  return {
    problem,
    drawing: { kind: "map", sites },
    figure: "neighbors alike",
    value: (state) => conflicts(decode(state)),
    choices: decode,
    exact: leastConflicts(graph, colors),
    how: "Exact: a search that colors region after region and goes back where none is left.",
  };
}

/** Returns pairs of places whose regions touch, by looking at a grid. */
function neighborsOf(sites: Float64Array): [number, number, number][] {
  const owner = (x: number, y: number) => nearest(sites, (x + 0.5) / mapCells, (y + 0.5) / mapCells);
  const grid = Int32Array.from({ length: mapCells ** 2 }, (_, k) =>
    owner(k % mapCells, Math.floor(k / mapCells)),
  );
  const pairs = new Map<number, [number, number, number]>();
  for (let k = 0; k < grid.length; k++) {
    for (const step of [1, mapCells]) {
      if ((step === 1 && k % mapCells === mapCells - 1) || k + step >= grid.length) continue;
      const [a, b] = [Math.min(grid[k], grid[k + step]), Math.max(grid[k], grid[k + step])];
      if (a !== b) pairs.set(a * sites.length + b, [a, b, 1]);
    }
  }
  return [...pairs.values()];
}

/** Returns a random graph of about three edges a node, to be cut in two through as many edges as can be. */
export function cutPuzzle(nodes: number, seed: number): Puzzle {
  const rng = createRng(seed);
  const edges = new Map<number, [number, number, number]>();
  for (let k = 0; k < nodes; k++) edges.set(k, [k, (k + 1) % nodes, 1]);
  for (let k = 0; k < 2 * nodes; k++) {
    const [a, b] = [rng.index(nodes), rng.index(nodes)];
    const key = nodes * (1 + Math.min(a, b)) + Math.max(a, b);
    if (Math.abs(a - b) > 1 && Math.abs(a - b) < nodes - 1) edges.set(key, [a, b, 1]);
  }
  return graphPuzzle(weightedGraph(nodes, [...edges.values()]));
}

/** Returns the cut of a graph as a puzzle. */
export function graphPuzzle(graph: WeightedGraph): Puzzle {
  const { nodes, sources, targets } = graph;
  const edges = new Int32Array(2 * sources.length).map((_, k) => (k % 2 ? targets : sources)[k >> 1]);
  const small = nodes <= cutByEnumeration;
  return {
    problem: maxCut(graph),
    drawing: { kind: "graph", places: circle(nodes), edges },
    figure: "weight cut",
    value: (state) => cutWeight(graph, state),
    choices: (state) => Int32Array.from(state, (spin) => (spin > 0 ? 0 : 1)),
    ...(small && { exact: mostCut(graph) }),
    // The energy is minus the weight that is cut.
    boundOf: (energy) => `no cut weighs more than ${fixed(-energy, 1)}`,
    how: small
      ? "Exact: every one of the 2ⁿ⁻¹ cuts was tried."
      : "The certificate says whether the cut is proven to be the largest.",
  };
}

/** Returns numbers to be split into two sides with sums as equal as can be. */
export function partitionPuzzle(count: number, seed: number): Puzzle {
  const rng = createRng(seed);
  const numbers = Int32Array.from({ length: count }, () => 10 + rng.index(990));
  return {
    problem: numberPartitioning(numbers),
    drawing: { kind: "numbers", numbers },
    figure: "difference",
    value: (state) => Math.abs(numbers.reduce((sum, number, k) => sum + state[k] * number, 0)),
    choices: (state) => Int32Array.from(state, (spin) => (spin > 0 ? 0 : 1)),
    exact: leastDifference(numbers),
    how: "Exact: by a table of every sum that one side can have.",
  };
}

/** Returns lessons to be put into slots, one each, at the least dislike. */
export function timetablePuzzle(lessons: number, seed: number): Puzzle {
  const side = Math.min(lessons, mostLessons);
  const rng = createRng(seed);
  const costs = Int32Array.from({ length: side ** 2 }, () => rng.index(10));
  const rows = Array.from({ length: side }, (_, r) => Array.from(costs.subarray(r * side, (r + 1) * side)));
  const { problem, decode } = assignment(rows);
  return {
    problem,
    drawing: { kind: "table", costs, side },
    figure: "dislike",
    value: (state) => {
      const slots = decode(state);
      const whole = new Set(slots).size === side && !slots.includes(-1);
      return whole ? slots.reduce((sum, slot, lesson) => sum + costs[lesson * side + slot], 0) : Number.NaN;
    },
    choices: decode,
    exact: leastCost(costs, side),
    how: "Exact: by the cheapest way to fill the first lessons into every set of slots.",
  };
}
