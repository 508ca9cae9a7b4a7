import type { Detector } from "@basin/energy-core";
import type { Validation } from "./choose.ts";
import type { Discoveries, DiscoveryOptions } from "./conformal.ts";
import type { OutlierData } from "./data.ts";
import type { Drift, DriftOptions } from "./drift.ts";
import type { OutlierScore, OutlierScoreJson } from "./score.ts";

/** A threshold for all inputs or for the inputs of one predicted class. */
export interface OutlierThreshold extends Omit<Detector, "isOutlier"> {
  /** The predicted class that the threshold is for; absent if it is for all inputs. */
  readonly class?: number;
  /**
   * The share of fresh inputs that it keeps: the mean over held-out sets, and an interval for this set at the
   * detector's confidence.
   */
  readonly fresh: { readonly mean: number; readonly interval: readonly [low: number, high: number] };
}

/** A detector's judgment of inputs. */
export interface OutlierJudgment {
  /** Higher for outliers. */
  readonly scores: Float64Array;
  /**
   * Conformal p-values ({@link conformalPValues}). If thresholds are per class, they are among held-out inputs of the
   * same predicted class.
   */
  readonly pValues: Float64Array;
  /** Whether the score is above the threshold. */
  readonly outliers: readonly boolean[];
}

/** A detector as JSON. */
export interface OutlierDetectorJson {
  readonly format: "basin outlier detector 1";
  readonly score: OutlierScoreJson;
  readonly choice: string;
  readonly keep: number;
  readonly confidence: number;
  readonly perClass: boolean;
  readonly seed?: number;
  /** Held-out scores in ascending order; with `perClass`, by predicted class. */
  readonly heldOut: Readonly<Record<string, unknown>>;
}

/** A score with thresholds that held-out inputs set. */
export interface OutlierDetector {
  readonly score: OutlierScore;
  /** How the score was chosen and what it was fitted to, as text. */
  readonly choice: string;
  /** How well the choice performs, if there were outliers to choose by. */
  readonly validation?: Validation;
  readonly keep: number;
  /** The seed of the halves and folds. */
  readonly seed?: number;
  /** One threshold, or one for each predicted class. */
  readonly thresholds: readonly OutlierThreshold[];
  /** Judges inputs by the threshold. */
  judge(data: OutlierData): OutlierJudgment;
  /** Finds outliers in a batch and bounds the mean share of false ones among them ({@link benjaminiHochberg}). */
  discover(data: OutlierData, options?: DiscoveryOptions): Discoveries & OutlierJudgment;
  /** Returns a watch over a stream ({@link driftWatch}). */
  watch(options?: DriftOptions): { readonly seed: number; update(data: OutlierData): Drift };
  /** Returns a value for JSON that {@link loadDetector} reads. */
  toJSON(): OutlierDetectorJson;
}
