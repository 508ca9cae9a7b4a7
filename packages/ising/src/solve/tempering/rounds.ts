import { ArgumentError } from "@basin/energy-core";
import { exp, type Rng } from "@basin/energy-core/random";
import { descend } from "../scalar.ts";
import { resolveRange } from "../schedule.ts";
import type { Search } from "../search/search.ts";
import type { Ladder } from "./contract.ts";
import { createLadder } from "./ladder.ts";

/** Sweeps between two exchanges, and rounds between two cluster moves and between two descents from the coldest level. */
const SWEEPS = 2;
const CLUSTERS_EVERY = 4;
const DESCENTS_EVERY = 16;
/** Rounds between two new spacings of the ladder, while it is young. */
const SPACING_EVERY = 32;
const YOUNG = 512;

/**
 * Parallel tempering (Hukushima & Nemoto 1996) with isoenergetic cluster moves at the colder half of the levels (Houdayer 2001; Zhu, Ochoa &
 * Katzgraber 2015): many ladders side by side, whose replicas exchange within a ladder and make cluster moves in pairs. While young, the levels are
 * moved to where all exchanges are refused equally often (Syed et al. 2022).
 *
 * @param enough asked between rounds whether to stop before the search is over.
 */
export async function temperingRounds(search: Search, enough: () => boolean = () => false): Promise<void> {
  const { problem, limits } = search;
  const [hot, cold] = resolveRange(problem, limits.inverseTemperatureRange);
  // A ladder over several scales needs more levels than one over the spread of a lattice's energies.
  const levels = Math.max(12, 0.75 * Math.sqrt(problem.variables), 4 * Math.log(cold / hot));
  const count = Math.round(Math.min(64, levels));
  const ladder = await createLadder(problem, count, cold, limits.kernel);
  if (ladder === undefined) {
    throw new ArgumentError(
      "tempering needs weights that the bit-parallel annealer or the one in lanes takes, and a problem that fits in memory at all its temperatures; use anneal",
    );
  }
  const betas = Float64Array.from(
    { length: count },
    (_, k) => hot * exp((k / (count - 1)) * Math.log(cold / hot)),
  );
  search.tally.range = [hot, cold];
  await new Tempering(search, ladder, betas).run(enough);
}

class Tempering {
  readonly #search: Search;
  readonly #ladder: Ladder;
  readonly #betas: Float64Array;
  readonly #energies: Float64Array[];
  readonly #refused: Float64Array;
  readonly #chosen: Uint8Array;
  readonly #state: Int8Array;
  readonly #rng: Rng;
  #tried = 0;

  constructor(search: Search, ladder: Ladder, betas: Float64Array) {
    this.#search = search;
    this.#ladder = ladder;
    this.#betas = betas;
    this.#rng = search.rng.split(0);
    this.#energies = Array.from(betas, () => new Float64Array(ladder.replicas));
    this.#refused = new Float64Array(betas.length - 1);
    this.#chosen = new Uint8Array(ladder.replicas);
    this.#state = new Int8Array(search.problem.variables);
    for (let k = 0; k < betas.length; k++) ladder.start(k, search.rng.split(1 + k));
  }

  async run(enough: () => boolean): Promise<void> {
    const search = this.#search;
    const { seconds, sweeps } = search.limits;
    const rounds =
      seconds === undefined || sweeps !== undefined ? Math.ceil((sweeps ?? 1000) / SWEEPS) : Infinity;
    const states = this.#ladder.replicas * this.#betas.length;
    search.tally.reads = states;
    for (let round = 0; round < rounds && !search.over && !enough(); round++) {
      for (let k = 0; k < this.#betas.length; k++) {
        this.#visit(k, round);
        await search.breathe();
      }
      this.#exchange(round & 1);
      if (round % DESCENTS_EVERY === 0 || round + 1 === rounds) this.#descend();
      if (round < YOUNG && round % SPACING_EVERY === SPACING_EVERY - 1) this.#space();
      search.tally.visits += states * SWEEPS * search.problem.variables;
      search.tally.sweeps = SWEEPS * (round + 1);
    }
  }

  #visit(level: number, round: number): void {
    const cold = 2 * level >= this.#betas.length && round % CLUSTERS_EVERY === 0;
    const energies = this.#energies[level];
    energies.set(this.#ladder.visit(level, this.#betas[level], SWEEPS, cold ? this.#rng : undefined));
    const best = this.#search.best?.energy ?? Number.POSITIVE_INFINITY;
    const r = lowestOf(energies);
    if (energies[r] < best) this.#offer(level, r);
  }

  #offer(level: number, replica: number): void {
    this.#ladder.read(level, replica, this.#state);
    const energy = descend(this.#search.problem, this.#state);
    this.#search.offer(this.#state, energy);
  }

  #descend(): void {
    for (let k = Math.max(0, this.#betas.length - 3); k < this.#betas.length; k++)
      this.#offer(k, lowestOf(this.#energies[k]));
  }

  #exchange(parity: number): void {
    const [betas, rng, chosen] = [this.#betas, this.#rng, this.#chosen];
    for (let k = parity; k + 1 < betas.length; k += 2) {
      const [low, high] = [this.#energies[k], this.#energies[k + 1]];
      let refused = 0;
      for (let r = 0; r < chosen.length; r++) {
        const gain = (betas[k] - betas[k + 1]) * (low[r] - high[r]);
        const probability = gain >= 0 ? 1 : exp(gain);
        refused += 1 - probability;
        chosen[r] = rng.bernoulli(probability) ? 1 : 0;
        if (chosen[r] === 1) [low[r], high[r]] = [high[r], low[r]];
      }
      this.#refused[k] += refused / chosen.length;
      this.#ladder.exchange(k, k + 1, chosen);
    }
    this.#tried += 0.5;
  }

  /** Moves the inner levels so that the refusals between neighbors become equal, as far as they can be interpolated. */
  #space(): void {
    const old = this.#betas.slice();
    const barrier = [0];
    for (const sum of this.#refused)
      barrier.push(barrier[barrier.length - 1] + Math.max(1e-3, sum / this.#tried));
    const total = barrier[barrier.length - 1];
    for (let k = 1, i = 0; k < old.length - 1; k++) {
      const aim = (total * k) / (old.length - 1);
      while (barrier[i + 1] < aim) i++;
      const share = (aim - barrier[i]) / (barrier[i + 1] - barrier[i]);
      this.#betas[k] = old[i] + share * (old[i + 1] - old[i]);
    }
    this.#refused.fill(0);
    this.#tried = 0;
  }
}

function lowestOf(energies: Float64Array): number {
  let best = 0;
  for (let r = 1; r < energies.length; r++) if (energies[r] < energies[best]) best = r;
  return best;
}
