import { BasinError, type Energy } from "@basin/energy-core";
import { type Rng, restoreRng } from "@basin/energy-core/random";
import type { Adaptation, BoundKernel, KernelState, StepInfo, TunedParameters } from "../kernel.ts";
import type { ChainPlan, ChainProgress, ChainSnapshot } from "./chain-plan.ts";
import type { ChainDraws, StateArray } from "./draws.ts";
import { assertSaneGradient } from "./gradient-sanity.ts";
import { initialOf, initialState } from "./initial.ts";
import type { Observer } from "./observer.ts";
import { RejectingEnergy, type Rejections } from "./rejections.ts";

/** An error inside a chain, with the chain and step where it arose in the message and what was thrown as `cause`. */
export class SamplingError extends BasinError {
  static override readonly basinName: string = "SamplingError";
}

/**
 * Number of draws after which the kernel state is rebuilt from the position, because cursors accumulate rounding. A
 * chain that is resumed at such a draw gives the same bits as one that was never stopped.
 */
const SEGMENT = 100;

interface Boundary<X> {
  readonly draws: number;
  readonly rng: readonly number[];
  readonly position: X;
  readonly memory: readonly number[] | undefined;
  readonly rejections: Rejections | undefined;
}

/** Returns the room that a chain keeps its draws in. */
export type Room<X extends StateArray> = (
  Type: new (length: number) => X,
  length: number,
  chain: number,
) => X;

/** Returns room for `count` chains, one after another in one array. */
export function roomFor<X extends StateArray>(count: number): Room<X> {
  let all: X | undefined;
  return (Type, length, chain) => {
    if (all?.length !== count * length) all = new Type(count * length);
    return all.subarray(chain * length, (chain + 1) * length) as X;
  };
}

/** One chain, advanced a few steps at a time. */
export class Chain<X extends StateArray, S extends KernelState<X>, I extends StepInfo> {
  readonly #rejecting: RejectingEnergy<X>;
  readonly #index: number;
  readonly #plan: ChainPlan<X>;
  readonly #room: Room<X>;
  /** Draws to be made as yet. */
  #draws: number;
  #rng: Rng;
  readonly #bound: BoundKernel<X, S, I>;
  readonly #observers: Record<string, Observer<X, unknown>>;
  readonly #dimension: number;
  #positions: X;
  #state: S;
  #adaptation: Adaptation<S, I> | undefined;
  #tuned: TunedParameters = {};
  #stats: Record<string, Float64Array> | undefined;
  #boundary: Boundary<X> | undefined;
  #step = 0;
  #warmup = { divergences: 0, gradients: 0 };
  #divergences = 0;
  #acceptance = Number.NaN;

  constructor(
    energy: Energy<X>,
    bind: (energy: Energy<X>) => BoundKernel<X, S, I>,
    plan: ChainPlan<X>,
    rng: Rng,
    index: number,
    snapshot?: ChainSnapshot<X>,
    room: Room<X> = (Type, length) => new Type(length),
  ) {
    this.#rejecting = new RejectingEnergy(energy);
    this.#index = index;
    this.#plan = plan;
    this.#draws = snapshot === undefined ? plan.draws : Math.max(plan.draws, snapshot.draws);
    this.#room = room;
    this.#rng = rng;
    this.#bound = bind(this.#rejecting.energy);
    this.#observers = Object.fromEntries(
      Object.entries(plan.observers).map(([name, make]) => [name, make()]),
    );
    this.#state = this.#guard(() =>
      snapshot === undefined
        ? initialState(
            energy,
            this.#bound,
            initialOf(energy, plan.initial, plan.inverseTemperature),
            rng,
            index,
          )
        : this.#bound.init(snapshot.position, snapshot.memory),
    );
    this.#rejecting.on = true;
    const { position } = this.#state;
    this.#dimension = position.length;
    this.#positions = this.#roomFor(position);
    if (snapshot !== undefined) this.#resume(snapshot);
    else if (plan.warmup > 0) {
      this.#adaptation = this.#guard(() =>
        this.#bound.warmup?.(plan.warmup, this.#state, rng, plan.inverseTemperature),
      );
    }
  }

  #roomFor(position: X): X {
    const Type = position.constructor as new (length: number) => X;
    return this.#room(Type, this.#plan.keep ? this.#draws * this.#dimension : 0, this.#index);
  }

  /** Goes on to so many draws, where they are not made yet. */
  extend(draws: number): void {
    if (draws <= this.#draws) return;
    this.#draws = draws;
    const before = this.#positions;
    this.#positions = this.#roomFor(before);
    this.#positions.set(before);
    this.#stats = mapStats(this.#stats ?? {}, (values) => {
      const longer = new Float64Array(draws);
      longer.set(values);
      return longer;
    });
  }

  /** Draws made. */
  get made(): number {
    return Math.max(0, Math.floor((this.#step - this.#plan.warmup) / this.#plan.thin));
  }

  #resume(snapshot: ChainSnapshot<X>): void {
    const { draws, rng, position, memory, tuned, warmup, positions, stats } = snapshot;
    this.#bound.restore?.(tuned);
    this.#rng = restoreRng(rng);
    this.#step = this.#plan.warmup + draws * this.#plan.thin;
    this.#tuned = tuned;
    this.#warmup = { ...warmup };
    if (snapshot.rejections !== undefined) this.#rejecting.resume(snapshot.rejections);
    this.#positions.set(positions);
    this.#boundary = { draws, rng, position, memory, rejections: snapshot.rejections };
    this.#stats = mapStats(stats, (values) => {
      const column = new Float64Array(this.#draws);
      column.set(values);
      return column;
    });
    for (const diverged of stats.diverged ?? []) this.#divergences += diverged;
  }

  /** Returns the chain as it stood at its last multiple of {@link SEGMENT} draws, or undefined before the first. */
  snapshot(): ChainSnapshot<X> | undefined {
    if (this.#boundary === undefined) return undefined;
    const { draws } = this.#boundary;
    return {
      ...this.#boundary,
      tuned: this.#tuned,
      warmup: this.#warmup,
      rejections: this.#boundary.rejections,
      positions: this.#positions.slice(0, this.#plan.keep ? draws * this.#dimension : 0) as X,
      stats: mapStats(this.#stats ?? {}, (values) => values.slice(0, draws)),
    };
  }

  get steps(): number {
    return this.#plan.warmup + this.#draws * this.#plan.thin;
  }

  get done(): boolean {
    return this.#step >= this.steps;
  }

  get progress(): ChainProgress {
    return {
      chain: this.#index,
      phase: this.done ? "done" : this.#step < this.#plan.warmup ? "warmup" : "draws",
      step: this.#step,
      steps: this.steps,
      acceptanceProbability: this.#acceptance,
      divergences: this.#divergences,
    };
  }

  /** Throws when the kernel follows a gradient that is not the energy's. */
  checkGradient(): void {
    const { position } = this.#state;
    const { energy } = this.#rejecting;
    if (energy.can.gradient !== undefined && "gradient" in this.#state) {
      this.#guard(() => assertSaneGradient(energy, position));
    }
  }

  /** Makes up to `count` kernel steps. @throws {SamplingError} when the energy throws or breaks its contract. */
  advance(count: number): void {
    this.#guard(() => {
      const stop = Math.min(this.#step + count, this.steps);
      while (this.#step < stop) this.#advanceOne();
    });
  }

  #advanceOne(): void {
    const { warmup, thin, inverseTemperature } = this.#plan;
    const { count } = this.#rejecting.rejections;
    const info = this.#bound.step(this.#rng, this.#state, inverseTemperature);
    // A running mean over about 50 steps: one step says little.
    const last = Number.isNaN(this.#acceptance) ? info.acceptanceProbability : this.#acceptance;
    this.#acceptance = 0.98 * last + 0.02 * info.acceptanceProbability;
    this.#step++;
    if (this.#step <= warmup) {
      if (info.diverged) this.#warmup.divergences++;
      this.#warmup.gradients += (info as { gradients?: number }).gradients ?? 0;
      this.#adaptation?.update(this.#state, info);
      if (this.#step === warmup) this.#tuned = this.#adaptation?.finish() ?? {};
      return;
    }
    if (info.diverged) this.#divergences++;
    const since = this.#step - warmup;
    if (since % thin !== 0) return;
    this.#record(since / thin - 1, info, this.#rejecting.rejections.count - count);
  }

  #record(draw: number, info: I, rejected: number): void {
    const { position, energy } = this.#state;
    if (this.#plan.onDraw !== undefined) {
      const copy = position.slice() as X;
      this.#plan.onDraw({ chain: this.#index, draw, position: copy, energy, info: { ...info } });
    } else this.#keep(draw, info, rejected);
    for (const observer of Object.values(this.#observers)) observer.observe(position, energy);
    // With \`until\` nobody knows which draw is the last: a look changes nothing.
    const last = draw + 1 === this.#plan.draws && this.#plan.until === undefined;
    if ((draw + 1) % SEGMENT === 0 || last) this.#closeSegment(draw + 1);
  }

  #keep(draw: number, info: I, rejected: number): void {
    const { position, energy } = this.#state;
    if (this.#plan.keep) this.#positions.set(position, draw * this.#dimension);
    this.#stats ??= emptyStats(info, this.#draws);
    this.#stats.energy[draw] = energy;
    for (const [name, value] of Object.entries(info)) this.#stats[name][draw] = Number(value);
    if (rejected === 0) return;
    this.#stats.rejections ??= new Float64Array(this.#draws);
    this.#stats.rejections[draw] = rejected;
  }

  #closeSegment(draws: number): void {
    const position = this.#state.position.slice() as X;
    const memory = this.#bound.memory?.(this.#state);
    // The position is inside the support. An exception here is no rejection: the energy has changed.
    this.#rejecting.on = false;
    this.#state = this.#bound.init(position, memory);
    this.#rejecting.on = true;
    const { rejections } = this.#rejecting;
    this.#boundary = { draws, rng: this.#rng.save(), position, memory, rejections };
  }

  /** Returns the first `draws` of the draws made. */
  result(draws: number): ChainDraws<X> {
    const observed = Object.entries(this.#observers).map(([name, observer]) => [name, observer.result()]);
    const { rejections } = this.#rejecting;
    const none = rejections.count === 0 && rejections.nan === undefined;
    return {
      positions: this.#positions.subarray(0, draws * this.#dimension) as X,
      stats: mapStats(this.#stats ?? {}, (values) => values.subarray(0, draws)),
      tuned: this.#tuned,
      warmup: this.#warmup,
      ...(none ? {} : { rejections }),
      observed: Object.fromEntries(observed),
    };
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const phase = this.#step < this.#plan.warmup ? "warm-up step" : "step";
      const message = error instanceof Error ? error.message : String(error);
      throw new SamplingError(`chain ${this.#index}, ${phase} ${this.#step}: ${message}`, { cause: error });
    }
  }
}

type Stats = Readonly<Record<string, Float64Array>>;

function mapStats(
  stats: Stats,
  change: (values: Float64Array) => Float64Array,
): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(stats).map(([name, values]) => [name, change(values)]));
}

function emptyStats(info: StepInfo, draws: number): Record<string, Float64Array> {
  const names = ["energy", ...Object.keys(info)];
  return Object.fromEntries(names.map((name) => [name, new Float64Array(draws)]));
}
