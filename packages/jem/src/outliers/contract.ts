import type { Detector } from "@basin/energy-core";
import type { Validation } from "./choose.ts";
import type { Discoveries, DiscoveryOptions } from "./conformal.ts";
import type { OutlierData } from "./data.ts";
import type { Drift, DriftOptions } from "./drift.ts";
import type { OutlierScore, OutlierScoreJson } from "./score.ts";

/** A threshold, of all inputs or of those of one predicted class. */
export interface OutlierThreshold extends Omit<Detector, "isOutlier"> {
  /** The predicted class that it is for; of all inputs where it is left out. */
  readonly class?: number;
  /**
   * The share of fresh inputs that it keeps: the mean over held-out sets, and where that of this set lies at the
   * detector's confidence.
   */
  readonly fresh: { readonly mean: number; readonly interval: readonly [low: number, high: number] };
}

/** What a detector says of inputs. */
export interface OutlierJudgment {
  /** Higher for outliers. */
  readonly scores: Float64Array;
  /**
   * Conformal p-values ({@link conformalPValues}), among held-out inputs of the same predicted class where thresholds
   * are per class.
   */
  readonly pValues: Float64Array;
  /** Whether the score is above the threshold. */
  readonly outliers: readonly boolean[];
}

/** A detector in JSON. */
export interface OutlierDetectorJson {
  readonly format: "basin outlier detector 1";
  readonly score: OutlierScoreJson;
  readonly choice: string;
  readonly keep: number;
  readonly confidence: number;
  readonly perClass: boolean;
  readonly seed?: number;
  /** Held-out scores in ascending order, by predicted class where `perClass`. */
  readonly heldOut: Readonly<Record<string, unknown>>;
}

/** A score with thresholds that held-out inputs set. */
export interface OutlierDetector {
  readonly score: OutlierScore;
  /** How the score was chosen and what it was fitted to, in words. */
  readonly choice: string;
  /** How well the choice does, where outliers were there to choose by. */
  readonly validation?: Validation;
  readonly keep: number;
  /** The seed of halves and folds. */
  readonly seed?: number;
  /** One, or one a predicted class. */
  readonly thresholds: readonly OutlierThreshold[];
  /** Judges inputs by the threshold. */
  judge(data: OutlierData): OutlierJudgment;
  /**
   * Finds outliers in a batch so that the mean share of false ones among the found is bounded
   * ({@link benjaminiHochberg}).
   */
  discover(data: OutlierData, options?: DiscoveryOptions): Discoveries & OutlierJudgment;
  /** Returns a watch over a stream ({@link driftWatch}). */
  watch(options?: DriftOptions): { readonly seed: number; update(data: OutlierData): Drift };
  /** Returns what JSON can hold, for {@link loadDetector}. */
  toJSON(): OutlierDetectorJson;
}
