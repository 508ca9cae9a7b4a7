import type { Cursor } from "@basin/energy-core";
import { createRng, exp, permutation, type Rng } from "@basin/energy-core/random";

/** How the neurons of a memory are updated. */
export const dynamicsNames = ["asynchronous", "synchronous", "stochastic"] as const;
export type Dynamics = (typeof dynamicsNames)[number];

/** In which order a sweep visits the neurons. */
export const orderNames = ["random", "fixed"] as const;
export type Order = (typeof orderNames)[number];

/** What a neuron does whose field is at its threshold. */
export const tieNames = ["up", "keep"] as const;
export type Ties = (typeof tieNames)[number];

/** What the sweeps of a recall are made with. */
export interface Settings {
  readonly dynamics: Dynamics;
  readonly order: Order;
  readonly seed: number;
  readonly maxSweeps: number;
  readonly temperature: number;
  /** The neurons that may change, ascending. */
  readonly free: Uint32Array;
  readonly known?: ArrayLike<number | boolean>;
  readonly trace: boolean;
  readonly ties: Ties;
}

/** A recall under way. */
export interface Walk {
  /** Returns a copy of the current state. */
  state(): Int8Array;
  /** Returns its energy. */
  energy(): number;
  sweep(): SweepResult;
}

/** What one sweep did. */
export interface SweepResult {
  readonly flips: number;
  readonly end?: "fixed point" | "cycle";
}

/** Returns the walk of a cursor. */
export function cursorWalk(cursor: Cursor<Int8Array>, settings: Settings): Walk {
  return {
    state: () => cursor.state.slice(),
    energy: () => cursor.energy,
    sweep: SWEEPS[settings.dynamics](cursor, settings, createRng(settings.seed)),
  };
}

type SweepFactory = (cursor: Cursor<Int8Array>, settings: Settings, rng: Rng) => () => SweepResult;

const SWEEPS: Record<Dynamics, SweepFactory> = {
  asynchronous: (cursor, settings, rng) => () => {
    let flips = 0;
    for (const i of visitingOrder(settings, rng)) {
      if (wantsFlip(cursor, i, settings.ties)) {
        cursor.apply(i);
        flips++;
      }
    }
    return { flips, end: flips === 0 ? "fixed point" : undefined };
  },
  synchronous: (cursor, { free, ties }) => {
    let before: Uint32Array | undefined;
    return () => {
      const turning = free.filter((i) => wantsFlip(cursor, i, ties));
      for (const i of turning) cursor.apply(i);
      if (turning.length === 0) return { flips: 0, end: "fixed point" };
      // The same neurons turning twice in a row lead back to the state of two sweeps ago.
      const back = before !== undefined && sameEntries(before, turning);
      before = turning;
      return { flips: turning.length, end: back ? "cycle" : undefined };
    };
  },
  stochastic: (cursor, settings, rng) => () => {
    let flips = 0;
    for (const i of visitingOrder(settings, rng)) {
      if (rng.bernoulli(1 / (1 + exp(cursor.delta(i) / settings.temperature)))) {
        cursor.apply(i);
        flips++;
      }
    }
    return { flips };
  },
};

/** Whether the threshold rule turns neuron i: to the lower energy, and at a tie to +1 or not at all. */
export function wantsFlip(cursor: Cursor<Int8Array>, i: number, ties: Ties = "up"): boolean {
  const delta = cursor.delta(i);
  return delta < 0 || (delta === 0 && ties === "up" && cursor.state[i] < 0);
}

function visitingOrder({ order, free }: Settings, rng: Rng): Uint32Array {
  if (order === "fixed") return free;
  return permutation(rng, free.length).map((k) => free[k]);
}

function sameEntries(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}
