import type { Energy } from "@basin/energy-core";
import { createRng, type Rng } from "@basin/energy-core/random";
import { pacer, type RunKeeper, type RunOptions } from "@basin/energy-core/run";
import type { TunedParameters } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import type { Initial } from "../run/initial.ts";
import { BATCH, inBatches } from "../walkers/batches.ts";
import type { WalkerKernel, WalkerMoves, Walkers, WalkersState } from "../walkers/walkers.ts";
import { Acceptance, tuneAt } from "./tuning.ts";

/** What annealed runs are to do, as `annealedImportance` says. */
export interface AnnealedPlan<X> {
  readonly seed: number;
  readonly inverseTemperatures: ArrayLike<number>;
  readonly chains: number;
  readonly initial?: (rng: Rng, run: number) => X;
  readonly final?: (rng: Rng, run: number) => X;
  readonly settle?: number;
}

/** What annealed runs go on from. */
export interface AnnealedState {
  readonly at: Place;
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly acceptance: ReturnType<Acceptance["save"]>;
  readonly walkers: WalkersState;
}

/** Where runs stand: after some steps of a batch's way, in a pass over all batches. */
interface Place {
  readonly pass: number;
  /** Number of the batch's first run. */
  readonly first: number;
  readonly done: number;
}

/** A way of some steps: up the schedule, on at its end, or down. */
type Leg = "up" | "stay" | "down";

/** Goes over all batches, each along some legs. */
interface Pass<X> {
  readonly legs: readonly Leg[];
  /** Offset of the streams of its groups. */
  readonly label: 0 | 1;
  readonly initial: Initial<X> | undefined;
}

/** Label of the stream of the pilot runs, beyond those of the measured ones. */
const PILOT = 2 ** 32;
/** Pilot runs: enough to show the spread of the law at each λ. */
const PILOTS = 32;
/** At how many λ they tune, at most. */
const TUNED_AT = 20;

/** What the kernel is tuned to, by step of the schedule. */
type Tuned = readonly (TunedParameters | undefined)[];

/** A batch under way. */
interface Batch<X> {
  readonly walkers: Walkers<X>;
  readonly add: WalkerMoves["addLogRatios"];
  readonly legs: readonly Leg[];
  /** Log weights so far, up and down: views. */
  readonly up: Float64Array;
  readonly down: Float64Array;
  adopted: TunedParameters | undefined;
}

/** Runs up a schedule and down it, batch by batch, with their log weights. */
export class AnnealedRuns<X extends StateArray, C extends object> {
  readonly acceptance: Acceptance;
  readonly #energy: Energy<X, C>;
  readonly #kernel: WalkerKernel<Energy<X, C>, X>;
  readonly #plan: AnnealedPlan<X>;
  readonly #count: number;
  readonly #root: Rng;
  readonly #passes: readonly Pass<X>[];
  /** Longer than there are runs: the last batch may hold more walkers. */
  readonly #up: Float64Array;
  readonly #down: Float64Array;
  #at: Place = { pass: 0, first: 0, done: 0 };
  #tuned: Tuned | undefined;

  constructor(energy: Energy<X, C>, kernel: WalkerKernel<Energy<X, C>, X>, plan: AnnealedPlan<X>) {
    const { initial, final, settle, chains, inverseTemperatures } = plan;
    this.#energy = energy;
    this.#kernel = kernel;
    this.#plan = plan;
    this.#root = createRng(plan.seed);
    this.#count = kernel.group * Math.ceil(chains / kernel.group);
    this.#passes =
      settle !== undefined
        ? [{ legs: ["up", "stay", "down"], label: 0, initial }]
        : [
            { legs: ["up"], label: 0, initial },
            ...(final === undefined ? [] : [{ legs: ["down"], label: 1, initial: final } as const]),
          ];
    this.#up = new Float64Array(this.#count + BATCH);
    this.#down = new Float64Array(this.#count + BATCH);
    this.acceptance = new Acceptance(inverseTemperatures.length - 1);
  }

  /** Log weights of the runs up. */
  get forward(): Float64Array {
    return this.#up.subarray(0, this.#count);
  }

  /** Log weights of the runs down; empty without them. */
  get reverse(): Float64Array {
    const any = this.#passes.some(({ legs }) => legs.includes("down"));
    return this.#down.subarray(0, any ? this.#count : 0);
  }

  /** Goes on to the end. */
  async run(options: RunOptions, keeper: RunKeeper<AnnealedState>): Promise<void> {
    let { found } = keeper;
    if (found !== undefined) this.#restore(found);
    let batch: Batch<X> | undefined;
    const state = () => this.#save(batch as Batch<X>);
    const pace = pacer(options, { keeper, state });
    for (let pass = this.#at.pass; pass < this.#passes.length; pass++) {
      const { legs, label, initial } = this.#passes[pass];
      const streams = (group: number) => this.#root.split(2 * group + label);
      const from = found === undefined ? 0 : this.#at.first;
      const options = { count: this.#count, streams, initial, from };
      await inBatches(this.#energy, this.#kernel, options, async (walkers, first) => {
        if (found !== undefined) walkers.restore(found.walkers);
        else this.#at = { pass, first, done: 0 };
        found = undefined;
        if (walkers.can.tune !== undefined) this.#tuned ??= await this.#tuneAlong();
        batch = this.#batch(walkers, legs, first);
        const { count } = walkers;
        while (this.#at.done < this.#lengthOf(legs) && this.#advance(batch)) {
          this.#at = { pass, first, done: this.#at.done + 1 };
          if (pace.due) await pace.breathe(() => this.#progress(count));
        }
        if (keeper.isKept && first + count >= this.#count) await keeper.save(state());
      });
    }
  }

  #batch(walkers: Walkers<X>, legs: readonly Leg[], first: number): Batch<X> {
    const own = (all: Float64Array) => all.subarray(first, first + walkers.count);
    const add = walkers.can.addLogRatios ?? fromEnergies(walkers);
    return { walkers, add, legs, up: own(this.#up), down: own(this.#down), adopted: undefined };
  }

  /** Makes the next step of a batch. Returns whether any of its runs counts. */
  #advance(batch: Batch<X>): boolean {
    const { walkers, add, legs, up, down } = batch;
    const { inverseTemperatures } = this.#plan;
    const top = inverseTemperatures.length - 1;
    let n = this.#at.done;
    const leg = legs.find((each) => {
      const length = this.#lengthOf([each]);
      if (n < length) return true;
      n -= length;
      return false;
    });
    if (leg === "up") {
      if (!climb(walkers, add, up, inverseTemperatures, n + 1, () => this.#adopt(batch, n + 1))) return false;
      this.acceptance.add(walkers, n, 0, walkers.count);
      return true;
    }
    const k = leg === "down" ? top - n : top;
    this.#adopt(batch, k);
    walkers.step(1, inverseTemperatures[k]);
    if (leg === "down") add(down, inverseTemperatures[k], inverseTemperatures[k - 1]);
    return true;
  }

  #adopt(batch: Batch<X>, k: number): void {
    const next = this.#tuned?.[k];
    if (next === undefined || next === batch.adopted) return;
    batch.walkers.can.adopt?.(next);
    batch.adopted = next;
  }

  /**
   * Takes pilot runs up the schedule and returns what the kernel is tuned to at each of its steps: that of the nearest
   * tuned one.
   */
  async #tuneAlong(): Promise<Tuned> {
    const { inverseTemperatures, chains, initial } = this.#plan;
    const rng = this.#root.split(PILOT);
    const streams = (group: number) => rng.split(group + 1);
    const pilots = await this.#kernel.walkers(this.#energy, {
      ...{ groups: Math.min(chains, PILOTS), streams, initial },
    });
    const last = inverseTemperatures.length - 1;
    const stops = Math.min(last, TUNED_AT);
    const places = Array.from({ length: stops }, (_, i) =>
      stops === 1 ? last : 1 + Math.round((i * (last - 1)) / (stops - 1)),
    );
    const found = new Map<number, TunedParameters | undefined>();
    const [weights, add] = [new Float64Array(pilots.count), pilots.can.addLogRatios ?? fromEnergies(pilots)];
    const own = rng.split(0);
    for (let k = 1; k <= last && climb(pilots, add, weights, inverseTemperatures, k); k++)
      if (places.includes(k)) found.set(k, tuneAt(pilots, inverseTemperatures[k], own.split(k)));
    pilots.dispose();
    const nearest = (k: number) => places.reduce((a, b) => (Math.abs(b - k) < Math.abs(a - k) ? b : a));
    return Array.from(inverseTemperatures, (_, k) => found.get(nearest(k)));
  }

  #lengthOf(legs: readonly Leg[]): number {
    const { inverseTemperatures, settle = 0 } = this.#plan;
    return legs.reduce((sum, leg) => sum + (leg === "stay" ? settle : inverseTemperatures.length - 1), 0);
  }

  #progress(count: number): { done: number; total: number } {
    const { pass, first, done } = this.#at;
    const lengths = this.#passes.map(({ legs }) => this.#lengthOf(legs) * this.#count);
    const sum = (parts: readonly number[]) => parts.reduce((all, part) => all + part, 0);
    const here = first * this.#lengthOf(this.#passes[pass].legs) + count * done;
    return { done: Math.min(sum(lengths), sum(lengths.slice(0, pass)) + here), total: sum(lengths) };
  }

  #save({ walkers }: Batch<X>): AnnealedState {
    return {
      at: this.#at,
      up: this.#up.slice(),
      down: this.#down.slice(),
      acceptance: this.acceptance.save(),
      walkers: walkers.save(),
    };
  }

  #restore({ at, up, down, acceptance }: AnnealedState): void {
    this.#at = at;
    this.#up.set(up);
    this.#down.set(down);
    this.acceptance.restore(acceptance);
  }
}

/** Goes from λ number k − 1 to number k of a schedule. Returns whether any walker is inside the support. */
function climb<X>(
  walkers: Walkers<X>,
  add: WalkerMoves["addLogRatios"],
  weights: Float64Array,
  betas: ArrayLike<number>,
  k: number,
  adopt?: () => void,
): boolean {
  add(weights, betas[k - 1], betas[k]);
  if (!revive(walkers, weights)) return false;
  adopt?.();
  walkers.step(1, betas[k]);
  return true;
}

/** Log ratios of the laws exp(−λE). */
function fromEnergies<X>(walkers: Walkers<X>): WalkerMoves["addLogRatios"] {
  const energies = new Float64Array(walkers.count);
  return (out, from, to) => {
    // Where nothing changes an infinite energy counts for nothing.
    if (from === to) return;
    walkers.energies(energies);
    for (let w = 0; w < out.length; w++) out[w] -= (to - from) * energies[w];
  };
}

/**
 * Lets walkers outside the support, which count for nothing, go on as copies of one inside: kernels have no move from
 * where the energy is infinite. Returns whether any is inside.
 */
function revive<X>(walkers: Walkers<X>, weights: Float64Array): boolean {
  const inside = weights.findIndex((weight) => weight > -Infinity);
  if (inside < 0) return false;
  for (let w = 0; w < weights.length; w++)
    if (weights[w] === -Infinity) walkers.write(w, walkers.read(inside));
  return true;
}
