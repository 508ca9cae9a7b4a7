export { defaultScore, type Validation, validateScores } from "./choose.ts";
export { benjaminiHochberg, conformalPValues, type Discoveries } from "./conformal.ts";
export type { OutlierData } from "./data.ts";
export {
  loadDetector,
  type OutlierDetector,
  type OutlierDetectorJson,
  type OutlierDetectorOptions,
  outlierDetector,
} from "./detector.ts";
export { type DriftWatch, driftWatch } from "./drift.ts";
export type { LogitMeaning, RowsLike } from "./rows.ts";
export { fitScore, loadScore, type OutlierScore, type OutlierScoreInfo, outlierScores } from "./score.ts";
export { energyScore } from "./scores/energy.ts";
export { entropyScore } from "./scores/entropy.ts";
export { genScore } from "./scores/gen.ts";
export { maxLogitScore } from "./scores/max-logit.ts";
export { maxSoftmaxScore } from "./scores/max-softmax.ts";
export { multiLabelEnergyScore } from "./scores/multi-label-energy.ts";
export type { OutlierScoreName } from "./scores/table.ts";
