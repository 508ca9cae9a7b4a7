import type { SpinCursor, SpinEnergy } from "../energy.ts";
import type { TemperatureOptions } from "../errors.ts";
import { ArgumentError, checkNumber, EnergyValueError, resolveInverseTemperature } from "../errors.ts";
import { type Matrix, matrix } from "../ndarray.ts";
import { exp, log } from "../random/math.ts";
import { checkEnumerable, walkStates } from "./gray.ts";

/** The options of {@link enumerate}. */
export interface EnumerateOptions extends TemperatureOptions {
  /** Whether to return ⟨s_i s_j⟩, which costs O(n) a state. Default false. */
  pairs?: boolean;
  /** Whether to return the probability of every state, 8 · 2ⁿ bytes. Default false. */
  probabilities?: boolean;
  /** How many minimizers to return at most. Default 16. */
  maximumMinimizers?: number;
  /** Energies this close to the minimum, relative to max(1, |minimum|), count as equal to it. Default 1e-9. */
  tolerance?: number;
  /** Largest n that is walked, at most 30. Default 26. */
  maximumSpins?: number;
}

/** Everything about a small spin system at one temperature. */
export interface Enumeration {
  /** Number of states, 2ⁿ. */
  readonly states: number;
  /** log Z = log Σ_s exp(−βE(s)). */
  readonly logPartition: number;
  /** ⟨E⟩. */
  readonly meanEnergy: number;
  /** β² (⟨E²⟩ − ⟨E⟩²), of the whole system. */
  readonly heatCapacity: number;
  /** −Σ p log p = log Z + β⟨E⟩, in nats. */
  readonly entropy: number;
  /** ⟨s_i⟩. */
  readonly means: Float64Array;
  /** ⟨s_i s_j⟩, n × n, when asked for. */
  readonly pairs?: Matrix;
  /** p(s) at index Σ_i 2^i [s_i = +1], when asked for. */
  readonly probabilities?: Float64Array;
  /** min E. */
  readonly minimum: number;
  /** States of energy `minimum`, at most `maximumMinimizers` of them. */
  readonly minimizers: readonly Int8Array[];
  /** Number of states of energy `minimum`. */
  readonly degeneracy: number;
}

/**
 * Returns the exact Gibbs distribution p(s) = exp(−βE(s)) / Z of a spin energy by visiting all 2ⁿ states in Gray-code
 * order, each one flip of a cursor from the last. 24 sparsely coupled spins take about a second.
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
 * @throws {CostError} beyond `maximumSpins`, with the estimated time.
 * @throws {EnergyValueError} for NaN and −∞ energies, and when every state has energy +∞.
 * @throws {ArgumentError} for β = +∞: read `minimum` and `minimizers` instead.
 */
export function enumerate(energy: SpinEnergy, options: EnumerateOptions = {}): Enumeration {
  const beta = resolveInverseTemperature(options);
  if (beta === Number.POSITIVE_INFINITY) {
    throw new ArgumentError("temperature is 0, where log Z diverges; use any other and read `minimizers`");
  }
  const { dimension } = energy.space;
  const maximumSpins = checkNumber("maximumSpins", options.maximumSpins ?? 26, {
    min: 1,
    max: 30,
    integer: true,
  });
  checkEnumerable("enumeration", dimension, maximumSpins);
  const sums = new Sums(dimension, beta, options.pairs ?? false);
  const minima = new Minima(
    checkNumber("maximumMinimizers", options.maximumMinimizers ?? 16, { min: 1, integer: true }),
    checkNumber("tolerance", options.tolerance ?? 1e-9, { min: 0 }),
  );
  const energies = options.probabilities ? new Float64Array(2 ** dimension) : undefined;
  let index = 0;
  walkStates(energy, (cursor, flipped) => {
    sums.visit(cursor, flipped);
    if (cursor.energy <= minima.bound) minima.visit(cursor);
    if (energies === undefined) return;
    if (flipped >= 0) index += cursor.state[flipped] * 2 ** flipped;
    energies[index] = cursor.energy;
  });
  if (minima.lowest === Number.POSITIVE_INFINITY) {
    throw new EnergyValueError(
      `all ${2 ** dimension} states have energy +Infinity: there is no distribution`,
    );
  }
  const totals = sums.finish();
  const logZ = totals.logPartition;
  return {
    states: 2 ** dimension,
    ...totals,
    probabilities: energies?.map((e) => (e === Number.POSITIVE_INFINITY ? 0 : exp(-beta * e - logZ))),
    minimum: energy.energy(minima.states[0]),
    minimizers: minima.states,
    degeneracy: minima.count,
  };
}

class Minima {
  lowest = Number.POSITIVE_INFINITY;
  bound = Number.POSITIVE_INFINITY;
  count = 0;
  states: Int8Array[] = [];
  readonly #most: number;
  readonly #tolerance: number;

  constructor(most: number, tolerance: number) {
    this.#most = most;
    this.#tolerance = tolerance;
  }

  visit({ energy, state }: SpinCursor): void {
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
    if (this.states.length < this.#most) this.states.push(state.slice());
  }
}

/**
 * Weighted sums over the walk, weights relative to the lowest energy so far. ⟨s_i⟩ costs O(1) a state: s_i is constant
 * between two flips of i, so only the weight gathered in between is needed.
 */
class Sums {
  readonly #beta: number;
  readonly #means: Float64Array;
  readonly #since: Float64Array;
  readonly #pairs: Float64Array | undefined;
  #state: Int8Array;
  #reference = Number.POSITIVE_INFINITY;
  #weight = 0;
  #first = 0;
  #second = 0;

  constructor(dimension: number, beta: number, pairs: boolean) {
    this.#beta = beta;
    this.#means = new Float64Array(dimension);
    this.#since = new Float64Array(dimension);
    this.#pairs = pairs ? new Float64Array(dimension * dimension) : undefined;
    this.#state = new Int8Array(dimension);
  }

  visit(cursor: SpinCursor, flipped: number): void {
    this.#state = cursor.state;
    if (flipped >= 0) {
      this.#means[flipped] -= cursor.state[flipped] * (this.#weight - this.#since[flipped]);
      this.#since[flipped] = this.#weight;
    }
    if (cursor.energy === Number.POSITIVE_INFINITY) return;
    if (cursor.energy < this.#reference) this.#lower(cursor.energy);
    const excess = cursor.energy - this.#reference;
    const weight = excess === 0 ? 1 : exp(-this.#beta * excess);
    this.#weight += weight;
    this.#first += weight * excess;
    this.#second += weight * excess * excess;
    if (this.#pairs !== undefined) this.#addPairs(this.#pairs, cursor.state, weight);
  }

  #addPairs(pairs: Float64Array, state: Int8Array, weight: number): void {
    const n = state.length;
    for (let i = 0; i < n; i++) {
      const signed = weight * state[i];
      for (let j = 0; j < i; j++) pairs[i * n + j] += signed * state[j];
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
    Enumeration,
    "logPartition" | "meanEnergy" | "heatCapacity" | "entropy" | "means" | "pairs"
  > {
    const n = this.#means.length;
    const weight = this.#weight;
    const means = this.#means.map((sum, i) => (sum + this.#state[i] * (weight - this.#since[i])) / weight);
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

function symmetric(lower: Float64Array, n: number, weight: number): Float64Array {
  const full = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    full[i * n + i] = 1;
    for (let j = 0; j < i; j++) full[i * n + j] = full[j * n + i] = lower[i * n + j] / weight;
  }
  return full;
}
