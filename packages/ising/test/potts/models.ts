import type { Energy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { type PottsEnergy, potts, weightedGraph } from "@basin/ising";
import type { Kernel } from "@basin/samplers";
import { boltzmann, type ForkingRng, transitionMatrix } from "@basin/testing";

/** A kernel over what a Potts energy can do. */
export type PottsKernel = Kernel<Energy<Uint8Array, PottsEnergy["can"]>, Uint8Array>;

type Bond = readonly [i: number, j: number, J: number];

/** A Potts model beside what it was made of. */
export interface Model {
  readonly energy: PottsEnergy;
  readonly n: number;
  readonly q: number;
  readonly bonds: readonly Bond[];
  readonly field: readonly number[];
}

/** A path of n sites closed by a bond between its first and third, with normal couplings and fields of a seed. */
export function randomModel(
  n: number,
  q: number,
  seed: number,
  { ferromagnetic = false, field = true } = {},
): Model {
  const rng = createRng(seed);
  const pairs = Array.from({ length: n - 1 }, (_, i) => [i, i + 1]).concat(n > 2 ? [[0, 2]] : []);
  const bonds = pairs.map(([i, j]): Bond => [i, j, ferromagnetic ? Math.abs(rng.normal()) : rng.normal()]);
  const fields = Array.from({ length: n * q }, () => (field ? 0.5 * rng.normal() : 0));
  const energy = potts(weightedGraph(n, bonds), { states: q, field: fields });
  return { energy, n, q, bonds, field: fields };
}

/** E(s) = −Σ J δ(s_i, s_j) − Σ h_i(s_i), from what the model was made of. */
export function energyOf({ bonds, field, q }: Model, s: ArrayLike<number>): number {
  let sum = 0;
  for (const [i, j, J] of bonds) sum -= s[i] === s[j] ? J : 0;
  for (let i = 0; i < s.length; i++) sum -= field[i * q + s[i]];
  return sum;
}

/** All qⁿ states, site 0 the lowest digit. */
export function allStates(n: number, q: number): Uint8Array[] {
  return Array.from({ length: q ** n }, (_, k) =>
    Uint8Array.from({ length: n }, (_, i) => Math.floor(k / q ** i) % q),
  );
}

/** All states of a model, their energies and their law at β. */
export function enumerated(model: Model, beta = 1) {
  const states = allStates(model.n, model.q);
  const energies = states.map((s) => energyOf(model, s));
  const logZ = Math.log(energies.reduce((sum, E) => sum + Math.exp(-beta * E), 0));
  return { states, energies, law: boltzmann(energies, beta), logZ, lowest: Math.min(...energies) };
}

/** The exact transition matrix of one step of the real kernel. */
export function matrixOf(kernel: PottsKernel, { energy, n, q }: Model, beta: number) {
  const bound = kernel.bind(energy);
  return transitionMatrix(allStates(n, q), (state, rng: ForkingRng) => {
    const chain = bound.init(state);
    bound.step(rng as never, chain, beta);
    return chain.position;
  });
}
