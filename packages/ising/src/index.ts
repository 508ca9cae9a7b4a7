export { thermodynamics } from "./density/thermodynamics.ts";
export { type DensityOfStates, wangLandau } from "./density/wang-landau.ts";
export { type ExactValues, exactValues } from "./exact/exact-values.ts";
export { kaufman, type TorusThermodynamics } from "./exact/kaufman.ts";
export { onsager } from "./exact/onsager.ts";
export { type StripThermodynamics, transferMatrix } from "./exact/transfer-matrix.ts";
export { AmbiguousError } from "./formats/format.ts";
export { FormatError } from "./formats/format-error.ts";
export {
  formatProblem,
  namedState,
  type ProblemFile,
  parseProblem,
} from "./formats/problem-file.ts";
export { parseSolution } from "./formats/solution.ts";
export type { ProblemFormat } from "./formats/table.ts";
export { cluster } from "./graph/cluster-walkers.ts";
export { graph } from "./graph/graph-walkers.ts";
export type { LatticeName } from "./lattice/geometries.ts";
export { Lattice } from "./lattice/lattice.ts";
export { createModel } from "./lattice/lattices.ts";
export { type CorrelationObserver, correlationObserver } from "./observables/correlations.ts";
export { type Crossing, type Curve, crossing } from "./observables/crossing.ts";
export { type Blocking, blocking, jackknife } from "./observables/resampling.ts";
export { type Reweighted, reweight } from "./observables/reweight.ts";
export { packed } from "./packed/packed-walkers.ts";
export type { BondedEnergy } from "./potts/clusters.ts";
export { type SquarePotts, squarePotts } from "./potts/exact.ts";
export { type Phases, phases } from "./potts/phases.ts";
export { type PottsEnergy, potts } from "./potts/potts.ts";
export { type PottsSimulation, simulatePotts } from "./potts/simulate.ts";
export { swendsenWang } from "./potts/swendsen-wang.ts";
export { wolff } from "./potts/wolff.ts";
export type { BinaryForm } from "./problem/binary-form.ts";
export {
  assignment,
  type ChoiceProblem,
  graphColoring,
  maximumIndependentSet,
  numberPartitioning,
} from "./problem/builders.ts";
export { roundingBound } from "./problem/energy-terms.ts";
export { cutWeight, maxCut, type WeightedGraph, weightedGraph } from "./problem/graph.ts";
export { qubo, toBinary, toBits } from "./problem/qubo.ts";
export { type Reduction, reduce } from "./problem/reduce.ts";
export { type SpinProblem, spinProblem } from "./problem/spin-problem.ts";
export { createLattice, type LiveLattice } from "./simulate/live.ts";
export type { Algorithm } from "./simulate/options.ts";
export { type Replicas, simulateAll, simulateReplicas } from "./simulate/replicas.ts";
export { type Simulation, simulate } from "./simulate/simulate.ts";
export { simulateTempering, type Tempered } from "./simulate/temper.ts";
export { type AnnealResult, anneal } from "./solve/anneal.ts";
export { bits } from "./solve/bits/bits.ts";
export { type GroundState, groundState } from "./solve/ground-state.ts";
export { lanes } from "./solve/lanes/lanes.ts";
export { aggregate, type Sample, type SampleSet } from "./solve/sample-set.ts";
export type { Solution } from "./solve/solution.ts";
export { solve } from "./solve/solve.ts";
export { tabuSearch } from "./solve/tabu.ts";
export { kawasaki } from "./sweep/kawasaki.ts";
export type { SpinWalkerKernel } from "./sweep/one-state.ts";
export { square } from "./sweep/square-walkers.ts";
