import type { Rng } from "@basin/energy-core/random";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { Dynamics } from "../sweep/dynamics.ts";
import { total } from "../sweep/scalar.ts";
import { type ClusterGraph, ClusterScratch, clusterGraph, swendsenWangSweep, wolffStep } from "./clusters.ts";

/** What both cluster dynamics share: spins, scratch space and the bond probabilities of the last temperature. */
abstract class ClusterDynamics implements Dynamics {
  protected readonly spinArray: Int8Array;
  protected readonly scratch: ClusterScratch;
  protected readonly rng: Rng;
  protected updates = 0;
  readonly #problem: SpinProblem;
  #graph: ClusterGraph | undefined;
  #inverseTemperature = Number.NaN;

  constructor(problem: SpinProblem, rng: Rng, start: Int8Array) {
    this.#problem = problem;
    this.rng = rng;
    this.spinArray = start.slice();
    this.scratch = new ClusterScratch(problem.variables);
  }

  abstract sweep(count: number, inverseTemperature: number): void;

  protected graphAt(inverseTemperature: number): ClusterGraph {
    if (this.#graph === undefined || inverseTemperature !== this.#inverseTemperature) {
      this.#graph = clusterGraph(this.#problem, inverseTemperature);
      this.#inverseTemperature = inverseTemperature;
    }
    return this.#graph;
  }

  magnetization(): number {
    return total(this.spinArray);
  }

  energy(): number {
    return this.#problem.energy(this.spinArray);
  }

  spins(out: Int8Array): Int8Array {
    out.set(this.spinArray);
    return out;
  }

  takeUpdates(): number {
    const { updates } = this;
    this.updates = 0;
    return updates;
  }
}

/** Swendsen–Wang dynamics: a sweep divides all spins into clusters. */
export class SwendsenWangDynamics extends ClusterDynamics {
  sweep(count: number, inverseTemperature: number): void {
    const graph = this.graphAt(inverseTemperature);
    for (let i = 0; i < count; i++) swendsenWangSweep(this.spinArray, graph, this.rng, this.scratch);
    this.updates += count * this.spinArray.length;
  }
}

/**
 * Wolff dynamics. While warming up, a sweep grows clusters until as many spins as the model has were flipped;
 * {@link settle} then fixes the number of clusters a sweep, because stopping by size would favour some states over others.
 */
export class WolffDynamics extends ClusterDynamics {
  /** Clusters of one sweep; 0 while warming up. */
  clustersPerSweep = 0;
  #flipped = 0;
  #clusters = 0;

  sweep(count: number, inverseTemperature: number): void {
    const graph = this.graphAt(inverseTemperature);
    const target = count * this.spinArray.length;
    const clusters = count * this.clustersPerSweep;
    let flipped = 0;
    let grown = 0;
    while (clusters > 0 ? grown < clusters : flipped < target) {
      flipped += wolffStep(this.spinArray, graph, this.rng, this.scratch);
      grown++;
    }
    this.updates += flipped;
    this.#flipped += flipped;
    this.#clusters += grown;
  }

  /** Ends the warm-up: from now on a sweep is the number of clusters that flipped about n spins so far. */
  settle(): void {
    const size = this.#clusters === 0 ? this.spinArray.length : this.#flipped / this.#clusters;
    this.clustersPerSweep = Math.max(1, Math.round(this.spinArray.length / size));
  }
}
