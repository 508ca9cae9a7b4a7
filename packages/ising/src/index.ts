export { type Thermodynamics, thermodynamics } from "./density/thermodynamics.ts";
export { type DensityOfStates, wangLandau } from "./density/wang-landau.ts";
export { type ExactValues, exactValues } from "./exact/exact-values.ts";
export { kaufman, type TorusThermodynamics } from "./exact/kaufman.ts";
export { onsager } from "./exact/onsager.ts";
export {
  type StripThermodynamics,
  transferMatrix,
} from "./exact/transfer-matrix.ts";
export type { ProblemSource } from "./formats/decode.ts";
export {
  AmbiguousError,
  type ProblemKind,
  problemKindNames,
  type WritableProblem,
} from "./formats/format.ts";
export { FormatError } from "./formats/format-error.ts";
export {
  formatProblem,
  formatProblemPieces,
  namedState,
  type ParseProblemOptions,
  type ProblemFile,
  parseProblem,
} from "./formats/problem-file.ts";
export { parseSolution, type SolutionFile } from "./formats/solution.ts";
export { type ProblemFormat, problemFormatNames } from "./formats/table.ts";
export type { TextSource } from "./formats/text-source.ts";
export { type ClusterAlgorithm, cluster } from "./graph/cluster-walkers.ts";
export { graph } from "./graph/graph-walkers.ts";
export { type Disorder, disorderNames } from "./lattice/bonds.ts";
export { type LatticeName, latticeNames } from "./lattice/geometries.ts";
export { type Boundary, boundaryNames, Lattice, type LatticeOptions } from "./lattice/lattice.ts";
export {
  chain,
  createModel,
  cubicLattice,
  honeycombLattice,
  kagomeLattice,
  squareLattice,
  triangularLattice,
} from "./lattice/lattices.ts";
export {
  type CorrelationObserver,
  type Correlations,
  correlationObserver,
} from "./observables/correlations.ts";
export { type Crossing, type Curve, crossing } from "./observables/crossing.ts";
export type { Estimates, Series } from "./observables/estimates.ts";
export { type HistogramRun, type MultiReweighted, multiHistogram } from "./observables/multi-histogram.ts";
export type { Overlap } from "./observables/overlap.ts";
export {
  type Blocking,
  type BlockingLevel,
  blocking,
  type JackknifeEstimate,
  jackknife,
} from "./observables/resampling.ts";
export { type Reweighted, reweight } from "./observables/reweight.ts";
export type { Thermalization } from "./observables/thermalization.ts";
export { packed } from "./packed/packed-walkers.ts";
export type { BondedEnergy, ClusterState } from "./potts/clusters.ts";
export { type SquarePotts, squarePotts } from "./potts/exact.ts";
export { type Phase, type Phases, phases } from "./potts/phases.ts";
export { type PottsBonds, type PottsEnergy, type PottsOptions, potts } from "./potts/potts.ts";
export {
  type PottsAlgorithm,
  type PottsSimulation,
  pottsAlgorithmNames,
  simulatePotts,
} from "./potts/simulate.ts";
export { type SwendsenWangInfo, swendsenWang } from "./potts/swendsen-wang.ts";
export { type WolffInfo, wolff } from "./potts/wolff.ts";
export type { BinaryForm } from "./problem/binary-form.ts";
export {
  assignment,
  type ChoiceProblem,
  graphColoring,
  maximumIndependentSet,
  numberPartitioning,
} from "./problem/builders.ts";
export type { EdgeArrays, EdgesLike } from "./problem/edges.ts";
export { roundingBound } from "./problem/energy-terms.ts";
export { cutWeight, maxCut, type WeightedGraph, weightedGraph } from "./problem/graph.ts";
export { type QuboDescription, qubo, toBinary, toBits, toSpins } from "./problem/qubo.ts";
export { type Reduction, reduce } from "./problem/reduce.ts";
export {
  type Adjacency,
  type SpinProblem,
  type SpinProblemDescription,
  spinProblem,
  toSpinProblem,
} from "./problem/spin-problem.ts";
export type { SimulationState } from "./simulate/checkpoint.ts";
export { createLattice, type LiveLattice } from "./simulate/live.ts";
export {
  type Algorithm,
  algorithmNames,
  type SimulateOptions,
  type SimulateProgress,
} from "./simulate/options.ts";
export {
  type Replicas,
  type SimulateAllProgress,
  type SimulationRun,
  simulateAll,
  simulateReplicas,
} from "./simulate/replicas.ts";
export type { Performance } from "./simulate/run-sweeps.ts";
export { type Simulation, simulate } from "./simulate/simulate.ts";
export { simulateTempering, type Tempered, type TemperedLevel } from "./simulate/temper.ts";
export {
  type AnnealOptions,
  type AnnealResult,
  type AnnealTiming,
  anneal,
} from "./solve/anneal.ts";
export type { AnnealerName } from "./solve/annealers.ts";
export { bits, type Thresholds } from "./solve/bits/bits.ts";
export { type GroundState, groundState } from "./solve/ground-state.ts";
export { lanes } from "./solve/lanes/lanes.ts";
export type { AnnealProgress } from "./solve/reads.ts";
export { aggregate, lowest, type Sample, type SampleSet } from "./solve/sample-set.ts";
export {
  defaultInverseTemperatures,
  type ScheduleName,
  scheduleNames,
} from "./solve/schedule.ts";
export {
  type Solution,
  type SolveMethod,
  type SolveProgress,
  type SolveTiming,
  solve,
  solveMethodNames,
} from "./solve/solve.ts";
export { type TabuResult, tabuSearch } from "./solve/tabu.ts";
export { kawasaki } from "./sweep/kawasaki.ts";
export type {
  KernelReport,
  SpinMoves,
  SpinWalkerKernel,
  SpinWalkers,
} from "./sweep/one-state.ts";
export type { SweepRule } from "./sweep/rules.ts";
export { square } from "./sweep/square-walkers.ts";
export { type StartName, startNames } from "./sweep/start.ts";
