import { expect } from "vitest";
import { gTest } from "./statistics.ts";

/** Walkers of `@basin/samplers`, as far as the checks look: this package stands below that one. */
export interface WalkersLike<X> {
  readonly count: number;
  readonly group: number;
  readonly can: { readonly follow?: (betas: Float64Array, from: number, to: number) => void };
  start(streams: (group: number) => never, initial?: (rng: never, walker: number) => X): void;
  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void;
  energies(out: Float64Array, group?: number): Float64Array;
  read(walker: number): X;
  write(walker: number, state: X): void;
  exchange(a: number, b: number, chosen?: Uint8Array): void;
  save(): { readonly bytes: readonly Uint8Array[]; readonly numbers: readonly number[] };
  restore(saved: ReturnType<WalkersLike<X>["save"]>): void;
  dispose(): void;
}

/** A row of the table of kernels that {@link walkerChecks} go through. */
export interface WalkerCase<X> {
  readonly name: string;
  /** Returns walkers at their start, and streams by which `start` gives them the very same. */
  make(groups: number, seed: number): Promise<{ walkers: WalkersLike<X>; streams: (group: number) => never }>;
  energy(state: X): number;
  /** Returns some state, another for another number. */
  state(number: number): X;
  /** β that the kernel is right at; two of them. */
  readonly inverseTemperatures: readonly [number, number];
  /** Draws for the test of the law, each from a new start; absent where the states are too many to count. */
  readonly law?: {
    readonly states: readonly X[];
    /** Steps from the start to the draw. */
    readonly steps: number;
    readonly draws: number;
    /** Unnormalized, at some β. Default exp(−βE). */
    readonly weight?: (state: X, inverseTemperature: number) => number;
    /** Walkers of a group that owe nothing to each other. Default all. */
    readonly independent?: number;
  };
}

type Check = <X>(kernel: WalkerCase<X>) => Promise<void>;

const statesOf = <X>(walkers: WalkersLike<X>): X[] =>
  Array.from({ length: walkers.count }, (_, w) => walkers.read(w));
const energiesOf = <X>(walkers: WalkersLike<X>): number[] => [
  ...walkers.energies(new Float64Array(walkers.count)),
];

/** What any walkers must do, by name. Each throws where they do not. */
export const walkerChecks: Readonly<Record<string, Check>> = {
  "come in whole groups, and report the energies of what they read": async (kernel) => {
    const { walkers } = await kernel.make(3, 1);
    expect(walkers.count).toBe(3 * walkers.group);
    walkers.step(3, kernel.inverseTemperatures[0]);
    const exact = statesOf(walkers).map((state) => kernel.energy(state));
    for (const [w, energy] of energiesOf(walkers).entries()) expect(energy).toBeCloseTo(exact[w], 9);
  },

  "write what they read, and nothing beside": async (kernel) => {
    const { walkers } = await kernel.make(2, 2);
    const before = statesOf(walkers);
    const chosen = [0, walkers.count - 1];
    for (const w of chosen) {
      walkers.write(w, kernel.state(w + 1));
      before[w] = kernel.state(w + 1);
    }
    expect(statesOf(walkers)).toEqual(before);
    const copy = walkers.read(0);
    walkers.step(5, kernel.inverseTemperatures[0]);
    const energies = energiesOf(walkers);
    for (const w of chosen) expect(energies[w]).toBeCloseTo(kernel.energy(walkers.read(w)), 9);
    expect(copy).toEqual(before[0]);
  },

  "step each group at its own β, alone or with the others": async (kernel) => {
    const [{ walkers: all }, { walkers: apart }, { walkers: alike }] = await Promise.all(
      [3, 3, 3].map((seed) => kernel.make(2, seed)),
    );
    const betas = kernel.inverseTemperatures;
    const first = <X>(walkers: WalkersLike<X>) => statesOf(walkers).slice(0, walkers.group);
    for (let round = 0; round < 20; round++) {
      all.step(2, betas);
      for (const [group, beta] of betas.entries()) apart.step(2, beta, group);
      alike.step(2, betas[0]);
      expect(statesOf(apart)).toEqual(statesOf(all));
      // Later on groups may draw from one generator, as much as their β let them.
      if (round === 0) expect(first(alike)).toEqual(first(all));
    }
  },

  "follow a schedule in pieces as in one": async (kernel) => {
    const [{ walkers: whole }, { walkers: pieces }] = [await kernel.make(1, 4), await kernel.make(1, 4)];
    if (whole.can.follow === undefined) return;
    const betas = Float64Array.from({ length: 300 }, (_, k) => 0.1 + k / 300);
    whole.can.follow(betas, 0, 300);
    for (const [from, to] of [
      [0, 1],
      [1, 70],
      [70, 299],
      [299, 300],
    ])
      pieces.can.follow?.(betas, from, to);
    expect(statesOf(pieces)).toEqual(statesOf(whole));
  },

  "exchange whole groups, and the walkers of a mask": async (kernel) => {
    const { walkers } = await kernel.make(3, 5);
    walkers.step(2, kernel.inverseTemperatures[0]);
    const { group } = walkers;
    const [states, energies] = [statesOf(walkers), energiesOf(walkers)];
    walkers.exchange(0, 2);
    const swapped = (w: number) => (w < group ? w + 2 * group : w >= 2 * group ? w - 2 * group : w);
    expect(statesOf(walkers)).toEqual(states.map((_, w) => states[swapped(w)]));
    for (const [w, energy] of energiesOf(walkers).entries())
      expect(energy).toBeCloseTo(energies[swapped(w)], 9);
    walkers.exchange(
      0,
      2,
      Uint8Array.from({ length: group }, (_, r) => r & 1),
    );
    const odd = (w: number) => (w % group) % 2 === 1;
    expect(statesOf(walkers)).toEqual(states.map((_, w) => states[odd(w) ? w : swapped(w)]));
  },

  "go on with the same bits from what was saved": async (kernel) => {
    const [{ walkers }, { walkers: other }] = [await kernel.make(2, 6), await kernel.make(2, 7)];
    walkers.step(5, kernel.inverseTemperatures);
    other.step(3, kernel.inverseTemperatures);
    other.restore(structuredClone(walkers.save()));
    for (const each of [walkers, other]) each.step(20, kernel.inverseTemperatures);
    expect(statesOf(other)).toEqual(statesOf(walkers));
    expect(energiesOf(other)).toEqual(energiesOf(walkers));
    const { walkers: more } = await kernel.make(3, 1);
    expect(() => more.restore(walkers.save())).toThrow(/saved state/);
  },

  "start anew with the bits of new ones, or where they are told to": async (kernel) => {
    const [{ walkers, streams }, { walkers: fresh }] = [await kernel.make(2, 8), await kernel.make(2, 8)];
    walkers.step(7, kernel.inverseTemperatures);
    walkers.start(streams);
    expect(statesOf(walkers)).toEqual(statesOf(fresh));
    for (const each of [walkers, fresh]) each.step(7, kernel.inverseTemperatures);
    expect(statesOf(walkers)).toEqual(statesOf(fresh));
    walkers.start(streams, (_, w) => kernel.state(w));
    expect(statesOf(walkers)).toEqual(Array.from({ length: walkers.count }, (_, w) => kernel.state(w)));
  },

  "are drawn from Boltzmann's law, and a test of it sees a temperature 30 % off": async (kernel) => {
    const { law, inverseTemperatures } = kernel;
    if (law === undefined) return;
    for (const [k, beta] of inverseTemperatures.entries()) {
      const counts = await drawn(kernel, law, beta, 100 * k);
      expect(gTest(counts, lawOf(kernel, law, beta)).pValue).toBeGreaterThan(1e-6);
      expect(gTest(counts, lawOf(kernel, law, 1.3 * beta)).pValue).toBeLessThan(1e-6);
    }
  },

  "let go of what they hold": async (kernel) => {
    const { walkers } = await kernel.make(1, 9);
    walkers.step(1, kernel.inverseTemperatures[0]);
    walkers.dispose();
  },
};

async function drawn<X>(
  kernel: WalkerCase<X>,
  law: NonNullable<WalkerCase<X>["law"]>,
  beta: number,
  seed: number,
): Promise<Float64Array> {
  const index = new Map(law.states.map((state, k) => [String(state), k]));
  const counts = new Float64Array(law.states.length);
  for (let got = 0, batch = 0; got < law.draws; batch++) {
    const { walkers } = await kernel.make(8, 1000 + seed + batch);
    const { group } = walkers;
    walkers.step(law.steps, beta);
    for (let w = 0; w < walkers.count; w++) {
      if (w % group >= (law.independent ?? group)) continue;
      counts[index.get(String(walkers.read(w))) as number]++;
      got++;
    }
  }
  return counts;
}

function lawOf<X>(
  kernel: WalkerCase<X>,
  { states, weight = (state, at) => Math.exp(-at * kernel.energy(state)) }: NonNullable<WalkerCase<X>["law"]>,
  beta: number,
): Float64Array {
  const weights = Float64Array.from(states, (state) => weight(state, beta));
  const total = weights.reduce((sum, own) => sum + own, 0);
  return weights.map((own) => own / total);
}
