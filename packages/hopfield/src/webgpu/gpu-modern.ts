import { checkNumber, type MatrixLike, matrix } from "@basin/energy-core";
import { checkKind, checkOptions } from "@basin/energy-core/internal";
import type { RunOptions } from "@basin/energy-core/run";
import type {
  ModernMemory,
  ModernRecall,
  ModernRecallOptions,
  Retrieval,
  RetrieveOptions,
} from "../modern/contract.ts";
import { advance, biasOn, type Known, queryOf, weighingOf } from "../modern/weighing.ts";
import { type Attention, attention } from "./attention.ts";
import { type GpuMemoryOptions, inChunks, inTurn, type OnDevice, place } from "./gpu-run.ts";

/** Queries that the CPU answers between two looks at the clock. */
const CPU_ROWS = 32;
/** The largest move of a double-precision step from a state that counts as a fixed point in single precision. */
const HOST_TOLERANCE = 1e-5;

/** A modern memory on a device. */
export interface GpuModern extends OnDevice {
  /** Resolves to one step of the update for each row of `queries` [m, d]. See {@link ModernMemory.retrieve}. */
  retrieve(queries: MatrixLike, options?: RetrieveOptions & RunOptions): Promise<Retrieval>;
  /** Resolves to the weighted means of the values for each row of `queries`. See {@link ModernMemory.associate}. */
  associate(queries: MatrixLike, options?: RetrieveOptions & RunOptions): Promise<Retrieval>;
  /**
   * Resolves to the fixed point that each row of `probes` [m, d] leads to. See {@link ModernMemory.recall}. The host
   * computes each energy in double precision, and whether one more step would stay, at the cost of a pass over the
   * patterns a probe.
   */
  recallAll(probes: MatrixLike, options?: ModernRecallOptions & RunOptions): Promise<readonly ModernRecall[]>;
}

/**
 * Resolves to a modern Hopfield network whose patterns lie on a GPU, for attention of many queries to many patterns.
 *
 * It works in single precision: a mean differs by at most 1e-4 of the largest entry of the values from that in double
 * precision, where β times the largest |score| stays below 100. Beyond it, sums of products round by more than what
 * tells patterns apart. Of patterns that are equally near within rounding, `nearest` may name another than the CPU does.
 * Progress counts queries.
 *
 * @example
 * ```ts
 * import { modernMemory } from "@basin/hopfield";
 * import { gpuModern } from "@basin/hopfield/webgpu";
 *
 * const memory = modernMemory([[0, 0, 1, 1], [1, 0, 1, 0]], { sharpness: 4 });
 * const onGpu = await gpuModern(memory, { device: "auto" });
 * const { nearest } = await onGpu.retrieve([[1, 0, 0, 0]], { known: [true, true, false, false] });
 * console.log(nearest[0], onGpu.device); // 1, cpu or gpu
 * onGpu.dispose();
 * ```
 *
 * @throws {ArgumentError} for what is no modern memory.
 * @throws {CapabilityError} where a GPU was asked for, and is missing.
 * @throws {CostError} for patterns, or scores of one query, that are larger than the device binds.
 */
export async function gpuModern(memory: ModernMemory, options: GpuMemoryOptions = {}): Promise<GpuModern> {
  checkOptions("gpuModern", options, "device");
  const { patterns, values, separation } = memory ?? {};
  checkKind("memory", memory, typeof separation === "string", "a memory made by modernMemory");
  const { engine, report } = await place(options, (device) =>
    enginesOn(patterns, values, (of) => attention(device, patterns, of, separation === "log-sum-relu")),
  );
  const turn = inTurn();
  const rows = engine?.auto.rows ?? CPU_ROWS;
  const queriesOf = (source: MatrixLike, what: string, known?: Known) =>
    queryOf(source, patterns.shape[1], what, known);
  const answers = async (
    way: "retrieve" | "associate",
    queries: MatrixLike,
    options: RetrieveOptions & RunOptions,
  ) => {
    checkOptions(way, options, "known signal onProgress");
    const { known, ...run } = options;
    const { data, shape } = queriesOf(queries, "queries", known);
    const bias = biasOn(memory, known);
    const width = (way === "retrieve" ? patterns : values).shape[1];
    const states = matrix(new Float32Array(shape[0] * width), shape[0], width);
    const nearest = await turn(() =>
      inChunks(shape[0], rows, run, async (from, end) => {
        const some = data.subarray(from * shape[1], end * shape[1]);
        const source = way === "retrieve" ? engine?.auto : engine?.hetero;
        const found = source
          ? await source.step(some, end - from, weighingOf(memory, some, end - from, bias))
          : here(memory[way](matrix(some, end - from, shape[1]), { known }));
        states.data.set(found.means, from * width);
        return [...found.nearest];
      }),
    );
    return { states, nearest: Uint32Array.from(nearest) };
  };
  return {
    ...report,
    retrieve: (queries, own = {}) => answers("retrieve", queries, own),
    associate: (queries, own = {}) => answers("associate", queries, own),
    async recallAll(probes, own = {}) {
      checkOptions("recallAll", own, "known maxSteps tolerance signal onProgress");
      const { known, maxSteps = 100, tolerance = 1e-5, ...run } = own;
      checkNumber("maxSteps", maxSteps, { min: 1, integer: true });
      checkNumber("tolerance", tolerance, { min: 0 });
      const { data, shape } = queriesOf(probes, "probes", known);
      return turn(() =>
        inChunks(shape[0], rows, run, (from, end) => {
          const some = data.slice(from * shape[1], end * shape[1]);
          const settings = { known, maxSteps, tolerance };
          if (engine) return recallOn(engine.auto, memory, some, settings);
          return Array.from({ length: end - from }, (_, r) =>
            memory.recall(some.subarray(r * shape[1], (r + 1) * shape[1]), settings),
          );
        }),
      );
    },
  };
}

const here = ({ states, nearest }: Retrieval) => ({ means: states.data, nearest });

/** Resolves to attention for {@link GpuModern.retrieve}, and for {@link GpuModern.associate}. */
async function enginesOn<M>(patterns: M, values: M, make: (values: M) => Promise<Attention>) {
  const auto = await make(patterns);
  try {
    const hetero = values === patterns ? auto : await make(values);
    return {
      ...{ auto, hetero },
      dispose() {
        auto.dispose();
        hetero.dispose();
      },
    };
  } catch (error) {
    auto.dispose();
    throw error;
  }
}

/** Steps until all rows have settled; from step to step, those that have not alone. */
async function recallOn(
  engine: Attention,
  memory: ModernMemory,
  states: Float32Array,
  { known, maxSteps, tolerance }: { known: Known; maxSteps: number; tolerance: number },
): Promise<ModernRecall[]> {
  const width = memory.patterns.shape[1];
  const row = (all: Float32Array, r: number) => all.subarray(r * width, (r + 1) * width);
  const ends = Array.from({ length: states.length / width }, () => ({ steps: 0, settled: false }));
  let open = ends.map((_, r) => r);
  let bias = biasOn(memory, known);
  const free = known ? biasOn(memory, undefined) : bias;
  for (let steps = 1; steps <= maxSteps && open.length > 0; steps++) {
    const some = new Float32Array(open.length * width);
    for (const [k, r] of open.entries()) some.set(row(states, r), k * width);
    const { means, reached } = await engine.step(
      some,
      open.length,
      weighingOf(memory, some, open.length, bias),
    );
    bias = free;
    open = open.filter((r, k) => {
      ends[r].steps = steps;
      if (reached[k] === 0) return false;
      ends[r].settled = advance(row(states, r), row(means, k), known) <= tolerance;
      return !ends[r].settled;
    });
  }
  const { nearest } = await engine.step(states, ends.length, weighingOf(memory, states, ends.length, bias));
  return ends.map(({ steps, settled }, r) => {
    const state = Float64Array.from(row(states, r));
    const { energy, stays } = look(memory, state, known, Math.max(tolerance, HOST_TOLERANCE));
    return { state, energy, steps, converged: settled && stays, nearest: nearest[r] };
  });
}

/** The energy in double precision, and whether its slope, which is the move of a step, is small at all free entries. */
function look(memory: ModernMemory, state: Float64Array, known: Known, tolerance: number) {
  const slope = new Float64Array(state.length);
  const energy = memory.can.gradient(state, slope);
  const largest = state.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return {
    energy,
    stays: slope.every((move, k) => known?.[k] || Math.abs(move) <= tolerance * (1 + largest)),
  };
}
