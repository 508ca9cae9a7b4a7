import { exp, type Rng } from "@basin/energy-core/random";
import type { Kernel, KernelState, StepInfo } from "@basin/samplers";
import { type BondedEnergy, type ClusterState, Clusters } from "./clusters.ts";

/**
 * Returns the cluster kernel of Swendsen & Wang (1987) for a Potts model: a step divides all sites into clusters of one
 * label, with each bond between equal labels included with probability 1 − exp(−βJ). Every cluster then draws a new
 * label a with probability ∝ exp(β Σ_{i ∈ C} h_i(a)), uniform without a field. Nothing is rejected, even in a field.
 * exp(−βE) is invariant. Where phases coexist, it moves both equally fast, while Wolff clusters are mostly in the
 * ordered phase.
 *
 * @throws {CapabilityError} at binding, for an energy without bonds.
 * @throws {ArgumentError} at binding, for a coupling below 0.
 *
 * @example
 * ```ts
 * import { createModel, potts, swendsenWang } from "@basin/ising";
 * import { sample } from "@basin/samplers";
 *
 * const draws = await sample(potts(createModel("square", 8), { states: 8 }), swendsenWang(), { temperature: 0.75, seed: 1 });
 * console.log(draws.chains[0].stats.clusters);
 * ```
 */
export function swendsenWang(): Kernel<
  BondedEnergy,
  Uint8Array,
  KernelState<Uint8Array>,
  StepInfo & {
    /** Number of clusters. */
    readonly clusters: number;
  }
> {
  return {
    name: "swendsen-wang",
    bind(energy) {
      const clusters = new Clusters(energy, "swendsen-wang");
      const weights = new Float64Array(clusters.bonds.states);
      const info = { acceptanceProbability: 1, diverged: false, clusters: 0 };
      return {
        init: (position) => clusters.init(position),
        step(rng, state: ClusterState, inverseTemperature) {
          clusters.temper(inverseTemperature);
          const x = state.position;
          const since = clusters.grown;
          for (let i = 0; i < x.length; i++) {
            if (clusters.member[i] > since) continue;
            const size = clusters.grow(rng, x, i, since);
            const label = drawLabel(rng, clusters, size, inverseTemperature, weights);
            for (let at = 0; at < size; at++) x[clusters.sites[at]] = label;
          }
          state.energy = energy.energy(x);
          info.clusters = clusters.grown - since;
          return info;
        },
      };
    },
  };
}

function drawLabel(rng: Rng, clusters: Clusters, size: number, beta: number, weights: Float64Array): number {
  const { states: q, field } = clusters.bonds;
  if (!clusters.inField) return rng.index(q);
  weights.fill(0);
  for (let at = 0; at < size; at++) {
    const row = clusters.sites[at] * q;
    for (let a = 0; a < q; a++) weights[a] += field[row + a];
  }
  let highest = weights[0];
  for (let a = 1; a < q; a++) highest = Math.max(highest, weights[a]);
  let rest = 0;
  for (let a = 0; a < q; a++) {
    // 0 · ∞ is 0 here: at T = 0 the labels of the highest field are alike.
    weights[a] = weights[a] === highest ? 1 : exp(-beta * (highest - weights[a]));
    rest += weights[a];
  }
  let label = 0;
  while (label < q - 1 && !rng.bernoulli(Math.min(1, weights[label] / rest))) rest -= weights[label++];
  return label;
}
