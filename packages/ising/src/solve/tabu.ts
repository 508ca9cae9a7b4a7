import { checkNumber, type QuadraticEnergy } from "@basin/energy-core";
import { checkLength, checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { localFields, type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";

/** Options of {@link tabuSearch}. */
export interface TabuOptions {
  /** State to start from, left unchanged. Default: random spins. */
  initial?: Int8Array;
  /** Flips to make. Default 20 per spin. */
  flips?: number;
  /** Number of flips for which a flipped spin stays fixed; up to 10 more are drawn each time. Default min(20, n/4). */
  tenure?: number;
  /** Seed of the random numbers. Default: drawn, and reported in the result. */
  seed?: number;
}

/**
 * Returns the best state on the path of a tabu search. Each step makes the flip with the least ΔE = 2 σ_i (Σ_j J_ij σ_j
 * + h_i), even uphill, among the spins not flipped recently. A flip that gives a new best is always allowed. No single
 * flip improves the result.
 *
 * Source: Glover (1989); for one-flip moves Palubeckis (2004).
 *
 * @example
 * ```ts
 * import { maxCut, tabuSearch, weightedGraph } from "@basin/ising";
 *
 * const square = maxCut(weightedGraph(4, [[0, 1], [1, 2], [2, 3], [3, 0]]));
 * console.log(tabuSearch(square, { seed: 1 }).energy); // −4
 * ```
 *
 * @throws {ArgumentError} for options out of range and a state that is no state of the problem.
 */
export function tabuSearch(
  energy: QuadraticEnergy,
  options: TabuOptions = {},
): {
  readonly state: Int8Array;
  readonly energy: number;
  readonly flips: number;
  /** The seed that was used. */
  readonly seed: number;
} {
  checkOptions("tabuSearch", options, "initial flips tenure seed");
  const problem = toSpinProblem(energy, "tabuSearch");
  const { variables } = problem;
  const seed = seedOf(options);
  const rng = createRng(seed);
  const flips = checkNumber("flips", options.flips ?? 20 * variables, { min: 0, integer: true });
  const tenure = checkNumber("tenure", options.tenure ?? Math.min(20, variables >> 2), {
    min: 0,
    integer: true,
  });
  let initial = options.initial;
  if (initial === undefined) {
    initial = Int8Array.from({ length: variables }, () => (rng.bernoulli(0.5) ? 1 : -1));
  } else {
    checkLength("initial", initial.length, variables);
    problem.space.check(initial, "initial");
  }
  const walk = new TabuWalk(problem, initial, tenure, rng);
  walk.run(flips);
  return { state: walk.best, energy: problem.energy(walk.best), flips, seed };
}

/** A tabu search in progress, which can be continued. */
export class TabuWalk {
  /** The best state so far. */
  readonly best: Int8Array;
  readonly #problem: SpinProblem;
  readonly #state: Int8Array;
  readonly #local: Float64Array;
  readonly #free: Float64Array;
  readonly #tenure: number;
  readonly #rng: Rng;
  #step = 0;
  /** Energy of the walker above that of the best state. */
  #above = 0;

  constructor(problem: SpinProblem, initial: Int8Array, tenure: number, rng: Rng) {
    this.#problem = problem;
    this.#state = initial.slice();
    this.best = initial.slice();
    this.#local = localFields(problem, initial);
    this.#free = new Float64Array(problem.variables);
    this.#tenure = tenure;
    this.#rng = rng;
  }

  /** Makes `flips` flips, then descends from the best state until no single flip improves it. */
  run(flips: number): void {
    for (let f = 0; f < flips && this.#state.length > 0; f++) this.#flip(this.#choose());
    this.#descend();
  }

  #choose(): number {
    const [state, local, free, step] = [this.#state, this.#local, this.#free, this.#step];
    // A new best must be lower by more than rounding, or a walk of real weights would improve forever.
    const aspiration = -(this.#above + 1e-12 * Math.abs(this.#above)) / 2;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    let ties = 0;
    for (let i = 0; i < state.length; i++) {
      const cost = state[i] * local[i];
      if (cost > least || (free[i] > step && !(cost < aspiration))) continue;
      // Ties are broken evenly: each newcomer takes the place with probability 1/ties.
      if (cost < least) ties = 1;
      else if (this.#rng.index(++ties) !== 0) continue;
      least = cost;
      best = i;
    }
    return best < 0 ? this.#rng.index(state.length) : best;
  }

  #flip(i: number): void {
    const { starts, neighbors, values } = this.#problem.adjacency;
    const [state, local] = [this.#state, this.#local];
    this.#above += 2 * state[i] * local[i];
    const change = -2 * state[i];
    state[i] = -state[i];
    for (let k = starts[i]; k < starts[i + 1]; k++) local[neighbors[k]] += change * values[k];
    this.#free[i] = ++this.#step + this.#tenure + this.#rng.index(11);
    if (this.#above >= 0) return;
    this.#above = 0;
    this.best.set(state);
  }

  #descend(): void {
    const { starts, neighbors, values } = this.#problem.adjacency;
    const local = localFields(this.#problem, this.best);
    // Rounding could repeat a flip forever, so the number of passes is bounded.
    for (let pass = 0, flips = 1; pass < 1000 && flips > 0; pass++) {
      flips = 0;
      for (let i = 0; i < local.length; i++) {
        if (this.best[i] * local[i] >= 0) continue;
        this.#above -= 2 * this.best[i] * local[i];
        const change = -2 * this.best[i];
        this.best[i] = -this.best[i];
        for (let k = starts[i]; k < starts[i + 1]; k++) local[neighbors[k]] += change * values[k];
        flips++;
      }
    }
  }
}
