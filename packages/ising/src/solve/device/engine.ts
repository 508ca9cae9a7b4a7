import {
  Board,
  type Bound,
  dispatch,
  type GpuBuffer,
  type GpuEncoder,
  type GpuPass,
} from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { type GraphPlan, rowWords } from "./plan.ts";
import { BINDING, colorSweep, heldSweep, LANES, replicaTotals, textOf } from "./wgsl.ts";

/** Sweeps whose thresholds are submitted at a time. */
export const STRETCH = 64;
/** Rows of invocations that divide the places of a measurement. */
const SHARES = 64;
/** Entries that a workgroup visits in one dispatch: few enough for any driver's watchdog. */
const DISPATCH_ENTRIES = 2 ** 22;

/** Many replicas of a graph annealed side by side, 32 a word, on a GPU or by its TypeScript twin. */
export interface GraphEngine {
  /** Words of replicas. */
  readonly words: number;
  /** Sets all spins, place by place with a word for each 32 replicas, and the generators, band by band. */
  start(spins: Uint32Array, generators: Uint32Array): void;
  /** Makes one sweep for each row of thresholds, at most {@link STRETCH}. */
  sweep(rows: Uint32Array): void;
  /**
   * Resolves to two numbers for each replica: its unsatisfied units, and the number of spins whose flip lowers its
   * energy.
   */
  totals(): Promise<Uint32Array>;
  /** Resolves to all spins, in the order of {@link start}. */
  spins(): Promise<Uint32Array>;
  /** Resolves to all generators. */
  generators(): Promise<Uint32Array>;
  /** Resolves once the sweeps so far are done. */
  done(): Promise<unknown>;
  dispose(): void;
}

/** Resolves to the engine on a device. @throws {CostError} if it needs more than the device can hold. */
export async function graphEngine(device: GpuDevice, plan: GraphPlan, words: number): Promise<GraphEngine> {
  const board = new Board(device);
  try {
    const { variables } = plan.problem;
    const buffers = await board.allocate(() => ({
      generators: board.storage("the generators", 16 * plan.bands * words),
      rows: board.storage("the thresholds of sweeps", 4 * rowWords(plan) * STRETCH),
      next: board.storage("the thresholds to come", 4 * rowWords(plan) * STRETCH),
      spins: board.storage("the spins", 4 * (variables + 1) * words),
      nodes: board.storage("the nodes", 4 * plan.nodes.length),
      entries: board.storage("the couplings", 4 * plan.entries.length),
      classes: board.storage("the colors", 4 * plan.classes.length),
      totals: board.storage("the totals", 256 * words),
    }));
    for (const name of ["nodes", "entries"] as const) board.write(buffers[name], plan[name]);
    board.write(buffers.classes, Uint32Array.from(plan.classes));
    const bindings = (names: readonly (keyof typeof buffers & keyof typeof BINDING)[], job: GpuBuffer) => [
      [BINDING.job, job] as const,
      ...names.map((name) => [BINDING[name], buffers[name]] as const),
    ];
    const job = (first: number, end: number) => {
      const buffer = board.uniform("job", 16);
      board.write(buffer, Uint32Array.of(first, end, words, 0));
      return buffer;
    };
    const used = ["generators", "rows", "spins", "nodes", "entries"] as const;
    const code = plan.held ? heldSweep(textOf(plan)) : colorSweep(textOf(plan));
    const pipeline = await board.pipeline(code, "sweep");
    const colors = plan.classes.length - 1;
    const heldJob = job(0, colors);
    const sweeps = plan.held
      ? [board.bind(pipeline, bindings([...used, "classes"], heldJob))]
      : Array.from({ length: colors }, (_, c) =>
          board.bind(pipeline, bindings(used, job(plan.classes[c], plan.classes[c + 1]))),
        );
    const measure = board.bind(
      await board.pipeline(replicaTotals(), "measure"),
      bindings(["spins", "nodes", "entries", "totals"], job(0, variables)),
    );
    return new DeviceGraphEngine(board, plan, words, buffers, { sweeps, measure, heldJob });
  } catch (error) {
    board.dispose();
    throw error;
  }
}

interface Kernels {
  readonly sweeps: readonly Bound[];
  readonly measure: Bound;
  readonly heldJob: GpuBuffer;
}

type Buffers = Readonly<Record<Exclude<keyof typeof BINDING, "job"> | "next", GpuBuffer>>;

class DeviceGraphEngine implements GraphEngine {
  readonly words: number;
  readonly #board: Board;
  readonly #plan: GraphPlan;
  readonly #buffers: Buffers;
  readonly #bound: Kernels;

  constructor(board: Board, plan: GraphPlan, words: number, buffers: Buffers, bound: Kernels) {
    this.#board = board;
    this.#plan = plan;
    this.words = words;
    this.#buffers = buffers;
    this.#bound = bound;
  }

  start(spins: Uint32Array, generators: Uint32Array): void {
    const { variables } = this.#plan.problem;
    this.#board.write(this.#buffers.spins, spins);
    this.#board.write(
      this.#buffers.spins,
      new Uint32Array(this.words).fill(0xffffffff),
      4 * variables * this.words,
    );
    this.#board.write(this.#buffers.generators, generators);
  }

  sweep(rows: Uint32Array): void {
    if (this.#plan.held) this.#sweepHeld(rows);
    else this.#sweepColors(rows);
  }

  #sweepHeld(rows: Uint32Array): void {
    const each = rowWords(this.#plan);
    const { classes, entries } = this.#plan;
    const most = Math.max(1, Math.min(STRETCH, Math.floor(DISPATCH_ENTRIES / (entries.length + 1))));
    for (let from = 0; from < rows.length; from += most * each) {
      const some = rows.subarray(from, from + most * each);
      this.#board.write(this.#buffers.rows, some);
      this.#board.write(
        this.#bound.heldJob,
        Uint32Array.of(0, classes.length - 1, this.words, some.length / each),
      );
      this.#pass((pass) => dispatch(pass, this.#bound.sweeps[0], this.words));
    }
  }

  /** One submission. It copies each sweep's thresholds to where its kernels look. */
  #sweepColors(rows: Uint32Array): void {
    const each = 4 * rowWords(this.#plan);
    const groups = Math.ceil((this.#plan.bands * this.words) / LANES);
    this.#board.write(this.#buffers.next, rows);
    this.#board.submit((encoder) => {
      for (let at = 0; at < rows.byteLength; at += each) {
        encoder.copyBufferToBuffer(this.#buffers.next, at, this.#buffers.rows, 0, each);
        inPass(encoder, (pass) => {
          for (const color of this.#bound.sweeps) dispatch(pass, color, groups);
        });
      }
    });
  }

  #pass(encode: (pass: GpuPass) => void): void {
    this.#board.submit((encoder) => inPass(encoder, encode));
  }

  async totals(): Promise<Uint32Array> {
    const { totals } = this.#buffers;
    this.#board.submit((encoder) => {
      encoder.clearBuffer(totals);
      inPass(encoder, (pass) =>
        dispatch(pass, this.#bound.measure, Math.ceil((32 * this.words) / LANES), SHARES),
      );
    });
    return this.#read(totals, 64 * this.words);
  }

  spins(): Promise<Uint32Array> {
    return this.#read(this.#buffers.spins, this.#plan.problem.variables * this.words);
  }

  generators(): Promise<Uint32Array> {
    return this.#read(this.#buffers.generators, 4 * this.#plan.bands * this.words);
  }

  done(): Promise<unknown> {
    return this.#read(this.#buffers.generators, 4);
  }

  async #read(buffer: GpuBuffer, words: number): Promise<Uint32Array> {
    return (await this.#board.read([{ buffer, bytes: 4 * words }]))[0];
  }

  dispose(): void {
    this.#board.dispose();
  }
}

function inPass(encoder: GpuEncoder, encode: (pass: GpuPass) => void): void {
  const pass = encoder.beginComputePass();
  encode(pass);
  pass.end();
}
