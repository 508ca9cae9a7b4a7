import { CostError } from "@basin/energy-core";
import {
  Board,
  type Bound,
  dispatch,
  type GpuBuffer,
  type GpuPass,
  type GpuPipeline,
  MOST_GROUPS,
} from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import type { DeviceEngine, SlotWords } from "./engine.ts";
import { BINDING, type DeviceKernel, type DeviceProgram, TOTAL_PARTS } from "./program.ts";

/** Bytes of totals that wait on the device to be read. */
const TOTALS_BYTES = 2 ** 20;
const MOST_ROUNDS = 512;
/** Sweeps of one dispatch where a workgroup holds a lattice: short enough for any driver's watchdog. */
const HELD_SWEEPS = 64;

interface Buffers {
  readonly job: GpuBuffer;
  readonly generators: GpuBuffer;
  readonly thresholds: GpuBuffer;
  readonly totals: GpuBuffer;
  readonly states: readonly GpuBuffer[];
  readonly signs: readonly GpuBuffer[];
}

/** Resolves to the engine on a device. @throws {CostError} for more than the device holds. */
export async function gpuEngine(
  device: GpuDevice,
  program: DeviceProgram,
  slots: number,
): Promise<DeviceEngine> {
  if (slots > MOST_GROUPS)
    throw new CostError(`a device moves at most ${MOST_GROUPS} lattices, not ${slots}`);
  const board = new Board(device);
  try {
    const bytes = 4 * program.sums * TOTAL_PARTS * slots;
    const rounds = Math.max(1, Math.min(MOST_ROUNDS, Math.floor(TOTALS_BYTES / bytes)));
    const buffers = await board.allocate(() => allocate(board, program, slots, rounds));
    const compile = async (kernel: DeviceKernel, entry: "sweep" | "measure") =>
      bindKernel(board, buffers, await board.pipeline(kernel.code, entry), kernel, entry);
    const sweeps = await Promise.all(program.sweeps.map((kernel) => compile(kernel, "sweep")));
    const measures = await Promise.all(program.measures.map((kernel) => compile(kernel, "measure")));
    return new GpuEngine(board, program, slots, rounds, buffers, sweeps, measures);
  } catch (error) {
    board.dispose();
    throw error;
  }
}

function allocate(board: Board, program: DeviceProgram, slots: number, rounds: number): Buffers {
  const { bands, thresholds, sums, states, size, signs } = program;
  const buffers = {
    job: board.uniform("job", 16),
    generators: board.storage("the generators", 16 * bands * slots),
    thresholds: board.storage("the probabilities", 4 * thresholds * slots),
    totals: board.storage("the totals", 4 * sums * TOTAL_PARTS * slots * rounds),
    states: Array.from({ length: states.count }, () => board.storage(states.label, 4 * size * slots)),
    signs: signs.map((words) => board.storage("the signs of a color's bonds", 4 * words.length)),
  };
  for (const [k, words] of signs.entries()) board.write(buffers.signs[k], words);
  return buffers;
}

/** Binds what the kernel declares. */
function bindKernel(
  board: Board,
  buffers: Buffers,
  pipeline: GpuPipeline,
  { reads, signs }: DeviceKernel,
  entry: "sweep" | "measure",
): Bound {
  return board.bind(pipeline, [
    [BINDING.job, buffers.job],
    ...(entry === "measure"
      ? ([[BINDING.totals, buffers.totals]] as const)
      : ([
          [BINDING.generators, buffers.generators],
          [BINDING.thresholds, buffers.thresholds],
        ] as const)),
    ...(signs === undefined ? [] : [[BINDING.signs, buffers.signs[signs]] as const]),
    ...reads.map((k) => [BINDING.states + k, buffers.states[k]] as const),
  ]);
}

class GpuEngine implements DeviceEngine {
  readonly rounds: number;
  readonly #board: Board;
  readonly #program: DeviceProgram;
  readonly #slots: number;
  readonly #buffers: Buffers;
  readonly #sweeps: readonly Bound[];
  readonly #measures: readonly Bound[];
  #measured = 0;

  constructor(
    board: Board,
    program: DeviceProgram,
    slots: number,
    rounds: number,
    buffers: Buffers,
    sweeps: readonly Bound[],
    measures: readonly Bound[],
  ) {
    this.#board = board;
    this.#program = program;
    this.#slots = slots;
    this.rounds = rounds;
    this.#buffers = buffers;
    this.#sweeps = sweeps;
    this.#measures = measures;
  }

  thresholds(words: Uint32Array): void {
    this.#board.write(this.#buffers.thresholds, words);
  }

  sweep(first: number, slots: number, sweeps: number): void {
    const { held, groups } = this.#program;
    if (!held) {
      this.#pass([first, 1, 0, slots], (pass) => {
        for (let k = 0; k < sweeps; k++)
          for (const color of this.#sweeps) dispatch(pass, color, groups, slots);
      });
      return;
    }
    for (let done = 0; done < sweeps; done += HELD_SWEEPS) {
      const some = Math.min(HELD_SWEEPS, sweeps - done);
      this.#pass([first, some, 0, slots], (pass) => dispatch(pass, this.#sweeps[0], 1, slots));
    }
  }

  measure(): void {
    this.#pass([0, 0, this.#measured++, this.#slots], (pass) => {
      for (const color of this.#measures) dispatch(pass, color, this.#program.groups, this.#slots);
    });
  }

  #pass(job: readonly number[], encode: (pass: GpuPass) => void): void {
    this.#board.write(this.#buffers.job, Uint32Array.from(job));
    this.#board.submit((encoder) => {
      const pass = encoder.beginComputePass();
      encode(pass);
      pass.end();
    });
  }

  async totals(): Promise<Float64Array> {
    const { totals } = this.#buffers;
    const { sums, halved } = this.#program;
    const measured = this.#measured;
    this.#measured = 0;
    if (measured === 0) return new Float64Array(0);
    const [parts] = await this.#board.read([
      { buffer: totals, bytes: 4 * sums * TOTAL_PARTS * this.#slots * measured },
    ]);
    this.#board.submit((encoder) => encoder.clearBuffer(totals));
    const all = new Float64Array(sums * this.#slots * measured);
    for (let k = 0; k < parts.length; k++)
      all[sums * Math.floor(k / (sums * TOTAL_PARTS)) + (k % sums)] += parts[k];
    if (halved) for (let k = 0; k < all.length; k += sums) all[k] /= 2;
    return all;
  }

  write(slot: number, states: Uint32Array): void {
    const { size } = this.#program;
    for (const [k, buffer] of this.#buffers.states.entries())
      this.#board.write(buffer, states.subarray(k * size, (k + 1) * size), 4 * size * slot);
  }

  seed(slot: number, generators: Uint32Array): void {
    this.#board.write(this.#buffers.generators, generators, 16 * this.#program.bands * slot);
  }

  async read(slots: readonly number[]): Promise<SlotWords[]> {
    const { size, bands } = this.#program;
    const { states, generators } = this.#buffers;
    const [first, end] = [Math.min(...slots), Math.max(...slots) + 1];
    const part = (buffer: GpuBuffer, words: number) => ({
      buffer,
      offset: 4 * words * first,
      bytes: 4 * words * (end - first),
    });
    const [seeds, ...parts] = await this.#board.read([
      part(generators, 4 * bands),
      ...states.map((buffer) => part(buffer, size)),
    ]);
    return slots.map((slot) => {
      const words = new Uint32Array(size * states.length);
      const own = (all: Uint32Array, each: number) =>
        all.slice(each * (slot - first), each * (slot - first + 1));
      for (const [k, all] of parts.entries()) words.set(own(all, size), k * size);
      return { states: words, generators: own(seeds, 4 * bands) };
    });
  }

  dispose(): void {
    this.#board.dispose();
  }
}
