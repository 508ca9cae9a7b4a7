import { CostError } from "@basin/energy-core";
import { Board, type Bound, dispatch, type GpuBuffer } from "@basin/energy-core/internal";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { packRows, rowStride } from "../classical/bits.ts";
import type { HopfieldMemory, PlainHopfield } from "../classical/memory.ts";
import { MAX_BITS, smallestField } from "../classical/overlap-energy.ts";
import type { Ended } from "../classical/recalls.ts";
import { bindStep, groupsFor, numbered, rowsFor } from "./product.ts";
import {
  closeText,
  ENDS,
  hebbianFieldsText,
  LANES,
  overlapsText,
  RECORD,
  turnText,
  weightedFieldsText,
} from "./synchronous-wgsl.ts";

/** Sweeps between two looks at which rows have ended. */
const ROUND = 4;
/** States under way: a row of bits each, and which neurons turned in the sweep before. */
export interface Rows {
  readonly spins: Uint32Array;
  readonly turned: Uint32Array;
}

/** Where rows are after some sweeps. */
export interface Swept extends Rows {
  /** How each row ended, and the sweeps that it took. */
  readonly ends: readonly { readonly end?: Ended["end"]; readonly sweeps: number }[];
}

/** Synchronous sweeps of many states on a device. */
export interface Sweeper {
  /** Rows at once. */
  readonly rows: number;
  /** Sweeps rows until each has ended, but no more often than this and than {@link ROUND}. */
  sweep(rows: Rows, sweeps: number): Promise<Swept>;
  dispose(): void;
}

interface Step {
  readonly bound: Bound;
  readonly job: GpuBuffer;
  /** What the job says for so many rows, and workgroups. */
  readonly words: (rows: number) => readonly number[];
  readonly groups: (rows: number) => readonly [x: number, y: number];
}

/** Resolves to the sweeper of a network. @throws {CostError} if it needs more than the device can hold. */
export async function sweeper(
  device: GpuDevice,
  memory: HopfieldMemory,
  { weights }: Pick<PlainHopfield, "weights">,
): Promise<Sweeper> {
  const board = new Board(device);
  try {
    return await (weights === undefined ? hebbian(board, memory) : weighted(board, memory));
  } catch (error) {
    board.dispose();
    throw error;
  }
}

async function hebbian(board: Board, memory: HopfieldMemory): Promise<Sweeper> {
  const { patterns, thresholds, normalization } = memory;
  const [count, neurons] = patterns.shape;
  if (count * neurons > MAX_BITS)
    throw new CostError(`a GPU recalls from at most 2^29 pattern entries, got ${count * neurons}`);
  const unit = (normalization === "patterns" ? neurons / count : 1) / neurons;
  const bytes = new Uint8Array(count * rowStride(neurons));
  packRows(bytes, patterns);
  const rows = rowsFor(board, 4 * Math.max(neurons, count), neurons * count);
  const own = await board.allocate(() => ({
    patterns: board.storage("the patterns", bytes.length),
    overlaps: board.storage("the overlaps", 4 * rows * count),
    ...common(board, rows, neurons),
  }));
  board.write(own.patterns, new Uint32Array(bytes.buffer));
  board.write(own.limits, new Uint32Array(Int32Array.from(thresholds, (t) => smallestField(unit, t)).buffer));
  const overlaps = await multiply(board, overlapsText(), count, neurons, [
    ...[own.spins, own.patterns, own.overlaps],
  ]);
  const fields = await multiply(board, hebbianFieldsText(), neurons, count, [
    ...[own.spins, own.patterns, own.overlaps, own.fields],
  ]);
  return new DeviceSweeper(board, { rows, words: Math.ceil(neurons / 32) }, own, [
    overlaps,
    fields,
    ...(await closing(board, own, "i32", neurons)),
  ]);
}

async function weighted(board: Board, memory: HopfieldMemory): Promise<Sweeper> {
  const { thresholds, weights } = memory;
  const neurons = thresholds.length;
  const rows = rowsFor(board, 4 * neurons, neurons * neurons);
  const own = await board.allocate(() => ({
    weights: board.storage("the weights", 4 * neurons * neurons),
    ...common(board, rows, neurons),
  }));
  board.write(own.weights, Float32Array.from(weights.data));
  board.write(own.limits, Float32Array.from(thresholds));
  const fields = await multiply(board, weightedFieldsText(), neurons, neurons, [
    ...[own.spins, own.weights, own.fields],
  ]);
  return new DeviceSweeper(board, { rows, words: Math.ceil(neurons / 32) }, own, [
    fields,
    ...(await closing(board, own, "f32", neurons)),
  ]);
}

type Common = ReturnType<typeof common>;

function common(board: Board, rows: number, neurons: number) {
  const bits = 4 * rows * Math.ceil(neurons / 32);
  return {
    spins: board.storage("the states", bits),
    turned: board.storage("the spins that turned", bits),
    fields: board.storage("the fields", 4 * rows * neurons),
    limits: board.storage("the thresholds", 4 * neurons),
    records: board.storage("the records of rows", 4 * RECORD * rows),
  };
}

async function multiply(
  board: Board,
  text: string,
  columns: number,
  depth: number,
  buffers: readonly GpuBuffer[],
): Promise<Step> {
  const bound = bindStep(board, await board.pipeline(text, "multiply"), numbered(buffers));
  return { ...bound, words: (rows) => [rows, columns, depth, 0], groups: (rows) => groupsFor(rows, columns) };
}

/** The steps that set the spins from the fields, and end the sweep. */
async function closing(
  board: Board,
  { spins, fields, limits, turned, records }: Common,
  type: "i32" | "f32",
  neurons: number,
): Promise<Step[]> {
  const words = Math.ceil(neurons / 32);
  const text = turnText(type);
  const turn = bindStep(
    board,
    await board.pipeline(text, "turn"),
    numbered([spins, fields, limits, turned, records]),
  );
  const close = bindStep(board, await board.pipeline(closeText(), "close"), [[1, records]]);
  const job = (rows: number) => [rows, neurons, 0, 0];
  return [
    { ...turn, words: job, groups: (rows) => [Math.ceil(words / LANES), rows] },
    { ...close, words: job, groups: (rows) => [Math.ceil(rows / LANES), 1] },
  ];
}

class DeviceSweeper implements Sweeper {
  readonly rows: number;
  readonly #words: number;
  readonly #board: Board;
  readonly #buffers: Common;
  readonly #steps: readonly Step[];

  constructor(board: Board, shape: { rows: number; words: number }, buffers: Common, steps: readonly Step[]) {
    this.#board = board;
    this.rows = shape.rows;
    this.#words = shape.words;
    this.#buffers = buffers;
    this.#steps = steps;
  }

  async sweep({ spins, turned }: Rows, sweeps: number): Promise<Swept> {
    const board = this.#board;
    const { spins: held, turned: before, records } = this.#buffers;
    const rows = spins.length / this.#words;
    board.write(held, spins);
    board.write(before, turned);
    for (const { job, words } of this.#steps) board.write(job, Uint32Array.from(words(rows)));
    board.submit((encoder) => {
      encoder.clearBuffer(records);
      const pass = encoder.beginComputePass();
      for (let k = 0; k < Math.min(ROUND, sweeps); k++)
        for (const { bound, groups } of this.#steps) dispatch(pass, bound, ...groups(rows));
      pass.end();
    });
    const [after, turns, ends] = await board.read([
      { buffer: held, bytes: spins.byteLength },
      { buffer: before, bytes: turned.byteLength },
      { buffer: records, bytes: 4 * RECORD * rows },
    ]);
    const nameOf = (end: number) =>
      end === ENDS["fixed point"] ? "fixed point" : end === ENDS.cycle ? "cycle" : undefined;
    return {
      spins: after,
      turned: turns,
      ends: Array.from({ length: rows }, (_, r) => ({
        end: nameOf(ends[RECORD * r]),
        sweeps: ends[RECORD * r + 1],
      })),
    };
  }

  dispose(): void {
    this.#board.dispose();
  }
}
