import { CapabilityError } from "@basin/energy-core";
import { exp, type Rng } from "@basin/energy-core/random";
import type { SpinProblem } from "../problem/spin-problem.ts";

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
 * Grows the cluster of spin `seed` over bonds that the spins satisfy, each taken with its probability; members are marked
 * and listed on the stack from `base` on, and not visited again. Returns the end of the list.
 */
export function growCluster(
  spins: Int8Array,
  graph: ClusterGraph,
  rng: Pick<Rng, "bernoulli">,
  { stack, member }: ClusterScratch,
  seed: number,
  base: number,
): number {
  const { starts, neighbours, values, bond } = graph;
  stack[base] = seed;
  member[seed] = 1;
  let end = base + 1;
  for (let done = base; done < end; done++) {
    const i = stack[done];
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = neighbours[k];
      if (member[j] === 0 && spins[i] * spins[j] * values[k] > 0 && rng.bernoulli(bond[k])) {
        member[j] = 1;
        stack[end++] = j;
      }
    }
  }
  return end;
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
  const size = growCluster(spins, graph, rng, scratch, rng.index(spins.length), 0);
  for (let k = 0; k < size; k++) {
    const i = scratch.stack[k];
    spins[i] = -spins[i];
    scratch.member[i] = 0;
  }
  return size;
}

/**
 * Divides all spins into clusters and flips each with probability ½ (Swendsen & Wang 1987); returns the number of clusters.
 * Every bond is looked at once: later clusters pass over spins that earlier ones have visited.
 */
export function swendsenWangSweep(
  spins: Int8Array,
  graph: ClusterGraph,
  rng: Pick<Rng, "bernoulli">,
  scratch: ClusterScratch,
): number {
  const { stack, member } = scratch;
  let base = 0;
  let clusters = 0;
  const flips: number[] = [];
  for (let seed = 0; seed < spins.length; seed++) {
    if (member[seed] === 1) continue;
    const end = growCluster(spins, graph, rng, scratch, seed, base);
    clusters++;
    if (rng.bernoulli(0.5)) flips.push(base, end);
    base = end;
  }
  // Flipped at the end: bonds between clusters were judged by the old spins.
  for (let f = 0; f < flips.length; f += 2) {
    for (let k = flips[f]; k < flips[f + 1]; k++) spins[stack[k]] = -spins[stack[k]];
  }
  member.fill(0);
  return clusters;
}
