export { FormatError } from "./formats/format-error.ts";
export { formatGset, parseGset } from "./formats/gset.ts";
export type { Edge, EdgeArrays, EdgesLike } from "./problem/edges.ts";
export { cutWeight, maxCut, type WeightedGraph, weightedGraph } from "./problem/graph.ts";
export { type BinaryForm, type QuboDescription, qubo, toBinary, toBits, toSpins } from "./problem/qubo.ts";
export {
  type Adjacency,
  type Couplings,
  type SpinProblem,
  type SpinProblemDescription,
  spinProblem,
} from "./problem/spin-problem.ts";
export {
  type AnnealOptions,
  type AnnealProgress,
  type AnnealResult,
  type AnnealTiming,
  anneal,
} from "./solve/anneal.ts";
export { type GroundState, groundState } from "./solve/ground-state.ts";
export type { AbortSignalLike } from "./solve/platform.ts";
export { aggregate, lowest, type Sample, type SampleSet } from "./solve/sample-set.ts";
export { type AnnealingSchedule, defaultInverseTemperatureRange } from "./solve/schedule.ts";
