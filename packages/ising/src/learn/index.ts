export { type BlockGibbsState, blockGibbs, type LayeredEnergy } from "./block-gibbs.ts";
export { boltzmannMachine } from "./boltzmann.ts";
export { ClassMachine, type ClassMachineOptions, classMachine } from "./class-machine.ts";
export { type DrawRbmOptions, drawRbm, type RbmDraws } from "./draw.ts";
export { exactLogPartition } from "./exact-partition.ts";
export {
  type InverseIsing,
  type InverseIsingOptions,
  type InverseMethod,
  inverseIsing,
  inverseMethodNames,
  type SpinMoments,
} from "./inverse.ts";
export { type LayersOptions, LayerWalkers, layers } from "./layers.ts";
export { formatMachine, type MachineFile, type ModelNotes, parseMachine } from "./model-file.ts";
export { type AnnealedLogPartitionOptions, annealedLogPartition } from "./partition.ts";
export { type PseudoLikelihood, pseudoLikelihood } from "./pseudo-likelihood.ts";
export {
  type Encoding,
  encodingNames,
  type RbmOptions,
  RestrictedBoltzmannMachine,
  restrictedBoltzmannMachine,
} from "./rbm.ts";
export { learningMethodNames, type TrainRbmOptions, type TrainRbmReport, trainRbm } from "./train.ts";
export type { EpochReport, LearningMethod, TrainRbmProgress } from "./training.ts";
