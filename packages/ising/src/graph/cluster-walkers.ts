import { CapabilityError } from "@basin/energy-core";
import {
  type Chosen,
  checkOptions,
  chooseKernel,
  seedTape,
  type WasmInstance,
} from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import type { WalkersState } from "@basin/samplers/internal";
import { type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import { restoreParts, saveParts } from "../sweep/memory-parts.ts";
import { type EngineOptions, OneState, oneByOne, type SpinWalkerKernel } from "../sweep/one-state.ts";
import { threshold } from "../sweep/rules.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";
import { CLUSTER_COUNT } from "./cluster-twin.ts";
import type { GraphExports } from "./exports.ts";
import { graphKernel } from "./graph-kernel.ts";
import { type GraphLayout, graphLayout } from "./graph-memory.ts";

/** The cluster algorithms. */
export type ClusterAlgorithm = "wolff" | "swendsen-wang";

/**
 * Returns cluster dynamics. A Swendsen–Wang sweep divides all spins. During warm-up, a Wolff sweep grows clusters until
 * it has flipped as many spins as the model has. `settle` then fixes the number of clusters in a sweep, because
 * stopping by size would favor some states.
 *
 * @throws {CapabilityError} at binding, when a spin has a field: clusters flip freely only without fields.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { cluster, createModel } from "@basin/ising";
 *
 * const walkers = await cluster("swendsen-wang").walkers(createModel("square", 16), { groups: 2, streams: (group) => createRng(1).split(group) });
 * walkers.step(20, [0.2, 0.6]);
 * console.log(walkers.energies(new Float64Array(2)), walkers.can.magnetizations(new Float64Array(2)));
 * ```
 */
export function cluster(
  algorithm: ClusterAlgorithm = "wolff",
  options: EngineOptions = {},
): SpinWalkerKernel {
  checkOptions("cluster", options, "start kernel");
  return oneByOne(algorithm, (energy) => clusterWalker(toSpinProblem(energy, "cluster"), algorithm, options));
}

async function clusterWalker(
  problem: SpinProblem,
  algorithm: ClusterAlgorithm,
  options: EngineOptions,
): Promise<ClusterWalker> {
  refuseFields(problem);
  const { starts, neighbors, values } = problem.adjacency;
  const n = problem.variables;
  const alike = values.every((J) => Math.abs(J) === Math.abs(values[0]));
  const entries = Math.max(1, alike ? 1 : values.length);
  const layout = graphLayout(problem, { bonds: 8 * entries, stack: 4 * (n + 1) });
  const chosen = await chooseKernel(graphKernel(layout.bytes), options.kernel);
  const { buffer } = chosen.implementation.memory;
  new Int32Array(buffer, layout.starts).set(starts);
  const codes = new Int32Array(buffer, layout.neighbors, neighbors.length);
  for (let k = 0; k < codes.length; k++) codes[k] = 2 * neighbors[k] + (values[k] < 0 ? 1 : 0);
  return new ClusterWalker(problem, { ...options, wolff: algorithm === "wolff", alike }, layout, chosen);
}

function refuseFields(problem: SpinProblem): void {
  const site = problem.fields.findIndex((h) => h !== 0);
  if (site < 0) return;
  throw new CapabilityError(
    `cluster algorithms need a model without fields, but spin ${site} has field ${problem.fields[site]}; use metropolis or heat-bath`,
  );
}

const CERTAIN = [0xffffffff, 0xffffffff] as const;

class ClusterWalker extends OneState {
  /** Clusters of one Wolff sweep; 0 while warming up. */
  clustersPerSweep?: number;
  readonly #problem: SpinProblem;
  readonly #layout: GraphLayout;
  readonly #exports: GraphExports;
  readonly #buffer: ArrayBuffer;
  readonly #spins: Uint8Array;
  readonly #signs: Int8Array;
  readonly #alike: boolean;
  #inverseTemperature = Number.NaN;
  #flipped = 0;
  #clusters = 0;

  constructor(
    problem: SpinProblem,
    { start, wolff, alike }: EngineOptions & { wolff: boolean; alike: boolean },
    layout: GraphLayout,
    chosen: Chosen<WasmInstance<GraphExports>>,
  ) {
    super(problem, chosen, start);
    const { exports, memory } = chosen.implementation;
    if (wolff) {
      this.clustersPerSweep = 0;
      this.can.settle = () => this.#settle();
    }
    this.#problem = problem;
    this.#layout = layout;
    this.#exports = exports;
    this.#buffer = memory.buffer;
    this.#spins = new Uint8Array(memory.buffer, layout.spins, layout.n);
    this.#signs = new Int8Array(layout.n);
    this.#alike = alike;
  }

  protected seed(rng: Rng): void {
    seedTape(new Uint32Array(this.#buffer), rng);
    if (this.clustersPerSweep !== undefined) this.clustersPerSweep = 0;
    this.#flipped = 0;
    this.#clusters = 0;
  }

  protected load(spins: ArrayLike<number>): void {
    for (let i = 0; i < this.#spins.length; i++) this.#spins[i] = spins[i] > 0 ? 1 : 0;
  }

  protected sweep(count: number, inverseTemperature: number): void {
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
    this.updates += visited;
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

  #settle(): void {
    const size = this.#clusters === 0 ? this.#layout.n : this.#flipped / this.#clusters;
    this.clustersPerSweep = Math.max(1, Math.round(this.#layout.n / size));
  }

  protected magnetization(): number {
    const { n, spins } = this.#layout;
    return 2 * this.#exports.sumBytes(spins, n) - n;
  }

  protected energy(): number {
    const { values } = this.#problem.adjacency;
    if (!this.#alike || values.length === 0) return this.#problem.energy(this.spins(this.#signs));
    const { n, starts, neighbors, spins } = this.#layout;
    const broken = this.#exports.brokenBonds(n, starts, neighbors, spins);
    return this.#problem.offset - Math.abs(values[0]) * (values.length / 2 - 2 * broken);
  }

  protected spins(out: Int8Array): Int8Array {
    for (let i = 0; i < out.length; i++) out[i] = 2 * this.#spins[i] - 1;
    return out;
  }

  save(): WalkersState {
    const numbers = [this.clustersPerSweep ?? -1, this.#flipped, this.#clusters];
    return { bytes: saveParts(this.#buffer, this.#parts()), numbers };
  }

  restore(state: WalkersState): void {
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
