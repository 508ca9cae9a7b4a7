import { type KernelName, seedTape, type WasmInstance } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { Walkers } from "@basin/samplers";
import {
  groupTemperature,
  type Initial,
  type Streams,
  type WalkerMoves,
  type WalkersState,
  writeInitial,
} from "@basin/samplers/internal";
import { restoreParts, saveParts } from "../../sweep/memory-parts.ts";
import type { LaneExports } from "./exports.ts";
import { LANES, type LaneLayout, STRETCH } from "./layout.ts";

/** Eight replicas a group, one lane of 32-bit floats each. Every group has its own memory. */
export class LaneWalkers implements Walkers<Int8Array, Pick<WalkerMoves, "follow" | "clusters">> {
  readonly count: number;
  readonly group = LANES;
  readonly kernel: KernelName;
  readonly can = {
    follow: (betas: Float64Array, from: number, to: number, group?: number) =>
      this.#each(group, (g) => this.#sweeps(g, betas, from, to)),
    clusters: (rng: Rng, group: number) => {
      this.#stale[group] = 1;
      for (let r = 0; r < LANES; r += 2) this.#moveCluster(this.#spins[group], r, rng);
    },
  };
  readonly #layout: LaneLayout;
  readonly #instances: readonly WasmInstance<LaneExports>[];
  readonly #spins: readonly Float32Array[];
  readonly #state: Int8Array;
  readonly #seen: Uint32Array;
  readonly #stack: Int32Array;
  /** Groups whose fields no longer match their spins. */
  readonly #stale: Uint8Array;
  #mark = 0;

  constructor(layout: LaneLayout, instances: readonly WasmInstance<LaneExports>[], kernel: KernelName) {
    const { variables } = layout.problem;
    this.count = LANES * instances.length;
    this.kernel = kernel;
    this.#layout = layout;
    this.#instances = instances;
    for (const { memory } of instances) layout.write(memory.buffer);
    this.#spins = instances.map(
      ({ memory }) => new Float32Array(memory.buffer, layout.spins, LANES * variables),
    );
    this.#state = new Int8Array(variables);
    this.#stale = new Uint8Array(instances.length).fill(1);
    this.#seen = new Uint32Array(variables);
    this.#stack = new Int32Array(variables);
  }

  start(streams: Streams, initial?: Initial<Int8Array>): void {
    const { tape } = this.#layout;
    this.#stale.fill(1);
    for (const [g, { memory }] of this.#instances.entries()) {
      const rng = streams(g);
      seedTape(new Int32Array(memory.buffer), rng, tape);
      const spins = this.#spins[g];
      for (let at = 0; at < spins.length; at += LANES) {
        const bits = rng.uint32();
        for (let r = 0; r < LANES; r++) spins[at + r] = (bits >>> r) & 1 ? 1 : -1;
      }
    }
    writeInitial(this, streams, initial);
  }

  step(steps: number, inverseTemperatures: number | ArrayLike<number>, group?: number): void {
    this.#each(group, (g) => {
      const betas = new Float64Array(Math.min(steps, STRETCH)).fill(groupTemperature(inverseTemperatures, g));
      for (let left = steps; left > 0; left -= STRETCH) this.#sweeps(g, betas, 0, Math.min(left, STRETCH));
    });
  }

  /**
   * Makes sweeps `from` … `to − 1`. The fields are recomputed at the beginning of each stretch of {@link STRETCH}
   * sweeps.
   */
  #sweeps(group: number, inverseTemperatures: Float64Array, from: number, to: number): void {
    const { problem, nodes, spins, starts, site, betas, tape, scale } = this.#layout;
    const { exports, memory } = this.#instances[group];
    const factor = 2 * Math.LOG2E * scale;
    const row = new Float32Array(memory.buffer, betas, STRETCH);
    for (let s = from; s < to; ) {
      const end = Math.min(to, s - (s % STRETCH) + STRETCH);
      for (let k = s; k < end; k++) row[k - s] = inverseTemperatures[k] * factor;
      if (s % STRETCH === 0 || this.#stale[group] === 1)
        exports.laneFields(problem.variables, nodes, spins, starts, site);
      this.#stale[group] = 0;
      exports.laneSweeps(problem.variables, nodes, spins, starts, betas, end - s, tape);
      s = end;
    }
  }

  energies(out: Float64Array, group?: number): Float64Array {
    this.#each(group, (g) => {
      for (let w = g * LANES; w < (g + 1) * LANES; w++)
        out[w] = this.#layout.problem.energy(this.read(w, this.#state));
    });
    return out;
  }

  read(walker: number, out: Int8Array = new Int8Array(this.#state.length)): Int8Array {
    const spins = this.#spins[Math.floor(walker / LANES)];
    for (let i = 0, at = walker % LANES; i < out.length; i++, at += LANES) out[i] = spins[at];
    return out;
  }

  write(walker: number, state: Int8Array): void {
    const spins = this.#spins[Math.floor(walker / LANES)];
    for (let i = 0, at = walker % LANES; i < state.length; i++, at += LANES) spins[at] = state[i];
    this.#stale[Math.floor(walker / LANES)] = 1;
  }

  exchange(a: number, b: number, chosen?: Uint8Array): void {
    const [x, y] = [this.#spins[a], this.#spins[b]];
    this.#stale[a] = this.#stale[b] = 1;
    for (let r = 0; r < LANES; r++) {
      if (chosen?.[r] === 0) continue;
      for (let at = r; at < x.length; at += LANES) [x[at], y[at]] = [y[at], x[at]];
    }
  }

  save(): WalkersState {
    return {
      bytes: this.#instances.flatMap(({ memory }) => saveParts(memory.buffer, this.#parts())),
      numbers: Array.from(this.#stale),
    };
  }

  restore({ bytes, numbers }: WalkersState): void {
    const parts = this.#parts();
    for (const [g, { memory }] of this.#instances.entries()) {
      const own = bytes.slice(g * parts.length, (g + 1) * parts.length);
      restoreParts(memory.buffer, parts, { bytes: own, numbers });
    }
    this.#stale.set(numbers);
  }

  dispose(): void {}

  /** The tape, then fields and spins. */
  #parts(): [number, number][] {
    const { tape, betas, nodes, starts } = this.#layout;
    return [
      [tape, betas - tape],
      [nodes, starts - nodes],
    ];
  }

  #each(group: number | undefined, visit: (group: number) => void): void {
    if (group !== undefined) visit(group);
    else for (let g = 0; g < this.#instances.length; g++) visit(g);
  }

  /** In replicas r and r + 1, flips the connected nodes where the two differ, starting at a random one. */
  #moveCluster(spins: Float32Array, r: number, rng: Rng): void {
    const { starts, neighbors } = this.#layout.problem.adjacency;
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
