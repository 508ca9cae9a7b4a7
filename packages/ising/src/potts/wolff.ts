import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import type { Kernel, KernelState, StepInfo } from "@basin/samplers";
import { type BondedEnergy, type ClusterState, Clusters } from "./clusters.ts";

/** Options of {@link wolff}. */
export interface WolffOptions {
  /** Clusters that a step grows. Default 1. */
  clusters?: number;
}

/**
 * Returns Wolff's cluster kernel (1989) for a Potts model: from a random site a cluster grows over neighbors of the
 * same label, with each bond included with probability 1 − exp(−βJ). The whole cluster changes to another label, chosen
 * uniformly. Without a field nothing is rejected. In a field the change is accepted with probability min(1, exp(β Σ_{i
 * ∈ C} (h_i(new) − h_i(old)))), so a strong field stops large clusters. exp(−βE) is invariant.
 *
 * @throws {CapabilityError} at binding, for an energy without bonds.
 * @throws {ArgumentError} at binding, for a coupling below 0, where equal labels repel.
 *
 * @example
 * ```ts
 * import { createModel, potts, wolff } from "@basin/ising";
 * import { sample } from "@basin/samplers";
 *
 * const draws = await sample(potts(createModel("square", 8), { states: 3 }), wolff(), { temperature: 1, seed: 1 });
 * console.log(draws.chains[0].stats.clusterSize);
 * ```
 */
export function wolff(options: WolffOptions = {}): Kernel<
  BondedEnergy,
  Uint8Array,
  KernelState<Uint8Array>,
  StepInfo & {
    /** Mean number of sites in them. */
    readonly clusterSize: number;
  }
> {
  checkOptions("wolff", options, "clusters");
  const count = checkNumber("clusters", options.clusters ?? 1, { min: 1, integer: true });
  return {
    name: "wolff",
    bind(energy) {
      const clusters = new Clusters(energy, "wolff");
      const info = { acceptanceProbability: 1, diverged: false, clusterSize: 0 };
      return {
        init: (position) => clusters.init(position),
        step(rng, state, inverseTemperature) {
          clusters.temper(inverseTemperature);
          info.acceptanceProbability = 0;
          info.clusterSize = 0;
          for (let k = 0; k < count; k++) {
            const x = state.position;
            const size = clusters.grow(rng, x, rng.index(x.length), clusters.grown);
            info.clusterSize += size / count;
            info.acceptanceProbability += change(rng, clusters, state, size, inverseTemperature) / count;
          }
          return info;
        },
      };
    },
  };
}

/** Offers the cluster another label and returns the probability that it takes it. */
function change(rng: Rng, clusters: Clusters, state: ClusterState, size: number, beta: number): number {
  const { bonds, sites, member, grown } = clusters;
  const { states: q, adjacency, couplings, field } = bonds;
  const { starts, neighbors, values } = adjacency;
  const x = state.position;
  const before = x[sites[0]];
  const after = q === 2 ? 1 - before : (before + 1 + rng.index(q - 1)) % q;
  let fieldCost = 0;
  let cost = 0;
  for (let at = 0; at < size; at++) {
    const i = sites[at];
    fieldCost += field[i * q + before] - field[i * q + after];
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = neighbors[k];
      if (member[j] === grown) continue;
      if (x[j] === before) cost += couplings[values[k]];
      else if (x[j] === after) cost -= couplings[values[k]];
    }
  }
  const p = fieldCost <= 0 ? 1 : exp(-beta * fieldCost);
  if (clusters.inField && !rng.bernoulli(p)) return p;
  for (let at = 0; at < size; at++) x[sites[at]] = after;
  state.energy += cost + fieldCost;
  return p;
}
