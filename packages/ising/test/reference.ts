import { createRng } from "@basin/energy-core/random";
import { type SpinProblem, spinProblem } from "@basin/ising";

/** H(σ) as its definition reads, over pairs as a caller gave them. */
export function hamiltonian(
  couplings: readonly (readonly [number, number, number])[],
  fields: readonly number[],
  offset: number,
  spins: ArrayLike<number>,
): number {
  let energy = offset;
  for (const [i, j, J] of couplings) energy -= J * spins[i] * spins[j];
  for (const [i, h] of fields.entries()) energy -= h * spins[i];
  return energy;
}

/** State number `index` of n spins: bit i says the sign of spin i. */
export function stateOf(index: number, n: number): Int8Array {
  return Int8Array.from({ length: n }, (_, i) => ((index >>> i) & 1 ? 1 : -1));
}

export interface RandomProblemOptions {
  density?: number;
  weight?: (rng: ReturnType<typeof createRng>) => number;
  fields?: boolean;
}

/** A random problem: each pair coupled with probability `density`, ±1 weights unless said otherwise. */
export function randomProblem(n: number, seed: number, options: RandomProblemOptions = {}): SpinProblem {
  const { density = 0.5, weight = (rng) => (rng.bernoulli(0.5) ? 1 : -1), fields = false } = options;
  const rng = createRng(seed);
  const couplings: [number, number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) if (rng.bernoulli(density)) couplings.push([i, j, weight(rng)]);
  }
  return spinProblem({
    variables: n,
    couplings,
    fields: fields ? Array.from({ length: n }, () => weight(rng)) : undefined,
  });
}
