import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import type { DescendOptions, Descent } from "../space.ts";

/** A recalled memory. */
export interface Recall<X> extends Descent<X> {
  /** How far it is from the cue, as its space measures: the Hamming distance for spins, Euclidean for reals. */
  readonly distance: number;
}

/** The capability of an energy that recalls by dynamics of its own, many cues at once where that is faster. */
export interface CanRecall<X, O extends object, R extends Descent<X>> {
  /** Returns where each cue leads to. */
  recall(cues: readonly X[], options?: O): readonly R[];
}

/**
 * Returns the memory that a cue reminds the energy of: the attractor that `cue` leads to, addressed by content (Hopfield 1982). Memories
 * are the local minima of the energy, which are descended to; an energy with the capability `recall` settles by its own dynamics.
 *
 * @example
 * ```ts
 * import { denseQuadratic, recall } from "@basin/energy-core";
 *
 * const memory = denseQuadratic([[0, 1, -1], [1, 0, -1], [-1, -1, 0]]);
 * const { state, distance } = recall(memory, Int8Array.of(1, 1, 1));
 * console.log(state, distance); // [1, 1, −1], 1
 * ```
 *
 * @throws {CapabilityError} when the energy has neither moves nor a gradient; {EnergyValueError} for NaN and −∞.
 */
export function recall<X, O extends object, R extends Descent<X>>(
  energy: Energy<X, CanRecall<X, O, R>>,
  cue: X,
  options?: NoInfer<O>,
): R & Recall<X>;
export function recall<X>(energy: Energy<X>, cue: X, options?: DescendOptions): Recall<X>;
export function recall<X>(energy: Energy<X, object>, cue: X, options?: object): Recall<X> {
  return settle("recall", energy, [cue], options)[0];
}

/**
 * Returns what {@link recall} gives for each of many cues with the same options, at once where the energy has a faster way to do that.
 *
 * @example
 * ```ts
 * import { denseQuadratic, recallAll } from "@basin/energy-core";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.log(recallAll(pair, [Int8Array.of(1, 1), Int8Array.of(-1, -1)]).map(({ steps }) => steps)); // 0, 0
 * ```
 *
 * @throws as {@link recall} does.
 */
export function recallAll<X, O extends object, R extends Descent<X>>(
  energy: Energy<X, CanRecall<X, O, R>>,
  cues: readonly X[],
  options?: NoInfer<O>,
): readonly (R & Recall<X>)[];
export function recallAll<X>(
  energy: Energy<X>,
  cues: readonly X[],
  options?: DescendOptions,
): readonly Recall<X>[];
export function recallAll<X>(
  energy: Energy<X, object>,
  cues: readonly X[],
  options?: object,
): readonly Recall<X>[] {
  return settle("recallAll", energy, cues, options);
}

function settle<X>(
  asker: string,
  energy: Energy<X, object>,
  cues: readonly X[],
  options: DescendOptions = {},
): readonly Recall<X>[] {
  // Options that are wrong are named before anything else that is.
  const own = (energy as Partial<typeof energy> | undefined)?.can as
    | Partial<CanRecall<X, object, Descent<X>>>
    | undefined;
  if (own?.recall === undefined)
    checkOptions(asker, options, "order seed gradientTolerance maxIterations memory");
  const { space } = energy;
  const found =
    own?.recall?.(cues, options) ?? cues.map((cue) => space.descend(energy, cue, options, "recall"));
  return found.map((end, k) => ({ ...end, distance: space.distance(end.state, cues[k]) }));
}
