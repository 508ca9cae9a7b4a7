import { checkOptions } from "../check-options.ts";
import type { Cursor, Energy } from "../energy.ts";
import type { TemperatureOptions } from "../errors.ts";
import { ArgumentError, checkNumber, EnergyValueError, resolveInverseTemperature } from "../errors.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { movesOf } from "../moves-of.ts";
import { exp, log } from "../random/math.ts";
import type { Space } from "../space.ts";
import { checkEnumerable, walkStates } from "./walk.ts";

/** The options of {@link enumerate}. */
export interface EnumerateOptions extends TemperatureOptions {
  /** Whether to return ⟨x_i x_j⟩, which costs O(n) for each state. Default false. */
  pairs?: boolean;
  /** Whether to return the probability of every state, at 8 bytes each. Default false. */
  probabilities?: boolean;
  /** How many minimizers to return at most. Default 16. */
  maxMinimizers?: number;
  /**
   * Relative tolerance: energies within this of the minimum, relative to max(1, |minimum|), count as equal to it.
   * Default 1e-9.
   */
  tolerance?: number;
  /** Maximum number of states visited, at most 2³⁰. Default 2²⁶: 26 spins. */
  maxStates?: number;
}

/** Everything about a small discrete system at one temperature. */
export interface Enumeration<X> {
  /** Number of states, 2ⁿ for n spins. */
  readonly states: number;
  /** log Z = log Σ_s exp(−βE(s)). */
  readonly logPartition: number;
  /** ⟨E⟩. */
  readonly meanEnergy: number;
  /** β² (⟨E²⟩ − ⟨E⟩²), of the whole system. */
  readonly heatCapacity: number;
  /** −Σ p log p = log Z + β⟨E⟩, in nats. */
  readonly entropy: number;
  /** ⟨x_i⟩. */
  readonly means: Float64Array;
  /** ⟨x_i x_j⟩, n × n, when asked for. */
  readonly pairs?: Matrix;
  /** p(x) at the place `space.moves.index(x)`, Σ_i 2^i [s_i = +1] for spins, when asked for. */
  readonly probabilities?: Float64Array;
  /** min E. */
  readonly minimum: number;
  /** States of energy `minimum`, at most `maxMinimizers` of them. */
  readonly minimizers: readonly X[];
  /** Number of states of energy `minimum`. */
  readonly degeneracy: number;
}

/**
 * Returns the exact Gibbs distribution p(x) = exp(−βE(x)) / Z over a finite space by visiting all states, each one move
 * of a cursor from the last: for sites in the order of a reflected Gray code. 24 sparsely coupled spins take about a
 * second.
 *
 * @example
 * ```ts
 * import { couplings, enumerate, sparseQuadratic } from "@basin/energy-core";
 *
 * const pair = sparseQuadratic(couplings(2, [[0, 1, 1]]));
 * const { logPartition, degeneracy } = enumerate(pair, { temperature: 2 });
 * console.log(logPartition, degeneracy); // ln(4 cosh ½), 2
 * ```
 *
 * @throws {CostError} beyond `maxStates`, with the estimated time.
 * @throws {EnergyValueError} for NaN and −∞ energies, and when every state has energy +∞.
 * @throws {ArgumentError} for β = +∞: read `minimum` and `minimizers` instead.
 */
export function enumerate<X extends ArrayLike<number>>(
  energy: Energy<X>,
  options: EnumerateOptions = {},
): Enumeration<X> {
  checkOptions(
    "enumerate",
    options,
    "pairs probabilities maxMinimizers tolerance maxStates inverseTemperature temperature",
  );
  const beta = resolveInverseTemperature(options);
  if (beta === Number.POSITIVE_INFINITY) {
    throw new ArgumentError("temperature is 0, where log Z diverges; use any other and read `minimizers`");
  }
  const { space } = energy;
  const moves = movesOf(space, "enumerate");
  const most = checkNumber("maxStates", options.maxStates ?? 2 ** 26, { min: 1, max: 2 ** 30 });
  checkEnumerable("enumeration", space.count, most);
  const sums = new Sums(space, beta, options.pairs ?? false);
  const minima = new Minima(
    space,
    checkNumber("maxMinimizers", options.maxMinimizers ?? 16, { min: 1, integer: true }),
    checkNumber("tolerance", options.tolerance ?? 1e-9, { min: 0 }),
  );
  const energies = options.probabilities ? new Float64Array(space.count) : undefined;
  walkStates(
    energy,
    (cursor, move) => {
      sums.visit(cursor, move);
      if (cursor.energy <= minima.bound) minima.visit(cursor);
      if (energies !== undefined) energies[moves.index(cursor.state)] = cursor.energy;
    },
    "enumerate",
  );
  if (minima.lowest === Number.POSITIVE_INFINITY) {
    throw new EnergyValueError(`all ${space.count} states have energy +Infinity: there is no distribution`);
  }
  const totals = sums.finish();
  const logZ = totals.logPartition;
  return {
    states: space.count,
    ...totals,
    probabilities: energies?.map((e) => (e === Number.POSITIVE_INFINITY ? 0 : exp(-beta * e - logZ))),
    minimum: energy.energy(minima.states[0]),
    minimizers: minima.states,
    degeneracy: minima.count,
  };
}

class Minima<X> {
  lowest = Number.POSITIVE_INFINITY;
  bound = Number.POSITIVE_INFINITY;
  count = 0;
  states: X[] = [];
  readonly #space: Space<X>;
  readonly #most: number;
  readonly #tolerance: number;

  constructor(space: Space<X>, most: number, tolerance: number) {
    this.#space = space;
    this.#most = most;
    this.#tolerance = tolerance;
  }

  visit({ energy, state }: Cursor<X>): void {
    if (energy === Number.POSITIVE_INFINITY) return;
    const margin = this.#tolerance * Math.max(1, Math.abs(energy));
    if (energy < this.lowest - margin) {
      this.count = 0;
      this.states = [];
    }
    if (energy < this.lowest) {
      this.lowest = energy;
      this.bound = energy + margin;
    }
    this.count++;
    if (this.states.length < this.#most) this.states.push(this.#space.copy(state));
  }
}

/**
 * Weighted sums over the walk, weights relative to the lowest energy so far. ⟨x_i⟩ costs O(1) for each state if a move
 * changes one site: x_i is constant between two changes of i, so only the weight in between is needed.
 */
class Sums<X extends ArrayLike<number>> {
  readonly #beta: number;
  readonly #means: Float64Array;
  readonly #since: Float64Array;
  readonly #values: Float64Array;
  readonly #pairs: Float64Array | undefined;
  /** The site that each move changes; absent where moves change several. */
  readonly #siteOf: Uint32Array | undefined;
  #reference = Number.POSITIVE_INFINITY;
  #weight = 0;
  #first = 0;
  #second = 0;

  constructor(space: Space<X>, beta: number, pairs: boolean) {
    const n = space.dimension;
    this.#beta = beta;
    this.#means = new Float64Array(n);
    this.#since = new Float64Array(n);
    this.#values = new Float64Array(n);
    this.#pairs = pairs ? new Float64Array(n * n) : undefined;
    this.#siteOf = siteOfMoves(space);
  }

  visit({ state, energy }: Cursor<X>, move: number): void {
    if (move < 0) this.#values.set(state);
    else if (this.#siteOf !== undefined) this.#settle(this.#siteOf[move], state);
    else for (let i = 0; i < this.#values.length; i++) this.#settle(i, state);
    if (energy === Number.POSITIVE_INFINITY) return;
    if (energy < this.#reference) this.#lower(energy);
    const excess = energy - this.#reference;
    const weight = excess === 0 ? 1 : exp(-this.#beta * excess);
    this.#weight += weight;
    this.#first += weight * excess;
    this.#second += weight * excess * excess;
    if (this.#pairs !== undefined) this.#addPairs(this.#pairs, state, weight);
  }

  /** Counts the value that entry i had for the weight gathered since it took it. */
  #settle(i: number, state: X): void {
    this.#means[i] += this.#values[i] * (this.#weight - this.#since[i]);
    this.#since[i] = this.#weight;
    this.#values[i] = state[i];
  }

  #addPairs(pairs: Float64Array, state: X, weight: number): void {
    const n = this.#values.length;
    for (let i = 0; i < n; i++) {
      const scaled = weight * state[i];
      for (let j = 0; j <= i; j++) pairs[i * n + j] += scaled * state[j];
    }
  }

  /** Re-expresses every sum relative to a lower reference energy. */
  #lower(reference: number): void {
    const drop = this.#reference - reference;
    this.#reference = reference;
    if (drop === Number.POSITIVE_INFINITY) return;
    const factor = exp(-this.#beta * drop);
    this.#second = (this.#second + drop * (2 * this.#first + drop * this.#weight)) * factor;
    this.#first = (this.#first + drop * this.#weight) * factor;
    this.#weight *= factor;
    for (const sums of [this.#means, this.#since, this.#pairs]) {
      if (sums !== undefined) for (let k = 0; k < sums.length; k++) sums[k] *= factor;
    }
  }

  finish(): Pick<
    Enumeration<X>,
    "logPartition" | "meanEnergy" | "heatCapacity" | "entropy" | "means" | "pairs"
  > {
    const n = this.#means.length;
    const weight = this.#weight;
    const means = this.#means.map((sum, i) => (sum + this.#values[i] * (weight - this.#since[i])) / weight);
    const mean = this.#first / weight;
    const variance = Math.max(0, this.#second / weight - mean * mean);
    const logPartition = log(weight) - this.#beta * this.#reference;
    return {
      logPartition,
      meanEnergy: this.#reference + mean,
      heatCapacity: this.#beta * this.#beta * variance,
      entropy: log(weight) + this.#beta * mean,
      means,
      pairs: this.#pairs === undefined ? undefined : matrix(symmetric(this.#pairs, n, weight), n, n),
    };
  }
}

function siteOfMoves<X>({ moves }: Space<X>): Uint32Array | undefined {
  if (moves?.sites === undefined) return undefined;
  const siteOf = new Uint32Array(moves.count);
  const { count, starts } = moves.sites;
  for (let i = 0; i < count; i++) siteOf.fill(i, starts[i], starts[i + 1]);
  return siteOf;
}

function symmetric(lower: Float64Array, n: number, weight: number): Float64Array {
  const full = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) full[i * n + j] = full[j * n + i] = lower[i * n + j] / weight;
  }
  return full;
}
