export { defaultScore, type Validation, validateScores } from "./choose.ts";
export { benjaminiHochberg, conformalPValues, type Discoveries } from "./conformal.ts";
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
export { type Drift, type DriftWatch, driftWatch } from "./drift.ts";
export type { Ingredient, OptionRange } from "./kind.ts";
export {
  type LogitMeaning,
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
  outlierScoreNames,
  outlierScores,
} from "./score.ts";
export { energyScore } from "./scores/energy.ts";
export { entropyScore } from "./scores/entropy.ts";
export { genScore } from "./scores/gen.ts";
export { maxLogitScore } from "./scores/max-logit.ts";
export { maxSoftmaxScore } from "./scores/max-softmax.ts";
export { multiLabelEnergyScore } from "./scores/multi-label-energy.ts";
export type { OutlierScoreName } from "./scores/table.ts";
