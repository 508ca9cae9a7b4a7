/** The part of a random stream that discrete kernels may draw through. */
export interface ForkingRng {
  bernoulli(p: number): boolean;
  index(n: number): number;
  /** Returns this stream itself: all branches are walked, whichever child draws them. */
  split(label: number): ForkingRng;
  uint32(): never;
  uniform(): never;
  normal(): never;
  save(): never;
}

interface Choice {
  readonly probabilities: readonly number[];
  taken: number;
}

/** Options of {@link branches} and {@link transitionMatrix}. */
export interface BranchOptions {
  /** Most branches walked from one state before giving up. Default 1,000,000. */
  maxBranches?: number;
}

/**
 * Runs `walk` once for every way its draws can fall and returns each result with its exact probability.
 *
 * `walk` must draw only through `bernoulli` and `index`, and depend on nothing else that changes between runs.
 */
export function branches<T>(
  walk: (rng: ForkingRng) => T,
  options: BranchOptions = {},
): { result: T; probability: number }[] {
  const { maxBranches = 1_000_000 } = options;
  const results: { result: T; probability: number }[] = [];
  const path: Choice[] = [];
  do {
    if (results.length >= maxBranches) throw new Error(`more than ${maxBranches} branches from one state`);
    let depth = 0;
    const choose = (probabilities: readonly number[]): number => {
      if (depth === path.length) path.push({ probabilities, taken: nextPossible(probabilities, -1) });
      const choice = path[depth++];
      if (choice.probabilities.length !== probabilities.length) {
        throw new Error("the walk is not a function of its draws: a replayed branch asked for another draw");
      }
      return choice.taken;
    };
    const result = walk(forkingRng(choose));
    if (depth !== path.length) {
      throw new Error("the walk is not a function of its draws: a replayed branch drew less than before");
    }
    const probability = path.reduce((product, { probabilities, taken }) => product * probabilities[taken], 1);
    results.push({ result, probability });
  } while (advance(path));
  return results;
}

function nextPossible(probabilities: readonly number[], after: number): number {
  let next = after + 1;
  while (next < probabilities.length && probabilities[next] === 0) next++;
  return next;
}

/** Moves `path` to the next untaken branch, depth first. Returns false when none is left. */
function advance(path: Choice[]): boolean {
  for (let last = path.pop(); last !== undefined; last = path.pop()) {
    const next = nextPossible(last.probabilities, last.taken);
    if (next < last.probabilities.length) {
      path.push({ probabilities: last.probabilities, taken: next });
      return true;
    }
  }
  return false;
}

function forkingRng(choose: (probabilities: readonly number[]) => number): ForkingRng {
  const refuse = (name: string) => (): never => {
    throw new Error(
      `rng.${name}() cannot be walked: a discrete kernel draws only through bernoulli and index`,
    );
  };
  const rng: ForkingRng = {
    bernoulli(p) {
      if (Number.isNaN(p)) throw new Error("bernoulli was given NaN");
      const clamped = Math.min(1, Math.max(0, p));
      return choose([1 - clamped, clamped]) === 1;
    },
    index(n) {
      if (!(Number.isInteger(n) && n >= 1)) throw new Error(`index was given ${n}`);
      return choose(new Array<number>(n).fill(1 / n));
    },
    split: () => rng,
    uint32: refuse("uint32"),
    uniform: refuse("uniform"),
    normal: refuse("normal"),
    save: refuse("save"),
  };
  return rng;
}

/** A probability or transition matrix: row r holds the probabilities of going from state r to every state. */
export type TransitionMatrix = Float64Array[];

/**
 * Returns the exact transition matrix of real kernel code over the listed states, by walking every branch of
 * `rng.bernoulli` and `rng.index`.
 *
 * @param states all states, each distinct as `String(state)`; typed arrays and numbers are.
 * @param step one application of the kernel to a copy of the state, returning where it ended.
 */
export function transitionMatrix<X>(
  states: readonly X[],
  step: (state: X, rng: ForkingRng) => X,
  options: BranchOptions = {},
): TransitionMatrix {
  const indices = new Map(states.map((state, index) => [String(state), index]));
  if (indices.size !== states.length) throw new Error("the states are not all distinct as strings");
  return states.map((state) => {
    const before = String(state);
    const row = new Float64Array(states.length);
    for (const { result, probability } of branches((rng) => String(step(state, rng)), options)) {
      const target = indices.get(result);
      if (target === undefined)
        throw new Error(`the step from ${before} reached an unlisted state: ${result}`);
      row[target] += probability;
    }
    if (String(state) !== before) throw new Error(`the step changed the listed state ${before} in place`);
    return row;
  });
}

/** Returns all 2ⁿ states of n spins, −1 and +1, in counting order (spin 0 the lowest bit). */
export function spinStates(n: number): Int8Array[] {
  return Array.from({ length: 2 ** n }, (_, code) =>
    Int8Array.from({ length: n }, (_, i) => ((code >> i) & 1 ? 1 : -1)),
  );
}

/** Returns exp(−βE) normalized over the listed energies. */
export function boltzmann(energies: ArrayLike<number>, inverseTemperature = 1): Float64Array {
  const lowest = Math.min(...Array.from(energies));
  const weights = Float64Array.from(energies, (energy) => Math.exp(-inverseTemperature * (energy - lowest)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** Throws unless every row of `matrix` is a probability distribution. */
export function assertStochastic(matrix: TransitionMatrix, tolerance = 1e-12): void {
  for (const [r, row] of matrix.entries()) {
    const total = row.reduce((a, b) => a + b, 0);
    if (!(Math.abs(total - 1) <= tolerance)) throw new Error(`row ${r} sums to ${total}`);
    for (const [c, p] of row.entries()) if (!(p >= 0)) throw new Error(`entry [${r}, ${c}] is ${p}`);
  }
}

/** Throws unless `matrix` is stochastic and leaves `distribution` as it is: πP = π to `tolerance`. */
export function assertStationary(
  matrix: TransitionMatrix,
  distribution: ArrayLike<number>,
  tolerance = 1e-8,
): void {
  assertStochastic(matrix);
  for (let c = 0; c < matrix.length; c++) {
    let after = 0;
    for (let r = 0; r < matrix.length; r++) after += distribution[r] * matrix[r][c];
    if (!(Math.abs(after - distribution[c]) <= tolerance)) {
      throw new Error(
        `the distribution is not stationary: state ${c} has probability ${distribution[c]} before a step and ${after} after it`,
      );
    }
  }
}

/** Throws unless πᵢ Pᵢⱼ = πⱼ Pⱼᵢ to `tolerance`. */
export function assertReversible(
  matrix: TransitionMatrix,
  distribution: ArrayLike<number>,
  tolerance = 1e-8,
): void {
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j < i; j++) {
      const flow = distribution[i] * matrix[i][j] - distribution[j] * matrix[j][i];
      if (!(Math.abs(flow) <= tolerance)) {
        throw new Error(`detailed balance fails between states ${i} and ${j}: the flows differ by ${flow}`);
      }
    }
  }
}

/** Throws unless every state can be reached from every other in some number of steps. */
export function assertIrreducible(matrix: TransitionMatrix): void {
  for (const backwards of [false, true]) {
    const seen = new Set([0]);
    const open = [0];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      for (let other = 0; other < matrix.length; other++) {
        const p = backwards ? matrix[other][state] : matrix[state][other];
        if (p > 0 && !seen.has(other)) {
          seen.add(other);
          open.push(other);
        }
      }
    }
    if (seen.size < matrix.length) {
      const missing = matrix.findIndex((_, state) => !seen.has(state));
      const [from, to] = backwards ? [missing, 0] : [0, missing];
      throw new Error(
        `not irreducible: state ${to} cannot be reached from state ${from} (${seen.size} of ${matrix.length} states connect)`,
      );
    }
  }
}
