import { CostError } from "@basin/energy-core";
import {
  Board,
  type Bound,
  dispatch,
  type GpuBuffer,
  type GpuPass,
  type GpuPipeline,
} from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import type { DeviceEngine } from "./engine.ts";
import { groupsOf, MOST_GROUPS } from "./plan.ts";
import { BINDING, colorSweep, colorTotals, heldSweep, othersOf, TOTAL_PARTS } from "./wgsl.ts";
import type { KernelText } from "./wgsl-flip.ts";

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
  readonly spins: readonly GpuBuffer[];
  readonly signs: readonly GpuBuffer[];
}

/** Resolves to the engine on a device. @throws {CostError} for more than the device holds. */
export async function gpuEngine(
  device: GpuDevice,
  text: KernelText,
  slots: number,
  signs: readonly Uint32Array[],
): Promise<DeviceEngine> {
  if (slots > MOST_GROUPS)
    throw new CostError(`a device moves at most ${MOST_GROUPS} lattices, not ${slots}`);
  const board = new Board(device);
  try {
    const rounds = Math.max(1, Math.min(MOST_ROUNDS, Math.floor(TOTALS_BYTES / (8 * TOTAL_PARTS * slots))));
    const buffers = await board.allocate(() => allocate(board, text, slots, rounds, signs));
    const compile = async (code: string, entry: string, color: number) =>
      bindKernel(board, text, buffers, await board.pipeline(code, entry), entry, color);
    const { neighbors, held, bipartite } = text.plan;
    const sweeps = held
      ? [await compile(heldSweep(text), "sweep", -1)]
      : await Promise.all(neighbors.map((_, color) => compile(colorSweep(text, color), "sweep", color)));
    const measures = await Promise.all(
      (bipartite ? [0] : [0, 1, 2, 3]).map((color) => compile(colorTotals(text, color), "measure", color)),
    );
    return new GpuEngine(board, text, slots, rounds, buffers, sweeps, measures);
  } catch (error) {
    board.dispose();
    throw error;
  }
}

function allocate(
  board: Board,
  { plan, counts, signs: doubled }: KernelText,
  slots: number,
  rounds: number,
  signs: readonly Uint32Array[],
): Buffers {
  const buffers = {
    job: board.uniform("job", 16),
    generators: board.storage("the generators", 16 * plan.bands * slots),
    thresholds: board.storage("the thresholds", 8 * counts * doubled * slots),
    totals: board.storage("the totals", 8 * TOTAL_PARTS * slots * rounds),
    spins: plan.neighbors.map(() => board.storage("the spins of a color", 4 * plan.size * slots)),
    signs: signs.map((words) => board.storage("the signs of a color's bonds", 4 * words.length)),
  };
  for (const [color, words] of signs.entries()) board.write(buffers.signs[color], words);
  return buffers;
}

/** Binds what the kernel of a color (−1: of all) declares. */
function bindKernel(
  board: Board,
  { plan, glass }: KernelText,
  buffers: Buffers,
  pipeline: GpuPipeline,
  entry: string,
  color: number,
): Bound {
  const all = plan.neighbors.map((_, c) => c);
  const seen = color < 0 ? all : [color, ...othersOf(plan, color)];
  return board.bind(pipeline, [
    [BINDING.job, buffers.job],
    ...(entry === "measure"
      ? ([[BINDING.totals, buffers.totals]] as const)
      : ([
          [BINDING.generators, buffers.generators],
          [BINDING.thresholds, buffers.thresholds],
        ] as const)),
    ...(glass ? [[BINDING.signs, buffers.signs[plan.held ? 0 : color]] as const] : []),
    ...seen.map((c) => [BINDING.spins + c, buffers.spins[c]] as const),
  ]);
}

class GpuEngine implements DeviceEngine {
  readonly rounds: number;
  readonly #board: Board;
  readonly #text: KernelText;
  readonly #slots: number;
  readonly #buffers: Buffers;
  readonly #sweeps: readonly Bound[];
  readonly #measures: readonly Bound[];
  #measured = 0;

  constructor(
    board: Board,
    text: KernelText,
    slots: number,
    rounds: number,
    buffers: Buffers,
    sweeps: readonly Bound[],
    measures: readonly Bound[],
  ) {
    this.#board = board;
    this.#text = text;
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
    const { plan } = this.#text;
    if (!plan.held) {
      this.#pass([first, 0, 0, slots], (pass) => {
        for (let k = 0; k < sweeps; k++)
          for (const color of this.#sweeps) dispatch(pass, color, groupsOf(plan), slots);
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
      for (const color of this.#measures) dispatch(pass, color, groupsOf(this.#text.plan), this.#slots);
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
    const measured = this.#measured;
    this.#measured = 0;
    if (measured === 0) return new Float64Array(0);
    const [parts] = await this.#board.read([
      { buffer: totals, bytes: 8 * TOTAL_PARTS * this.#slots * measured },
    ]);
    this.#board.submit((encoder) => encoder.clearBuffer(totals));
    const sums = new Float64Array(2 * this.#slots * measured);
    for (let k = 0; k < parts.length; k++) sums[2 * Math.floor(k / (2 * TOTAL_PARTS)) + (k & 1)] += parts[k];
    if (!this.#text.plan.bipartite) for (let k = 0; k < sums.length; k += 2) sums[k] /= 2;
    return sums;
  }

  write(slot: number, spins: Uint32Array): void {
    const { size } = this.#text.plan;
    for (const [color, buffer] of this.#buffers.spins.entries())
      this.#board.write(buffer, spins.subarray(color * size, (color + 1) * size), 4 * size * slot);
  }

  seed(slot: number, generators: Uint32Array): void {
    this.#board.write(this.#buffers.generators, generators, 16 * this.#text.plan.bands * slot);
  }

  async read(slots: readonly number[]): Promise<{ spins: Uint32Array; generators: Uint32Array }[]> {
    const { size, bands } = this.#text.plan;
    const { spins, generators } = this.#buffers;
    const [first, end] = [Math.min(...slots), Math.max(...slots) + 1];
    const part = (buffer: GpuBuffer, words: number) => ({
      buffer,
      offset: 4 * words * first,
      bytes: 4 * words * (end - first),
    });
    const [seeds, ...colors] = await this.#board.read([
      part(generators, 4 * bands),
      ...spins.map((buffer) => part(buffer, size)),
    ]);
    return slots.map((slot) => {
      const words = new Uint32Array(size * spins.length);
      const own = (all: Uint32Array, each: number) =>
        all.slice(each * (slot - first), each * (slot - first + 1));
      for (const [c, color] of colors.entries()) words.set(own(color, size), c * size);
      return { spins: words, generators: own(seeds, 4 * bands) };
    });
  }

  dispose(): void {
    this.#board.dispose();
  }
}
