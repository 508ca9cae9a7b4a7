export { defaultScore, type Validation, type ValidationOptions, validateScores } from "./choose.ts";
export { benjaminiHochberg, conformalPValues, type Discoveries, type DiscoveryOptions } from "./conformal.ts";
export type { OutlierData } from "./data.ts";
export {
  loadDetector,
  type OutlierDetector,
  type OutlierDetectorJson,
  type OutlierDetectorOptions,
  type OutlierJudgment,
  type OutlierThreshold,
  outlierDetector,
} from "./detector.ts";
export { type Drift, type DriftOptions, type DriftWatch, driftWatch } from "./drift.ts";
export type { Ingredient, OptionRange } from "./kind.ts";
export {
  type LogitMeaning,
  type LogitOptions,
  logitMeanings,
  type RowsLike,
  type ShapedRows,
} from "./rows.ts";
export {
  fitScore,
  loadScore,
  type OutlierScore,
  type OutlierScoreInfo,
  type OutlierScoreJson,
  type OutlierScoreOptions,
  outlierScoreNames,
  outlierScores,
} from "./score.ts";
export { type EnergyScoreOptions, energyScore } from "./scores/energy.ts";
export { entropyScore } from "./scores/entropy.ts";
export { type GenScoreOptions, genScore } from "./scores/gen.ts";
export { maxLogitScore } from "./scores/max-logit.ts";
export { maxSoftmaxScore } from "./scores/max-softmax.ts";
export { multiLabelEnergyScore } from "./scores/multi-label-energy.ts";
export type { OutlierScoreName } from "./scores/table.ts";
