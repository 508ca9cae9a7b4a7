import { ArgumentError, CapabilityError, type Energy } from "@basin/energy-core";
import { exp, type Rng } from "@basin/energy-core/random";
import type { KernelState } from "@basin/samplers";
import type { PottsBonds } from "./potts.ts";

/** An energy of labels that shows its bonds. */
export type BondedEnergy = Energy<Uint8Array, { readonly bonds: PottsBonds }>;

/** Labels and their energy. */
export interface ClusterState extends KernelState<Uint8Array> {
  energy: number;
}

/**
 * Grows clusters over neighbors of the same label, each bond taken with probability 1 − exp(−βJ) (Fortuin & Kasteleyn
 * 1972). What it caches of the couplings is good until they change.
 */
export class Clusters {
  readonly bonds: PottsBonds;
  readonly inField: boolean;
  readonly #energy: BondedEnergy;
  /** The sites of the last cluster, in the order that they joined. */
  readonly sites: Int32Array;
  /** Number of the last cluster that each site was in; numbers rise. */
  readonly member: Float64Array;
  /** Number of the last cluster. */
  grown = 0;
  /** Probability that an entry of the adjacency is taken, at `#beta`. */
  readonly #taken: Float64Array;
  #beta = Number.NaN;

  /**
   * @throws {CapabilityError} for an energy without bonds; {ArgumentError} for a coupling below 0; both name `kernel`.
   */
  constructor(energy: BondedEnergy, kernel: string) {
    const { bonds } = energy.can;
    if (bonds === undefined) {
      throw new CapabilityError(
        `${kernel} needs the bonds of a Potts model; an energy over ${energy.space.name} has none`,
      );
    }
    const { sources, targets, couplings } = bonds;
    const bad = couplings.findIndex((J) => J < 0);
    if (bad >= 0) {
      throw new ArgumentError(
        `the coupling of sites ${sources[bad]} and ${targets[bad]} is ${couplings[bad]}, expected at least 0 for ${kernel}; use heatBath`,
      );
    }
    this.#energy = energy;
    this.bonds = bonds;
    this.inField = bonds.field.some((h) => h !== 0);
    this.sites = new Int32Array(energy.space.dimension);
    this.member = new Float64Array(energy.space.dimension);
    this.#taken = new Float64Array(bonds.adjacency.neighbors.length);
  }

  init(position: Uint8Array): ClusterState {
    this.#energy.space.check(position, "the start");
    return { position: position.slice(), energy: this.#energy.energy(position) };
  }

  /** Makes bonds be taken as at β. */
  temper(beta: number): void {
    if (beta === this.#beta) return;
    const { adjacency, couplings } = this.bonds;
    this.#beta = beta;
    for (let k = 0; k < this.#taken.length; k++) {
      const J = couplings[adjacency.values[k]];
      this.#taken[k] = J === 0 ? 0 : 1 - exp(-beta * J);
    }
  }

  /** Grows the cluster of a site over sites that were in none since cluster number `since`, and returns its size. */
  grow(rng: Rng, x: Uint8Array, site: number, since: number): number {
    const { starts, neighbors } = this.bonds.adjacency;
    const { sites, member } = this;
    const taken = this.#taken;
    const label = x[site];
    const mark = ++this.grown;
    sites[0] = site;
    member[site] = mark;
    let size = 1;
    for (let at = 0; at < size; at++) {
      const end = starts[sites[at] + 1];
      for (let k = starts[sites[at]]; k < end; k++) {
        const j = neighbors[k];
        if (x[j] !== label || member[j] > since || !rng.bernoulli(taken[k])) continue;
        member[j] = mark;
        sites[size++] = j;
      }
    }
    return size;
  }
}
