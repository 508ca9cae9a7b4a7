import { BasinError } from "@basin/energy-core";

/** Training that went wrong beyond repair. */
export class DivergenceError extends BasinError {
  static override readonly basinName: string = "DivergenceError";
  /** The update at which it showed, from 1. */
  readonly update: number;

  constructor(message: string, update: number) {
    super(message);
    this.update = update;
  }
}

/** Looks at every update of a training for signs of divergence. */
export interface Watch<F, W> {
  /** Takes the figures of an update and returns a description of the problem, if there is one. */
  look(figures: F): string | undefined;
  /** Whether the training looks well: only then is it kept on the way. */
  readonly calm: boolean;
  /** Whether the watch has seen enough updates to judge. Only then can a state be a good one. */
  readonly settled: boolean;
  save(): W;
  restore(state: W): void;
  /** Returns to an earlier state. Usual values learned since then may stay. */
  goBack(state: W): void;
}

/**
 * Returns a watch that reports figures that are not finite or beyond ± `limit`.
 */
export function finiteWatch<F extends object>(limit = Number.MAX_VALUE): Watch<F, undefined> {
  return {
    look(figures) {
      for (const [name, value] of Object.entries(figures)) {
        if (typeof value !== "number" || Math.abs(value) <= limit) continue;
        return Number.isFinite(value) ? `${name} is ${value}, beyond ±${limit}` : `${name} is ${value}`;
      }
      return undefined;
    },
    calm: true,
    settled: true,
    save: () => undefined,
    restore() {},
    goBack() {},
  };
}
