import { ArgumentError, type Can, type Energy } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { type Rng, restoreRng } from "@basin/energy-core/random";
import type {
  Adaptation,
  BoundKernel,
  Kernel,
  KernelState,
  MoveKernel,
  StepInfo,
  TunedParameters,
} from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { assertSaneGradient } from "../run/gradient-sanity.ts";
import { type Initial, initialState } from "../run/initial.ts";
import {
  groupTemperature,
  type Streams,
  type WalkerKernel,
  type WalkerMoves,
  type WalkerOptions,
  type Walkers,
  type WalkersState,
} from "./walkers.ts";

/** What walkers of a {@link lift}ed kernel can do besides moving. */
export type LiftedMoves = Pick<WalkerMoves, "info" | "checkGradient"> &
  Partial<Pick<WalkerMoves, "warmup" | "settle" | "tune" | "adopt">>;

/** A lifted kernel: its walkers are there at once. */
export interface LiftedKernel<E, X> extends WalkerKernel<E, X, Walkers<X, LiftedMoves>> {
  walkers(energy: E, options: WalkerOptions<X>): Walkers<X, LiftedMoves>;
}

/** A lifted kernel over discrete states of any kind. */
export interface LiftedMoveKernel {
  readonly name: string;
  readonly group: 1;
  walkers<X extends StateArray>(
    energy: Energy<X, Can<X, "moves">>,
    options: WalkerOptions<X>,
  ): Walkers<X, LiftedMoves>;
}

/**
 * Returns a kernel of walkers from a kernel that moves one state. Each walker is a separate group, and walker w draws
 * its start and its steps from stream w. If the kernel adapts, the walkers have `warmup` and `settle`, which adapt each
 * separately, and `tune` and `adopt`, which adapt all equally.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { createRng } from "@basin/energy-core/random";
 * import { heatBath, lift } from "@basin/samplers";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * const walkers = await lift(heatBath()).walkers(pair, { groups: 4, streams: (group) => createRng(1).split(group) });
 * walkers.step(10, [0.1, 0.5, 1, 2]);
 * console.log(walkers.energies(new Float64Array(4)));
 * ```
 */
export function lift(kernel: MoveKernel): LiftedMoveKernel;
export function lift<
  E extends Energy<X, object>,
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
>(kernel: Kernel<E, X, S, I>): LiftedKernel<E, X>;
export function lift<
  E extends Energy<X, object>,
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
>(kernel: Kernel<E, X, S, I>): LiftedKernel<E, X> {
  return {
    name: kernel.name,
    group: 1,
    walkers(energy, options) {
      checkOptions("walkers", options, "groups streams initial");
      const { groups = 1, streams, initial } = options;
      const bounds = Array.from({ length: groups }, () => kernel.bind(energy));
      const lifted = new Lifted(energy, bounds);
      lifted.start(streams, initial);
      return lifted;
    },
  };
}

class Lifted<X extends StateArray, S extends KernelState<X>, I extends StepInfo>
  implements Walkers<X, LiftedMoves>
{
  readonly count: number;
  readonly group = 1;
  readonly can: LiftedMoves;
  readonly #energy: Energy<X, object>;
  readonly #bounds: readonly BoundKernel<X, S, I>[];
  #states: S[] = [];
  #rngs: Rng[] = [];
  readonly #infos: StepInfo[];
  readonly #tuned: (TunedParameters | undefined)[];
  /** Of the warm-up under way. */
  #adaptations: (Adaptation<S, I> | undefined)[] = [];

  constructor(energy: Energy<X, object>, bounds: readonly BoundKernel<X, S, I>[]) {
    this.count = bounds.length;
    this.#energy = energy;
    this.#bounds = bounds;
    this.#infos = bounds.map(() => ({ acceptanceProbability: 1, diverged: false }));
    this.#tuned = bounds.map(() => undefined);
    const always = {
      info: (walker: number) => this.#infos[walker],
      checkGradient: () => this.#checkGradient(),
    };
    this.can =
      bounds[0]?.warmup === undefined
        ? always
        : {
            ...always,
            warmup: (steps, betas) => this.#warmup(steps, betas),
            settle: () => this.#settle(),
            tune: (steps, beta, rng) => this.#tune(steps, beta, rng),
            adopt: (tuned) => this.#adopt(tuned),
          };
  }

  start(streams: Streams, initial?: Initial<X>): void {
    this.#rngs = this.#bounds.map((_, w) => streams(w));
    this.#states = this.#bounds.map((bound, w) =>
      initialState(this.#energy, bound, initial, this.#rngs[w], w),
    );
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    const [from, to] = group === undefined ? [0, this.count] : [group, group + 1];
    for (let w = from; w < to; w++) {
      const beta = groupTemperature(inverseTemperatures, w);
      const [bound, rng, state] = [this.#bounds[w], this.#rngs[w], this.#states[w]];
      const adaptation = this.#adaptations[w];
      for (let k = 0; k < steps; k++) {
        const info = bound.step(rng, state, beta);
        adaptation?.update(state, info);
        this.#infos[w] = info;
      }
    }
  }

  #warmup(steps: number, inverseTemperatures: number | ArrayLike<number>): void {
    this.#settle();
    this.#adaptations = this.#bounds.map((bound, w) => {
      const beta = groupTemperature(inverseTemperatures, w);
      return beta === 0 ? undefined : bound.warmup?.(steps, this.#states[w], this.#rngs[w], beta);
    });
  }

  #settle(): void {
    for (const [w, adaptation] of this.#adaptations.entries())
      this.#tuned[w] = adaptation?.finish() ?? this.#tuned[w];
    this.#adaptations = [];
  }

  /** The first kernel learns for all: from walkers drawn at random, so that it sees the spread of the population. */
  #tune(steps: number, inverseTemperature: number, rng: Rng): TunedParameters {
    const [bound] = this.#bounds;
    const copy = () => {
      const state = this.#states[rng.index(this.count)];
      return bound.init(state.position, bound.memory?.(state));
    };
    const adaptation = bound.warmup?.(steps, copy(), rng, inverseTemperature);
    for (let k = 0; k < steps; k++) {
      const state = copy();
      adaptation?.update(state, bound.step(rng, state, inverseTemperature));
    }
    const tuned = adaptation?.finish() ?? {};
    this.#adopt(tuned);
    return tuned;
  }

  #adopt(tuned: TunedParameters): void {
    for (let w = 0; w < this.count; w++) this.#restoreTuned(w, tuned);
  }

  #restoreTuned(walker: number, tuned: TunedParameters): void {
    this.#tuned[walker] = tuned;
    if (Object.keys(tuned).length > 0) this.#bounds[walker].restore?.(tuned);
  }

  energies(out: Float64Array, group?: number): Float64Array {
    if (group !== undefined) out[group] = this.#states[group].energy;
    else for (let w = 0; w < this.count; w++) out[w] = this.#states[w].energy;
    return out;
  }

  read(walker: number, out?: X): X {
    const { position } = this.#states[walker];
    if (out === undefined) return position.slice() as X;
    out.set(position);
    return out;
  }

  write(walker: number, state: X): void {
    this.#states[walker] = this.#bounds[walker].init(state);
  }

  exchange(a: number, b: number, chosen?: Uint8Array): void {
    if (chosen?.[0] === 0) return;
    const states = this.#states;
    [states[a], states[b]] = [states[b], states[a]];
  }

  /**
   * The states begin afresh from their positions, here and where they are restored: what has been accumulated would
   * differ by rounding.
   */
  save(): WalkersState {
    if (this.#adaptations.length > 0) throw new ArgumentError("walkers cannot be saved within a warm-up");
    const distinct = [...new Set(this.#rngs)];
    const memories = this.#states.map((state, w) => this.#bounds[w].memory?.(state) ?? []);
    this.#states = this.#states.map(({ position }, w) => this.#bounds[w].init(position, memories[w]));
    return {
      bytes: this.#states.map(({ position }) =>
        new Uint8Array(position.buffer, position.byteOffset, position.byteLength).slice(),
      ),
      numbers: [
        ...this.#rngs.map((rng) => distinct.indexOf(rng)),
        ...distinct.flatMap((rng) => rng.save()),
        ...memories.flatMap((memory) => [memory.length, ...memory]),
      ],
      ...(this.#tuned.every((own) => own === undefined) ? {} : { tuned: [...this.#tuned] }),
    };
  }

  restore({ bytes, numbers, tuned = [] }: WalkersState): void {
    if (
      bytes.length !== this.count ||
      bytes.some((own, w) => own.length !== this.#states[w].position.byteLength)
    )
      throw new ArgumentError("the saved state is of other walkers");
    for (const [w, own] of tuned.entries()) if (own !== undefined) this.#restoreTuned(w, own);
    const rest = [...numbers];
    const which = rest.splice(0, this.count);
    const distinct = Array.from({ length: Math.max(...which) + 1 }, () => restoreRng(rest.splice(0, 6)));
    this.#rngs = which.map((k) => distinct[k]);
    this.#states = bytes.map((own, w) => {
      const position = this.read(w);
      new Uint8Array(position.buffer, position.byteOffset, position.byteLength).set(own);
      const memory = rest.splice(0, rest.splice(0, 1)[0]);
      return this.#bounds[w].init(position, memory.length === 0 ? undefined : memory);
    });
  }

  #checkGradient(): void {
    const [state] = this.#states;
    if ("gradient" in state && "gradient" in this.#energy.can)
      assertSaneGradient(this.#energy, state.position);
  }

  dispose(): void {}
}
