import { exp, type Rng, type RngState, restoreRng } from "@basin/energy-core/random";
import type { WalkerMoves, Walkers, WalkersState } from "../walkers/walkers.ts";

/** What a {@link Ladder} does in a round. */
export interface LadderOptions {
  /** β of the levels, from hot to cold: one for each group of walkers. */
  inverseTemperatures: ArrayLike<number>;
  /** What decides about exchanges, and draws what clusters need. */
  rng: Rng;
  /** Kernel steps between two exchanges. Default 1. */
  steps?: number;
  /**
   * Rounds between cluster moves, at the colder half of the levels, if the walkers have them. Default 4; 0 for none.
   */
  clustersEvery?: number;
}

/** All that the next round of a {@link Ladder} depends on; structured cloning takes it. */
export interface LadderState {
  readonly walkers: WalkersState;
  readonly rng: RngState;
  readonly rounds: number;
  /** The numbers of the ladder: β, energies, journeys, refusals, offers, travelers and their directions. */
  readonly numbers: readonly Float64Array[];
}

/**
 * Walkers at several temperatures with exchanges (Geyer 1991; Hukushima & Nemoto 1996). Level k holds group k, so the
 * number of parallel ladders is the number of walkers in a group: walker r of a level exchanges with walker r of the
 * next.
 */
export class Ladder<X> {
  readonly walkers: Walkers<X>;
  /** β of the levels, live. */
  readonly inverseTemperatures: Float64Array;
  /** E of every walker, as it was after the last round. */
  readonly energies: Float64Array;
  /** Journeys from the first level to the last and back, for each of the ladders. */
  readonly roundTrips: Float64Array;
  #rng: Rng;
  readonly #steps: number;
  readonly #clustersEvery: number;
  readonly #parts: readonly (number | undefined)[];
  readonly #chosen: Uint8Array;
  /** Of walkers whose law is no power of one; by walker. */
  readonly #ratios: { readonly values: Float64Array; readonly add: WalkerMoves["addLogRatios"] } | undefined;
  readonly #refused: Float64Array;
  readonly #offers: Float64Array;
  /** Which of its ladder's traveling states stands at a place. */
  readonly #travelers: Int32Array;
  /** By place of the start. 0: not yet at an end; −1: last at the hot end; 1: at the cold end after the hot one. */
  readonly #direction: Int8Array;
  #round = 0;

  constructor(
    walkers: Walkers<X>,
    { inverseTemperatures, rng, steps = 1, clustersEvery = 4 }: LadderOptions,
  ) {
    const levels = walkers.count / walkers.group;
    this.walkers = walkers;
    this.inverseTemperatures = Float64Array.from(inverseTemperatures);
    this.energies = walkers.energies(new Float64Array(walkers.count));
    this.roundTrips = new Float64Array(walkers.group);
    this.#rng = rng;
    this.#steps = steps;
    this.#clustersEvery = walkers.can.clusters === undefined ? 0 : clustersEvery;
    // Single walkers move in one call; groups one after another, so that a caller can look up between them.
    this.#parts = walkers.group === 1 ? [undefined] : Array.from({ length: levels }, (_, k) => k);
    this.#chosen = new Uint8Array(walkers.group);
    const add = walkers.can.addLogRatios;
    this.#ratios = add && { values: new Float64Array(walkers.count), add };
    this.#refused = new Float64Array(Math.max(0, levels - 1));
    this.#offers = new Float64Array(this.#refused.length);
    this.#travelers = Int32Array.from({ length: walkers.count }, (_, w) => Math.floor(w / walkers.group));
    this.#direction = new Int8Array(walkers.count);
  }

  /** Share of refused exchanges between each level and the next. */
  get rejections(): number[] {
    return Array.from(this.#refused, (sum, k) => sum / Math.max(1, this.#offers[k]));
  }

  /**
   * Makes one round: {@link move} at every level, then {@link exchange}. A promise where energies have to be fetched,
   * as from a GPU.
   */
  round(): void | Promise<void> {
    if (this.walkers.can.fetch !== undefined) return this.pausingRound(() => {});
    for (const part of this.#parts) {
      this.#movePart(part);
      this.walkers.energies(this.energies, part);
    }
    this.exchange();
  }

  /** The same, with a pause after each part of the levels. `visit` gets the levels that have new energies. */
  async pausingRound(visit: (from: number, to: number) => Promise<void> | void): Promise<void> {
    for (const part of this.#parts) {
      this.#movePart(part);
      await this.walkers.can.fetch?.();
      this.walkers.energies(this.energies, part);
      await visit(part ?? 0, part === undefined ? this.inverseTemperatures.length : part + 1);
    }
    this.exchange();
  }

  #movePart(part: number | undefined): void {
    const { walkers, inverseTemperatures } = this;
    const beta = part === undefined ? inverseTemperatures : inverseTemperatures[part];
    walkers.step(this.#steps, beta, part);
    const every = this.#clustersEvery;
    if (
      every > 0 &&
      part !== undefined &&
      this.#round % every === 0 &&
      2 * part >= inverseTemperatures.length
    )
      walkers.can.clusters?.(this.#rng, part);
  }

  /**
   * Offers exchanges to the pairs of levels (p, p + 1), (p + 2, p + 3) …, p alternating between 0 and 1, each accepted
   * with probability min(1, exp((β_i − β_j)(E_i − E_j))), or what the ratios of the walkers' own laws say. Alternating
   * makes them non-reversible, which carries states through the ladder faster (Okabe et al. 2001; Syed et al. 2022).
   */
  exchange(): void {
    const { walkers, inverseTemperatures: betas, energies } = this;
    const chosen = this.#chosen;
    const ratios = this.#ratios?.values;
    const size = chosen.length;
    for (let k = this.#round++ & 1; k + 1 < betas.length; k += 2) {
      let refused = 0;
      let any = false;
      this.#weigh(k);
      for (let r = 0, low = k * size, high = low + size; r < size; r++, low++, high++) {
        const gain =
          ratios === undefined
            ? (betas[k] - betas[k + 1]) * (energies[low] - energies[high])
            : ratios[low] - ratios[high];
        const probability = gain >= 0 ? 1 : exp(gain);
        refused += 1 - probability;
        chosen[r] = this.#rng.bernoulli(probability) ? 1 : 0;
        if (chosen[r] === 0) continue;
        any = true;
        swap(energies, low, high);
        swap(this.#travelers, low, high);
      }
      this.#refused[k] += refused / size;
      this.#offers[k]++;
      if (any) walkers.exchange(k, k + 1, chosen);
    }
    this.#follow();
  }

  /** Log ratios of the laws of levels k and k + 1, of the walkers of both. */
  #weigh(k: number): void {
    if (this.#ratios === undefined) return;
    const { values, add } = this.#ratios;
    const { group } = this.walkers;
    const betas = this.inverseTemperatures;
    values.fill(0, k * group, (k + 2) * group);
    for (const level of [k, k + 1]) add(values, betas[k], betas[k + 1], level);
  }

  #follow(): void {
    const size = this.walkers.group;
    const last = this.walkers.count - size;
    if (last === 0) return;
    for (let r = 0; r < size; r++) {
      const hot = this.#travelers[r] * size + r;
      const cold = this.#travelers[last + r] * size + r;
      if (this.#direction[hot] === 1) this.roundTrips[r]++;
      this.#direction[hot] = -1;
      if (this.#direction[cold] === -1) this.#direction[cold] = 1;
    }
  }

  /** Returns a copy of all that the next round depends on. */
  save(): LadderState {
    return {
      walkers: this.walkers.save(),
      rng: this.#rng.save(),
      rounds: this.#round,
      numbers: this.#numbers().map((values) => Float64Array.from(values)),
    };
  }

  /** Goes on from a saved ladder made alike, with the same bits. @throws {ArgumentError} when it does not fit. */
  restore({ walkers, rng, rounds, numbers }: LadderState): void {
    this.walkers.restore(walkers);
    this.#rng = restoreRng(rng);
    this.#round = rounds;
    for (const [k, values] of this.#numbers().entries()) values.set(numbers[k]);
  }

  #numbers() {
    const own = [this.inverseTemperatures, this.energies, this.roundTrips];
    return [...own, this.#refused, this.#offers, this.#travelers, this.#direction];
  }

  /** Forgets refusals and journeys so far. */
  forget(): void {
    for (const counts of [this.#refused, this.#offers, this.roundTrips, this.#direction]) counts.fill(0);
  }

  /**
   * Spaces the inner levels evenly in the communication barrier Λ(β) = Σ refusals, interpolated linearly (Syed et al.
   * 2022), and forgets the refusals so far.
   */
  space(): void {
    const old = this.inverseTemperatures.slice();
    const barrier = [0];
    // A floor keeps levels apart where nothing was refused.
    for (const refused of this.rejections)
      barrier.push(barrier[barrier.length - 1] + Math.max(refused, 1e-3));
    const total = barrier[barrier.length - 1];
    for (let k = 1, i = 0; k < old.length - 1; k++) {
      const target = (total * k) / (old.length - 1);
      while (barrier[i + 1] < target) i++;
      const share = (target - barrier[i]) / (barrier[i + 1] - barrier[i]);
      this.inverseTemperatures[k] = old[i] + share * (old[i + 1] - old[i]);
    }
    this.#refused.fill(0);
    this.#offers.fill(0);
  }
}

function swap(values: Float64Array | Int32Array, a: number, b: number): void {
  const value = values[a];
  values[a] = values[b];
  values[b] = value;
}
