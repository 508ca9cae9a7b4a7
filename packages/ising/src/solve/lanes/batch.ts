import { seedTape } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { WasmInstance } from "@basin/energy-core/wasm";
import type { LaneExports } from "./exports.ts";
import { LANES, type LaneLayout, STRETCH } from "./layout.ts";

/** Eight replicas in the kernel's memory. */
export class LaneBatch {
  readonly #layout: LaneLayout;
  readonly #instance: WasmInstance<LaneExports>;

  constructor(layout: LaneLayout, instance: WasmInstance<LaneExports>) {
    this.#layout = layout;
    this.#instance = instance;
    layout.write(instance.memory.buffer);
  }

  /** Draws random spins for every replica and seeds the kernel's generators, all from `rng`. */
  start(rng: Rng): void {
    const { tape, spins, problem } = this.#layout;
    const { buffer } = this.#instance.memory;
    seedTape(new Int32Array(buffer), rng, tape);
    const floats = new Float32Array(buffer);
    for (let i = 0, at = spins >> 2; i < problem.variables; i++, at += LANES) {
      const bits = rng.uint32();
      for (let r = 0; r < LANES; r++) floats[at + r] = (bits >>> r) & 1 ? 1 : -1;
    }
  }

  /** Runs the Metropolis sweeps `from` … `to − 1` of `inverseTemperatures`, which lie in one stretch of {@link STRETCH}. */
  anneal(inverseTemperatures: Float64Array, from: number, to: number): void {
    const { problem, nodes, spins, starts, site, betas, tape, scale } = this.#layout;
    const { exports, memory } = this.#instance;
    const factor = 2 * Math.LOG2E * scale;
    const row = new Float32Array(memory.buffer, betas, STRETCH);
    for (let s = from; s < to; s++) row[s - from] = inverseTemperatures[s] * factor;
    if (from % STRETCH === 0) exports.laneFields(problem.variables, nodes, spins, starts, site);
    exports.laneSweeps(problem.variables, nodes, spins, starts, betas, to - from, tape);
  }

  /** Writes the spins of replica `r` into `out`. */
  readState(r: number, out: Int8Array): void {
    const floats = new Float32Array(this.#instance.memory.buffer);
    let at = (this.#layout.spins >> 2) + r;
    for (let i = 0; i < out.length; i++, at += LANES) out[i] = floats[at];
  }
}
