import { CapabilityError } from "@basin/energy-core";
import { seedTape } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelName, type KernelOption } from "@basin/energy-core/wasm";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { type Dynamics, type DynamicsState, restoreParts, saveParts } from "../sweep/dynamics.ts";
import { threshold } from "../sweep/rules.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";
import { CLUSTER_COUNT } from "./cluster-twin.ts";
import type { GraphExports } from "./exports.ts";
import type { KernelReport } from "./graph-dynamics.ts";
import { graphKernel } from "./graph-kernel.ts";
import { type GraphLayout, graphLayout } from "./graph-memory.ts";

/** The cluster algorithms. */
export type ClusterAlgorithm = "wolff" | "swendsen-wang";

/** Cluster dynamics: see {@link clusterDynamics}. */
export interface ClusterDynamics extends Dynamics, KernelReport {
  /** Clusters of one Wolff sweep; 0 while warming up. */
  readonly clustersPerSweep?: number;
}

/**
 * Resolves to cluster dynamics. A Swendsen–Wang sweep divides all spins. A Wolff sweep, while warming up, grows clusters until
 * as many spins as the model has were flipped; `settle` then fixes the number of clusters a sweep, because stopping by size would
 * favor some states over others.
 *
 * @throws {CapabilityError} when a spin has a field: clusters of one spin's sign flip freely only without.
 */
export async function clusterDynamics(
  problem: SpinProblem,
  algorithm: ClusterAlgorithm,
  rng: Rng,
  start: Int8Array,
  kernel: KernelOption | undefined,
): Promise<ClusterDynamics> {
  refuseFields(problem);
  const { starts, neighbors, values } = problem.adjacency;
  const n = problem.variables;
  const alike = values.every((J) => Math.abs(J) === Math.abs(values[0]));
  const entries = Math.max(1, alike ? 1 : values.length);
  const layout = graphLayout(problem, { bonds: 8 * entries, stack: 4 * (n + 1) });
  const chosen = await chooseKernel(graphKernel(layout.bytes), kernel);
  const { exports, memory } = chosen.implementation;
  seedTape(new Uint32Array(memory.buffer), rng);
  new Int32Array(memory.buffer, layout.starts).set(starts);
  const codes = new Int32Array(memory.buffer, layout.neighbors, neighbors.length);
  for (let k = 0; k < codes.length; k++) codes[k] = 2 * neighbors[k] + (values[k] < 0 ? 1 : 0);
  const spins = new Uint8Array(memory.buffer, layout.spins, n);
  for (let i = 0; i < n; i++) spins[i] = start[i] > 0 ? 1 : 0;
  const wolff = algorithm === "wolff";
  return new KernelClusters(problem, wolff, layout, exports, memory.buffer, alike, chosen);
}

function refuseFields(problem: SpinProblem): void {
  const site = problem.fields.findIndex((h) => h !== 0);
  if (site < 0) return;
  throw new CapabilityError(
    `cluster algorithms need a model without fields, but spin ${site} has field ${problem.fields[site]}; use metropolis or heat-bath`,
  );
}

const CERTAIN = [0xffffffff, 0xffffffff] as const;

class KernelClusters implements ClusterDynamics {
  readonly kernel: KernelName;
  readonly fallback?: string;
  clustersPerSweep?: number;
  readonly #problem: SpinProblem;
  readonly #layout: GraphLayout;
  readonly #exports: GraphExports;
  readonly #buffer: ArrayBuffer;
  readonly #spins: Uint8Array;
  readonly #signs: Int8Array;
  readonly #alike: boolean;
  #inverseTemperature = Number.NaN;
  #updates = 0;
  #flipped = 0;
  #clusters = 0;

  constructor(
    problem: SpinProblem,
    wolff: boolean,
    layout: GraphLayout,
    exports: GraphExports,
    buffer: ArrayBuffer,
    alike: boolean,
    { kernel, fallback }: KernelReport,
  ) {
    this.kernel = kernel;
    if (fallback !== undefined) this.fallback = fallback;
    if (wolff) this.clustersPerSweep = 0;
    this.#problem = problem;
    this.#layout = layout;
    this.#exports = exports;
    this.#buffer = buffer;
    this.#spins = new Uint8Array(buffer, layout.spins, layout.n);
    this.#signs = new Int8Array(layout.n);
    this.#alike = alike;
  }

  sweep(count: number, inverseTemperature: number): void {
    if (inverseTemperature !== this.#inverseTemperature) this.#setBonds(inverseTemperature);
    const { n, starts, neighbors, spins, at } = this.#layout;
    const wolff = this.clustersPerSweep !== undefined;
    const clusters = wolff ? count * Number(this.clustersPerSweep) : count;
    const [mode, stride] = [wolff ? 0 : 1, this.#alike ? 0 : 8];
    const [bonds, stack] = [at("bonds"), at("stack")];
    if (count === 0) return;
    const visited = this.#exports.growClusters(
      mode,
      n,
      starts,
      neighbors,
      bonds,
      stride,
      spins,
      stack,
      0,
      clusters,
      count * n,
    );
    this.#updates += visited;
    this.#flipped += visited;
    this.#clusters += new Uint32Array(this.#buffer, CLUSTER_COUNT, 1)[0];
  }

  /** Bonds that the spins satisfy are taken with probability 1 − exp(−2β|J|). */
  #setBonds(inverseTemperature: number): void {
    this.#inverseTemperature = inverseTemperature;
    const { values } = this.#problem.adjacency;
    const bonds = new Uint32Array(this.#buffer, this.#layout.at("bonds"));
    const entries = this.#alike ? Math.min(1, values.length) : values.length;
    for (let k = 0; k < entries; k++) {
      const p = 1 - exp(-2 * inverseTemperature * Math.abs(values[k]));
      bonds.set(p < 1 ? threshold(p) : CERTAIN, 2 * k);
    }
  }

  settle(): void {
    if (this.clustersPerSweep === undefined) return;
    const size = this.#clusters === 0 ? this.#layout.n : this.#flipped / this.#clusters;
    this.clustersPerSweep = Math.max(1, Math.round(this.#layout.n / size));
  }

  magnetization(): number {
    const { n, spins } = this.#layout;
    return 2 * this.#exports.sumBytes(spins, n) - n;
  }

  energy(): number {
    const { values } = this.#problem.adjacency;
    if (!this.#alike || values.length === 0) return this.#problem.energy(this.spins(this.#signs));
    const { n, starts, neighbors, spins } = this.#layout;
    const broken = this.#exports.brokenBonds(n, starts, neighbors, spins);
    return this.#problem.offset - Math.abs(values[0]) * (values.length / 2 - 2 * broken);
  }

  spins(out: Int8Array): Int8Array {
    for (let i = 0; i < out.length; i++) out[i] = 2 * this.#spins[i] - 1;
    return out;
  }

  takeUpdates(): number {
    const updates = this.#updates;
    this.#updates = 0;
    return updates;
  }

  save(): DynamicsState {
    const numbers = [this.clustersPerSweep ?? -1, this.#flipped, this.#clusters];
    return { bytes: saveParts(this.#buffer, this.#parts()), numbers };
  }

  restore(state: DynamicsState): void {
    restoreParts(this.#buffer, this.#parts(), state);
    const [perSweep, flipped, clusters] = state.numbers;
    if (perSweep >= 0) this.clustersPerSweep = perSweep;
    this.#flipped = flipped;
    this.#clusters = clusters;
  }

  #parts(): [number, number][] {
    return [
      [0, TAPE_BLOCK],
      [this.#layout.spins, this.#layout.n],
    ];
  }
}
