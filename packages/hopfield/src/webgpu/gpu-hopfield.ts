import { checkNumber, type VectorLike } from "@basin/energy-core";
import { checkKind, checkOptions } from "@basin/energy-core/internal";
import type { RunOptions } from "@basin/energy-core/run";
import type { HopfieldMemory, PlainHopfield } from "../classical/memory.ts";
import { toState } from "../patterns.ts";
import { plainMemory } from "../plain.ts";
import { type GpuMemoryOptions, inChunks, inTurn, type OnDevice, place } from "./gpu-run.ts";
import { type Sweeper, sweeper } from "./synchronous.ts";
import { type GpuSettling, type Reached, verified } from "./verify.ts";

/** Probes that the CPU recalls between two looks at the clock. */
const CPU_ROWS = 64;

/** Options of {@link GpuHopfield.recallAll}. */
export interface GpuRecallOptions extends RunOptions {
  /** Sweeps after which recall stops, at least 1. Default 100. */
  maxSweeps?: number;
}

/** A Hopfield network on a device. */
export interface GpuHopfield extends OnDevice {
  /**
   * Resolves to where synchronous recall leads from each probe: all neurons of all probes at once, a tie giving +1.
   * Progress counts probes. Fixed points and cycles are those of the memory's own weights in double precision, checked
   * on the host once for each different state, and so are the energies.
   *
   * @param probes each with N entries, −1 or +1.
   * @throws {DeviceError} when the device is lost or refuses work.
   */
  recallAll(probes: readonly VectorLike[], options?: GpuRecallOptions): Promise<readonly GpuSettling[]>;
}

/**
 * Resolves to a Hopfield network whose patterns or weights lie on a GPU, for recall of thousands of probes.
 *
 * Hebb's rule counts in integers: states, sweeps and ends are those of `recallAll(memory, probes, { dynamics:
 * "synchronous" })` to the bit. Other rules take fields h_i = Σ_j w_ij S_j in single precision; a field within rounding
 * of its threshold may turn otherwise there, and where the host finds that a state is no fixed point, it goes on from
 * it.
 *
 * @example
 * ```ts
 * import { corrupt, hopfield, randomPatterns } from "@basin/hopfield";
 * import { gpuHopfield } from "@basin/hopfield/webgpu";
 *
 * const patterns = randomPatterns(8, 200, { seed: 1 });
 * const memory = await gpuHopfield(hopfield(patterns), { device: "auto" });
 * const probe = corrupt(patterns.data.subarray(0, 200), 0.1, { seed: 2 });
 * const [{ converged, energy }] = await memory.recallAll([probe]);
 * console.log(converged, energy, memory.device); // true, energy, cpu or gpu
 * memory.dispose();
 * ```
 *
 * @throws {ArgumentError} for a memory that `hopfield` did not make.
 * @throws {CapabilityError} where a GPU was asked for, and is missing.
 * @throws {CostError} for more than the device holds: N² weights of four bytes, or the patterns at a bit an entry.
 */
export async function gpuHopfield(
  memory: HopfieldMemory,
  options: GpuMemoryOptions = {},
): Promise<GpuHopfield> {
  checkOptions("gpuHopfield", options, "device");
  checkKind("memory", memory, typeof memory?.rule === "string", "a network made by hopfield");
  const { engine, report } = await place(options, (device) =>
    sweeper(device, memory, plainMemory(memory) as PlainHopfield),
  );
  const turn = inTurn();
  return {
    ...report,
    recallAll: (probes, own = {}) => {
      checkOptions("recallAll", own, "maxSweeps signal onProgress");
      const { maxSweeps = 100, ...run } = own;
      checkNumber("maxSweeps", maxSweeps, { min: 1, integer: true });
      const states = probes.map((probe) => toState(probe, memory.thresholds.length, "probe"));
      return turn(() =>
        inChunks(states.length, engine?.rows ?? CPU_ROWS, run, (from, end) => {
          const some = states.slice(from, end);
          return engine ? recallOn(engine, memory, some, maxSweeps) : recallHere(memory, some, maxSweeps);
        }),
      );
    },
  };
}

function recallHere(memory: HopfieldMemory, probes: readonly Int8Array[], maxSweeps: number): GpuSettling[] {
  const ends = memory.can.recall(probes, { dynamics: "synchronous", maxSweeps });
  return ends.map(({ state, energy, steps, converged, cycle }) => ({
    ...{ state, energy, sweeps: steps, converged },
    ...(cycle && { cycle }),
  }));
}

/** Sweeps until all rows have ended; from round to round, those that are open alone. */
async function recallOn(
  engine: Sweeper,
  memory: HopfieldMemory,
  probes: readonly Int8Array[],
  maxSweeps: number,
): Promise<GpuSettling[]> {
  const words = Math.ceil(memory.thresholds.length / 32);
  const row = (all: Uint32Array, r: number) => all.subarray(r * words, (r + 1) * words);
  const reached = new Array<Reached>(probes.length);
  let open = probes.map((_, k) => k);
  let spins = new Uint32Array(probes.length * words);
  let turned = new Uint32Array(spins.length);
  for (const [r, probe] of probes.entries()) pack(probe, row(spins, r));
  for (let done = 0; open.length > 0; ) {
    const swept = await engine.sweep({ spins, turned }, maxSweeps - done);
    const taken = Math.max(...swept.ends.map(({ sweeps }) => sweeps));
    const left: number[] = [];
    for (const [r, { end, sweeps }] of swept.ends.entries()) {
      if (end === undefined && done + taken < maxSweeps) left.push(r);
      else reached[open[r]] = { bits: row(swept.spins, r).slice(), end, sweeps: done + sweeps };
    }
    done += taken;
    spins = new Uint32Array(left.length * words);
    turned = new Uint32Array(left.length * words);
    for (const [to, r] of left.entries()) {
      row(spins, to).set(row(swept.spins, r));
      row(turned, to).set(row(swept.turned, r));
    }
    open = left.map((r) => open[r]);
  }
  return verified(memory, reached, maxSweeps);
}

/** Writes a bit for each spin, 1 for +1, the first one lowest. */
function pack(state: Int8Array, bits: Uint32Array): void {
  for (let i = 0; i < state.length; i++) if (state[i] > 0) bits[i >> 5] |= 1 << (i & 31);
}
