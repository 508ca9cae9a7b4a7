import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import type { DescendOptions, Descent } from "../space.ts";

/** A recalled memory. */
export interface Recall<X> extends Descent<X> {
  /** Distance from the cue in its space: the Hamming distance for spins, Euclidean for reals. */
  readonly distance: number;
}

/** The capability of an energy with its own recall dynamics, which may take many cues at once. */
export interface CanRecall<X, O extends object, R extends Descent<X>> {
  /** Returns where each cue leads to. */
  recall(cues: readonly X[], options?: O): readonly R[];
}

/**
 * Returns the attractor that `cue` leads to: a memory addressed by its content (Hopfield 1982). Memories are the local
 * minima of the energy, found by descent. An energy with the capability `recall` uses its own dynamics.
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
 * Returns the result of {@link recall} for each of many cues with the same options. Energies with a faster way take all
 * cues at once.
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
