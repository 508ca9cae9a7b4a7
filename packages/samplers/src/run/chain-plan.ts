import type { StepInfo, TunedParameters } from "../kernel.ts";
import type { StateArray } from "./draws.ts";
import type { ChainStart } from "./initial.ts";
import type { Observer } from "./observer.ts";
import type { Rejections } from "./rejections.ts";
import type { Until } from "./until.ts";

/** What a chain has to do. */
export interface ChainPlan<X extends StateArray> {
  readonly warmup: number;
  /** Draws a chain; with `until`, those at the first look. */
  readonly draws: number;
  readonly thin: number;
  readonly inverseTemperature: number;
  readonly keep: boolean;
  /** When the run is good enough; absent where the draws are all there are. */
  readonly until?: Until;
  readonly initial?: ChainStart<X>;
  readonly observers: Readonly<Record<string, () => Observer<X, unknown>>>;
  /** Receives every draw. Given, no statistics are kept either. */
  readonly onDraw?: (draw: StreamedDraw<X, StepInfo>) => void;
}

/** One draw, with copies of everything that belongs to it. */
export interface StreamedDraw<X extends StateArray = Float64Array, I extends StepInfo = StepInfo> {
  readonly chain: number;
  /** Number of the draw in its chain, from 0. */
  readonly draw: number;
  readonly position: X;
  /** E(position). */
  readonly energy: number;
  /** What the step that led here did. */
  readonly info: I;
}

/** How far a chain has come. */
export interface ChainProgress {
  readonly chain: number;
  readonly phase: "warmup" | "draws" | "done";
  /** Kernel steps made, and to be made in all. */
  readonly step: number;
  readonly steps: number;
  /** A running mean over the last 50 steps or so. */
  readonly acceptanceProbability: number;
  /** Steps after warm-up that diverged. */
  readonly divergences: number;
}

/** All that a chain needs to go on with the same bits, taken at a multiple of 100 draws. */
export interface ChainSnapshot<X extends StateArray = StateArray> {
  /** Draws made. */
  readonly draws: number;
  readonly rng: readonly number[];
  readonly position: X;
  readonly memory: readonly number[] | undefined;
  readonly tuned: TunedParameters;
  readonly warmup: { readonly divergences: number; readonly gradients: number };
  readonly rejections?: Rejections;
  /** The draws and statistics so far. */
  readonly positions: X;
  readonly stats: Readonly<Record<string, Float64Array>>;
}
