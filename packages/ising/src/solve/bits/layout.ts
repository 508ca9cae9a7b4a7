import { layOut, TAPE_BYTES } from "@basin/energy-core/internal";
import type { SpinProblem } from "../../problem/spin-problem.ts";

/** Replicas annealed side by side, one for each bit of a vector. */
export const REPLICAS = 128;
/** Places of a coin's probability that are drawn one by one, and the blocks of a coin (assembly/solve/coins.ts). */
export const PLACES = 10;
export const POLYNOMIALS = 96;
export const COIN_BYTES = POLYNOMIALS + 128 * PLACES;
/** A coin in a row of the sweep table, after the row's head. */
export const ROW_COIN = 112;
export const ROW_HEAD = 16;
export const RUN_BYTES = 32;
const LOGS = 64;
export const LOG_START = 16;
export const LOG_END = LOG_START + 8 * LOGS;
/** Rows of the sweep table held in memory at a time. */
export const TABLE_ROWS = 64;

/** Two coins for the lowest octal digit, chosen by the parity of D, and one for each further digit. */
const MOST_COINS = 6;

/** What precedes a problem's own regions. */
const FIXED = layOut({
  job: 64,
  tape: TAPE_BYTES,
  log: LOG_END,
  coins: MOST_COINS * COIN_BYTES,
  scratch: 512,
  table: TABLE_ROWS * (ROW_HEAD + MOST_COINS * ROW_COIN),
});

/** Nodes visited by the same code: they have the same number of entries, the same D and the same start of the count. */
interface Run {
  nodes: number;
  readonly entries: number;
  readonly total: number;
  readonly start: number;
  /** Bits of the count if couplings have several sizes, else 0. */
  readonly width: number;
}

/** A problem laid out for the bit-parallel annealer; every address is in bytes. */
export interface BitLayout {
  readonly problem: SpinProblem;
  /** Size of one unit of J and h. */
  readonly unit: number;
  /** Variable at each place, in the order of visits; nodes of equal shape are adjacent. */
  readonly order: Int32Array;
  /** Coins in use: one for the lowest digit of even D, one for that of odd D, then one for each further octal digit. */
  readonly coins: number;
  readonly rowBytes: number;
  readonly bytes: number;
  readonly table: number;
  readonly tape: number;
  readonly log: number;
  readonly words: number;
  readonly complement: number;
  /** Writes what stays constant through a run: the job, the runs and the entries. */
  write(memory: Int32Array): void;
}

/** The largest D = Σ|J| + |h| of a node, in units, that the bits of the count can hold. */
const LARGEST_TOTAL = 32767;
const ONE_SIZE_TOTAL = 127;

const layouts = new WeakMap<SpinProblem, { layout: BitLayout | undefined }>();

/** Returns the layout, or `undefined` if the weights of the problem are not small multiples of one unit. */
export function bitLayout(problem: SpinProblem): BitLayout | undefined {
  const known = layouts.get(problem) ?? { layout: makeLayout(problem) };
  layouts.set(problem, known);
  return known.layout;
}

function makeLayout(problem: SpinProblem): BitLayout | undefined {
  const { variables, unit } = problem;
  if (unit === undefined) return undefined;
  const totals = nodeTotals(problem, unit);
  if (totals.some((total) => total > LARGEST_TOTAL)) return undefined;
  const allNegative = problem.couplings.values.every((value) => value < 0);
  const shapes = Array.from({ length: variables }, (_, i) =>
    shapeOf(problem, unit, i, totals[i], allNegative),
  );
  const order = orderOf(shapes);
  const runs = collectRuns(order, shapes);
  const entryWords = runs.reduce((sum, run) => sum + run.nodes * run.entries * (run.width > 0 ? 2 : 1), 0);
  const states = 16 * variables;
  const complement = allNegative ? 0 : states;
  const { runs: runsAt, ...at } = layOut(
    { runs: runs.length * RUN_BYTES, entries: 4 * entryWords, words: states, complements: complement },
    { start: FIXED.bytes },
  );
  const width = runs.reduce((most, run) => Math.max(most, run.width || narrowWidth(run.total)), 2);
  const coins = 1 + Math.ceil((width - 1) / 3);
  const rowBytes = ROW_HEAD + coins * ROW_COIN;
  // Addresses are signed 32-bit numbers in the kernel.
  if (at.bytes >= 2 ** 31) return undefined;
  const job = [
    FIXED.table,
    runsAt,
    runs.length,
    at.words,
    complement,
    allNegative ? 0 : -1,
    at.entries,
    FIXED.coins,
    coins,
    FIXED.scratch,
    FIXED.tape,
    FIXED.log,
    rowBytes,
  ];
  return {
    problem,
    unit,
    order,
    coins,
    rowBytes,
    bytes: at.bytes,
    table: FIXED.table,
    tape: FIXED.tape,
    log: FIXED.log,
    words: at.words,
    complement,
    write: (memory) => {
      memory.set(job, FIXED.job >> 2);
      for (const [r, run] of runs.entries()) {
        memory.set([run.nodes, run.entries, run.total, run.start, run.width], (runsAt + r * RUN_BYTES) >> 2);
      }
      writeEntries(memory.subarray(at.entries >> 2), problem, unit, order, shapes, at.words, complement);
    },
  };
}

/** Bits of the count if all couplings have one size. */
export function narrowWidth(total: number): number {
  return total < 4 ? 2 : 32 - Math.clz32(total);
}

function nodeTotals({ adjacency, fields, variables }: SpinProblem, unit: number): Float64Array {
  const totals = new Float64Array(variables);
  for (let i = 0; i < variables; i++) {
    let total = Math.abs(fields[i]);
    for (let k = adjacency.starts[i]; k < adjacency.starts[i + 1]; k++)
      total += Math.abs(adjacency.values[k]);
    totals[i] = total / unit;
  }
  return totals;
}

type Shape = Omit<Run, "nodes">;

/** A field is a coupling to a spin that never moves, so it only shifts the start of the count. */
function shapeOf(
  { adjacency, fields }: SpinProblem,
  unit: number,
  i: number,
  total: number,
  allNegative: boolean,
): Shape {
  const { starts, values } = adjacency;
  let oneSize = total <= ONE_SIZE_TOTAL;
  let bits = 0;
  for (let k = starts[i]; k < starts[i + 1]; k++) {
    const size = Math.abs(values[k]) / unit;
    oneSize &&= size === 1;
    bits += setBits(size);
  }
  const pull = Math.max(0, allNegative ? -fields[i] : fields[i]) / unit;
  return {
    entries: oneSize ? starts[i + 1] - starts[i] : bits,
    total,
    start: pull - Math.ceil(total / 2),
    width: oneSize ? 0 : Math.max(2, 33 - Math.clz32(total >> 1)),
  };
}

function compareShapes(a: Shape, b: Shape): number {
  return a.width - b.width || a.entries - b.entries || a.total - b.total || a.start - b.start;
}

function orderOf(shapes: readonly Shape[]): Int32Array {
  return Int32Array.from(shapes, (_, i) => i).sort((a, b) => compareShapes(shapes[a], shapes[b]) || a - b);
}

function collectRuns(order: Int32Array, shapes: readonly Shape[]): Run[] {
  const runs: Run[] = [];
  for (const i of order) {
    const last = runs.at(-1);
    if (last !== undefined && compareShapes(last, shapes[i]) === 0) last.nodes++;
    else runs.push({ ...shapes[i], nodes: 1 });
  }
  return runs;
}

function writeEntries(
  memory: Int32Array,
  { adjacency, variables }: SpinProblem,
  unit: number,
  order: Int32Array,
  shapes: readonly Shape[],
  words: number,
  complement: number,
): void {
  const { starts, neighbors, values } = adjacency;
  const address = new Int32Array(variables);
  for (const [place, i] of order.entries()) address[i] = words + 16 * place;
  let at = 0;
  for (const i of order) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      // If couplings of both signs occur, a negative one pulls up when its neighbor is down.
      const source = address[neighbors[k]] + (complement > 0 && values[k] < 0 ? complement : 0);
      if (shapes[i].width === 0) memory[at++] = source;
      else at = writeWide(memory, at, source, Math.abs(values[k]) / unit);
    }
  }
}

function writeWide(memory: Int32Array, from: number, source: number, size: number): number {
  let at = from;
  for (let level = 0; 2 ** level <= size; level++) {
    if (((size >> level) & 1) === 0) continue;
    memory[at++] = source;
    memory[at++] = level;
  }
  return at;
}

function setBits(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest &= rest - 1) count++;
  return count;
}
