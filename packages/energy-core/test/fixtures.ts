/**
 * Energies and states that several test files share. Nothing here asks a space for its moves: it is what they are
 * judged by.
 */

import {
  type Can,
  type Capabilities,
  couplings,
  type Edge,
  type Energy,
  plainEnergy,
  reals,
  type SiteSpace,
  type Space,
  sparseQuadratic,
} from "@basin/energy-core";
import { siteSpace } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";

export type Sites = Int8Array | Uint8Array;

/** Returns a random glass, a random state of it and the generator that made both. */
export function glass(seed: number, n: number, density = 0.5) {
  const rng = createRng(seed);
  const edges: Edge[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) if (rng.bernoulli(density)) edges.push([i, j, rng.normal()]);
  const thresholds = Float64Array.from({ length: n }, () => rng.normal());
  const state = Int8Array.from({ length: n }, () => (rng.bernoulli(0.5) ? 1 : -1));
  return { rng, energy: sparseQuadratic(couplings(n, edges), thresholds), state };
}

/** n sites of three values, 0, 1 and 2. */
export function trits(n: number): SiteSpace<Uint8Array> {
  return siteSpace(n, { low: 0, step: 1, count: 3, name: "trits", create: (size) => new Uint8Array(size) });
}

/** n sites of four values three apart, −2, 1, 4 and 7. */
export function levels(n: number): SiteSpace<Int8Array> {
  return siteSpace(n, { low: -2, step: 3, count: 4, name: "levels", create: (size) => new Int8Array(size) });
}

/** Returns the states of `n` sites of the given values in counting order, site 0 changing fastest. */
export function allStates<X extends Sites>(values: readonly number[], n: number, like: X): X[] {
  const q = values.length;
  return Array.from({ length: q ** n }, (_, index) => {
    const state = like.slice(0, n) as X;
    for (let i = 0, rest = index; i < n; i++, rest = Math.floor(rest / q)) state[i] = values[rest % q];
    return state;
  });
}

/** Returns a state of independent uniform values. */
export function randomState<X extends Sites>(rng: Rng, values: readonly number[], like: X): X {
  return like.map(() => values[rng.index(values.length)]) as X;
}

/** Returns an energy that is normal in every state by itself, and +∞ in a share `walls` of them. */
export function tableEnergy<X extends Sites, D extends object>(
  space: Space<X, D>,
  states: readonly X[],
  seed: number,
  walls = 0,
) {
  const rng = createRng(seed);
  const table = new Map<string, number>();
  for (const state of states) table.set(state.join(), rng.bernoulli(walls) ? Infinity : rng.normal());
  const at = (x: X) => table.get(x.join()) as number;
  return { at, energy: plainEnergy(space, at) };
}

/** E(b) − E(a) as cursors define it: between two states outside the support there is nothing to prefer. */
export const difference = (a: number, b: number) => (a === b ? 0 : b - a);

/** E(x) = Σ_i sin(θ_i x_i) + θ_n cos(Σ_i (i + 1) x_i) of a vector of n numbers. */
export function wave(theta: ArrayLike<number>, x: ArrayLike<number>): number {
  let energy = 0;
  for (let i = 0; i < x.length; i++) energy += Math.sin(theta[i] * x[i]);
  return energy + theta[x.length] * Math.cos(phase(x));
}

function phase(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (i + 1) * x[i];
  return sum;
}

/** Returns {@link wave} as an energy with all that its space can give, and θ as parameters. */
export function waveEnergy<X, D extends object>(
  space: Space<X, D>,
  theta: Float64Array,
  coordinates: (x: X) => ArrayLike<number>,
): Energy<X, D & Can<X, "parameters">> {
  const plain = plainEnergy(space, (x) => wave(theta, coordinates(x)));
  const parameters: Capabilities<X>["parameters"] = {
    values: theta,
    addGradient(state, weight, out) {
      const x = coordinates(state);
      for (let i = 0; i < x.length; i++) out[i] += weight * x[i] * Math.cos(theta[i] * x[i]);
      out[x.length] += weight * Math.cos(phase(x));
    },
  };
  return { ...plain, can: { ...plain.can, parameters } };
}

/** Returns {@link wave} on ℝⁿ with its gradient. */
export function realWave(
  theta: Float64Array,
): Energy<Float64Array, Can<Float64Array, "gradient" | "parameters">> {
  const energy = waveEnergy(reals(theta.length - 1), theta, (x) => x);
  const gradient: Capabilities<Float64Array>["gradient"] = (x, out) => {
    for (let i = 0; i < x.length; i++) {
      out[i] = theta[i] * Math.cos(theta[i] * x[i]) - theta[x.length] * (i + 1) * Math.sin(phase(x));
    }
    return wave(theta, x);
  };
  return { ...energy, can: { ...energy.can, gradient } };
}
