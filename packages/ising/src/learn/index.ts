export { blockGibbs, type LayeredEnergy } from "./block-gibbs.ts";
export { boltzmannMachine } from "./boltzmann.ts";
export { ClassMachine, classMachine } from "./class-machine.ts";
export { drawRbm } from "./draw.ts";
export { type InverseIsing, inverseIsing } from "./inverse.ts";

export { type LayerWalkers, layers } from "./layers.ts";
export { type LogLikelihood, type LogPartition, logLikelihood, logOdds, logPartition } from "./likelihood.ts";

export { formatMachine, type MachineFile, parseMachine } from "./model-file.ts";
export { pseudoLikelihood } from "./pseudo-likelihood.ts";
export { RestrictedBoltzmannMachine, restrictedBoltzmannMachine } from "./rbm.ts";
export { type TrainRbmReport, trainRbm } from "./train.ts";
export type { EpochReport } from "./training.ts";
