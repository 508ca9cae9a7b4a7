import type { Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelOption, type WasmInstance } from "@basin/energy-core/wasm";
import { plainEnergy } from "../../problem/energy-terms.ts";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { LaneBatch } from "../lanes/batch.ts";
import type { LaneExports } from "../lanes/exports.ts";
import { laneKernel } from "../lanes/kernel.ts";
import { LANES, type LaneLayout } from "../lanes/layout.ts";
import type { Ladder } from "./contract.ts";

const MOST_BYTES = 2 ** 31;

/** Returns eight ladders side by side; `undefined` where their memory would pass 2 GiB. */
export async function laneLadder(
  layout: LaneLayout,
  levels: number,
  option: KernelOption | undefined,
): Promise<Ladder | undefined> {
  if (layout.bytes * levels > MOST_BYTES) return undefined;
  const instances: WasmInstance<LaneExports>[] = [];
  for (let k = 0; k < levels; k++)
    instances.push((await chooseKernel(laneKernel(layout.bytes), option)).implementation);
  return new LaneLadder(layout, instances);
}

/** A level is a batch of its own, each in a memory of its own. */
class LaneLadder implements Ladder {
  readonly replicas = LANES;
  readonly #problem: SpinProblem;
  readonly #batches: LaneBatch[];
  readonly #spins: Float32Array[];
  readonly #energies = new Float64Array(LANES);
  readonly #state: Int8Array;
  readonly #seen: Uint32Array;
  readonly #stack: Int32Array;
  #mark = 0;

  constructor(layout: LaneLayout, instances: readonly WasmInstance<LaneExports>[]) {
    const { variables } = layout.problem;
    this.#problem = layout.problem;
    this.#batches = instances.map((instance) => new LaneBatch(layout, instance));
    this.#spins = instances.map(
      ({ memory }) => new Float32Array(memory.buffer, layout.spins, LANES * variables),
    );
    this.#state = new Int8Array(variables);
    this.#seen = new Uint32Array(variables);
    this.#stack = new Int32Array(variables);
  }

  start(level: number, rng: Rng): void {
    this.#batches[level].start(rng);
  }

  visit(level: number, inverseTemperature: number, sweeps: number, clusters?: Rng): Float64Array {
    this.#batches[level].anneal(new Float64Array(sweeps).fill(inverseTemperature), 0, sweeps);
    if (clusters !== undefined) {
      for (let r = 0; r < LANES; r += 2) this.#moveCluster(this.#spins[level], r, clusters);
    }
    for (let r = 0; r < LANES; r++) {
      this.read(level, r, this.#state);
      this.#energies[r] = plainEnergy(this.#problem, this.#state);
    }
    return this.#energies;
  }

  exchange(a: number, b: number, chosen: Uint8Array): void {
    const [x, y] = [this.#spins[a], this.#spins[b]];
    for (let r = 0; r < LANES; r++) {
      if (chosen[r] === 0) continue;
      for (let at = r; at < x.length; at += LANES) [x[at], y[at]] = [y[at], x[at]];
    }
  }

  read(level: number, replica: number, out: Int8Array): void {
    this.#batches[level].readState(replica, out);
  }

  /** Flips, in replicas r and r + 1, the connected nodes where they differ, from a random one on. */
  #moveCluster(spins: Float32Array, r: number, rng: Rng): void {
    const { starts, neighbors } = this.#problem.adjacency;
    const n = this.#seen.length;
    const from = rng.index(n);
    let seed = -1;
    for (let step = 0; step < n && seed < 0; step++) {
      const i = (from + step) % n;
      if (spins[LANES * i + r] !== spins[LANES * i + r + 1]) seed = i;
    }
    if (seed < 0) return;
    const mark = ++this.#mark;
    const [seen, stack] = [this.#seen, this.#stack];
    let height = 0;
    stack[height++] = seed;
    seen[seed] = mark;
    while (height > 0) {
      const i = stack[--height];
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        const j = neighbors[k];
        const at = LANES * j + r;
        if (seen[j] === mark || spins[at] === spins[at + 1]) continue;
        seen[j] = mark;
        stack[height++] = j;
      }
      spins[LANES * i + r] = -spins[LANES * i + r];
      spins[LANES * i + r + 1] = -spins[LANES * i + r + 1];
    }
  }
}
