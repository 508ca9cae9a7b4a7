import { CapabilityError } from "@basin/energy-core";
import { exp, type Rng } from "@basin/energy-core/random";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { Dynamics } from "../sweep/dynamics.ts";
import { total } from "../sweep/scalar.ts";

/** A graph prepared for growing clusters at one temperature. */
export interface ClusterGraph {
  readonly starts: Int32Array;
  readonly neighbours: Int32Array;
  readonly values: Float64Array;
  /** 1 − exp(−2β|J|) of every entry: the probability of a bond between spins that satisfy it. */
  readonly bond: Float64Array;
}

/**
 * Returns the bond probabilities of `problem` at one temperature.
 *
 * @throws {CapabilityError} when a spin has a field: clusters of one spin's sign flip freely only without.
 */
export function clusterGraph(problem: SpinProblem, inverseTemperature: number): ClusterGraph {
  const site = problem.fields.findIndex((h) => h !== 0);
  if (site >= 0) {
    throw new CapabilityError(
      `cluster algorithms need a model without fields, but spin ${site} has field ${problem.fields[site]}; use metropolis or heat-bath`,
    );
  }
  const { starts, neighbours, values } = problem.adjacency;
  const bond = values.map((J) => 1 - exp(-2 * inverseTemperature * Math.abs(J)));
  return { starts, neighbours, values, bond };
}

/** Scratch space for clusters of up to n spins. */
export class ClusterScratch {
  readonly stack: Int32Array;
  /** 1 for members of the growing cluster, 0 between clusters. */
  readonly member: Uint8Array;

  constructor(variables: number) {
    this.stack = new Int32Array(variables);
    this.member = new Uint8Array(variables);
  }
}

/**
 * Grows one cluster from a random spin and flips it (Wolff 1989); returns its size. Rejection-free: exp(−βH) is stationary
 * for any couplings, though clusters help only where they are not frustrated.
 */
export function wolffStep(
  spins: Int8Array,
  graph: ClusterGraph,
  rng: Pick<Rng, "bernoulli" | "index">,
  scratch: ClusterScratch,
): number {
  const { starts, neighbours, values, bond } = graph;
  const { stack, member } = scratch;
  stack[0] = rng.index(spins.length);
  member[stack[0]] = 1;
  let size = 1;
  for (let done = 0; done < size; done++) {
    const i = stack[done];
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = neighbours[k];
      if (member[j] === 0 && spins[i] * spins[j] * values[k] > 0 && rng.bernoulli(bond[k])) {
        member[j] = 1;
        stack[size++] = j;
      }
    }
  }
  for (let done = 0; done < size; done++) {
    const i = stack[done];
    spins[i] = -spins[i];
    member[i] = 0;
  }
  return size;
}

/**
 * Wolff dynamics. While warming up, a sweep grows clusters until as many spins as the model has were flipped;
 * {@link settle} then fixes the number of clusters a sweep, because stopping by size would favour some states over others.
 */
export class WolffDynamics implements Dynamics {
  /** Clusters of one sweep; 0 while warming up. */
  clustersPerSweep = 0;
  readonly #problem: SpinProblem;
  readonly #rng: Rng;
  readonly #spins: Int8Array;
  readonly #scratch: ClusterScratch;
  #graph: ClusterGraph | undefined;
  #inverseTemperature = Number.NaN;
  #updates = 0;
  #flipped = 0;
  #clusters = 0;

  constructor(problem: SpinProblem, rng: Rng, start: Int8Array) {
    this.#problem = problem;
    this.#rng = rng;
    this.#spins = start.slice();
    this.#scratch = new ClusterScratch(problem.variables);
  }

  sweep(count: number, inverseTemperature: number): void {
    if (this.#graph === undefined || inverseTemperature !== this.#inverseTemperature) {
      this.#graph = clusterGraph(this.#problem, inverseTemperature);
      this.#inverseTemperature = inverseTemperature;
    }
    const target = count * this.#spins.length;
    const clusters = count * this.clustersPerSweep;
    let flipped = 0;
    let grown = 0;
    while (clusters > 0 ? grown < clusters : flipped < target) {
      flipped += wolffStep(this.#spins, this.#graph, this.#rng, this.#scratch);
      grown++;
    }
    this.#updates += flipped;
    this.#flipped += flipped;
    this.#clusters += grown;
  }

  /** Ends the warm-up: from now on a sweep is the number of clusters that flipped about n spins so far. */
  settle(): void {
    const size = this.#clusters === 0 ? this.#spins.length : this.#flipped / this.#clusters;
    this.clustersPerSweep = Math.max(1, Math.round(this.#spins.length / size));
  }

  magnetization(): number {
    return total(this.#spins);
  }

  energy(): number {
    return this.#problem.energy(this.#spins);
  }

  spins(out: Int8Array): Int8Array {
    out.set(this.#spins);
    return out;
  }

  takeUpdates(): number {
    const updates = this.#updates;
    this.#updates = 0;
    return updates;
  }
}
