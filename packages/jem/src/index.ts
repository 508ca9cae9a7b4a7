export type { Inputs, ShapedInputs } from "./inputs.ts";
export { type Judge, type JudgeOptions, trainJudge } from "./judge/judge.ts";
export {
  type FrechetDistances,
  type SampleQuality,
  type SampleQualityOptions,
  sampleQuality,
} from "./judge/quality.ts";
export type { JointModel } from "./model/contract.ts";
export { type HeadName, headNames } from "./model/head.ts";
export { energyNet, type JointEnergyOptions, jointEnergy } from "./model/joint-energy.ts";
export { loadModel } from "./model/load.ts";
export type { LogitFunction, Reading } from "./model/logits.ts";
export { formatModel, type Notes, parseModel } from "./model/model-files.ts";
export { type OutputName, outputNames } from "./model/outputs.ts";
export type { InputName } from "./model/structure.ts";

export { convolutionalNetwork, denseNetwork, type NetworkOptions } from "./networks.ts";
export { type AttackReport, attack, type NormName, normNames } from "./robust/pgd.ts";
export { generate } from "./sample.ts";

export {
  type OutlierBenchmarkOptions,
  type OutlierSetFigures,
  outlierBenchmark,
  type ScoreFigures,
} from "./score/benchmark.ts";
export {
  type Calibration,
  type CalibrationOptions,
  calibration,
  fitTemperature,
} from "./score/calibration.ts";
export { featuresOf } from "./score/features.ts";
export { frechetDistance } from "./score/frechet.ts";
export { hasOutliers, type MadeOutliers, madeOutlierNames, makeOutliers } from "./score/made-outliers.ts";
export {
  accuracy,
  classify,
  logitsOf,
  probabilities,
  type ScoreName,
  scoreNames,
  scores,
} from "./score/scores.ts";
export { type Augmentation, randomShifts } from "./train/augment.ts";
export type { KeptStates, RunState, TrainState, WatchState } from "./train/checkpoint.ts";
export type { LabeledData } from "./train/data.ts";
export { classGaussianDraws, type InitialStates, initialStateNames } from "./train/initial.ts";
export { recipeSampler, type TrainOptions } from "./train/options.ts";
export type { TrainFigures, TrainProgress } from "./train/step.ts";
export { type TrainReport, train } from "./train/train.ts";
