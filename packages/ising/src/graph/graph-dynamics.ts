import { seedTape } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { chooseKernel, type KernelName, type KernelOption } from "@basin/energy-core/wasm";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { type Dynamics, type DynamicsState, restoreParts, saveParts } from "../sweep/dynamics.ts";
import type { SweepRule } from "../sweep/rules.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";
import { greedyColoring, renumber } from "./coloring.ts";
import type { GraphExports } from "./exports.ts";
import { graphKernel } from "./graph-kernel.ts";
import { type GraphLayout, graphLayout } from "./graph-memory.ts";
import { acceptanceTable } from "./graph-twin.ts";

/** What dynamics over a kernel report of it. */
export interface KernelReport {
  readonly kernel: KernelName;
  readonly fallback?: string;
}

/** Local fields that are not multiples of one unit gather rounding; they are summed afresh this often. */
const REFRESH = 64;

/** Resolves to single-spin dynamics of any spin problem, couplings and fields as they are. */
export async function graphDynamics(
  problem: SpinProblem,
  rule: SweepRule,
  rng: Rng,
  start: Int8Array,
  kernel: KernelOption | undefined,
): Promise<Dynamics & KernelReport> {
  const n = problem.variables;
  const { order, classes } = greedyColoring(n, problem.adjacency);
  const { starts, neighbors, values } = renumber(problem.adjacency, order);
  const table = acceptanceTable(rule);
  const layout = graphLayout(problem, {
    values: 8 * values.length,
    site: 8 * n,
    fields: 8 * n,
    table: 8 * table.length,
    classes: 4 * classes.length,
    list: 4 * (n + 1),
  });
  const chosen = await chooseKernel(graphKernel(layout.bytes), kernel);
  const { exports, memory } = chosen.implementation;
  const { buffer } = memory;
  seedTape(new Uint32Array(buffer), rng);
  new Int32Array(buffer, layout.starts).set(starts);
  new Int32Array(buffer, layout.neighbors).set(neighbors);
  new Float64Array(buffer, layout.at("values")).set(values);
  new Float64Array(buffer, layout.at("site")).set(Float64Array.from(order, (i) => problem.fields[i]));
  new Float64Array(buffer, layout.at("table")).set(table);
  new Int32Array(buffer, layout.at("classes")).set(classes);
  const spins = new Int8Array(buffer, layout.spins, n);
  for (let p = 0; p < n; p++) spins[p] = start[order[p]];
  return new GraphDynamics(
    problem,
    rule,
    layout,
    exports,
    spins,
    { order, count: classes.length - 1 },
    chosen,
  );
}

class GraphDynamics implements Dynamics, KernelReport {
  readonly kernel: KernelName;
  readonly fallback?: string;
  readonly #rule: number;
  readonly #layout: GraphLayout;
  readonly #exports: GraphExports;
  readonly #spins: Int8Array;
  /** The spin at each place of the kernel's memory. */
  readonly #order: Int32Array;
  readonly #classes: number;
  readonly #offset: number;
  readonly #exact: boolean;
  #untilRefresh = REFRESH;
  #updates = 0;

  constructor(
    problem: SpinProblem,
    rule: SweepRule,
    layout: GraphLayout,
    exports: GraphExports,
    spins: Int8Array,
    colors: { readonly order: Int32Array; readonly count: number },
    { kernel, fallback }: KernelReport,
  ) {
    this.kernel = kernel;
    if (fallback !== undefined) this.fallback = fallback;
    this.#rule = rule === "metropolis" ? 0 : 1;
    this.#layout = layout;
    this.#exports = exports;
    this.#spins = spins;
    this.#order = colors.order;
    this.#classes = colors.count;
    this.#offset = problem.offset;
    this.#exact = problem.unit !== undefined;
    this.#refresh();
  }

  #refresh(): void {
    const { n, starts, neighbors, spins, at } = this.#layout;
    this.#exports.localFields(n, starts, neighbors, at("values"), at("site"), at("fields"), spins);
    this.#untilRefresh = REFRESH;
  }

  sweep(count: number, inverseTemperature: number): void {
    const { n, starts, neighbors, spins, at } = this.#layout;
    const [values, fields, table, classes, list] = ["values", "fields", "table", "classes", "list"].map(at);
    // Infinity would make NaN of a free spin's 0.
    const beta = 2 * Math.min(inverseTemperature, 1e200);
    const { sweepGraph } = this.#exports;
    for (let left = count; left > 0; ) {
      const now = this.#exact ? left : Math.min(left, this.#untilRefresh);
      sweepGraph(
        starts,
        neighbors,
        values,
        fields,
        spins,
        table,
        classes,
        this.#classes,
        list,
        0,
        beta,
        this.#rule,
        now,
      );
      left -= now;
      this.#untilRefresh -= now;
      if (!this.#exact && this.#untilRefresh === 0) this.#refresh();
    }
    this.#updates += count * n;
  }

  magnetization(): number {
    return this.#exports.sumBytes(this.#layout.spins, this.#layout.n);
  }

  energy(): number {
    const { n, spins, at } = this.#layout;
    return this.#offset - 0.5 * this.#exports.doubledEnergy(n, at("site"), at("fields"), spins);
  }

  spins(out: Int8Array): Int8Array {
    for (let p = 0; p < this.#order.length; p++) out[this.#order[p]] = this.#spins[p];
    return out;
  }

  takeUpdates(): number {
    const updates = this.#updates;
    this.#updates = 0;
    return updates;
  }

  save(): DynamicsState {
    return {
      bytes: saveParts(this.#spins.buffer as ArrayBuffer, this.#parts()),
      numbers: [this.#untilRefresh],
    };
  }

  restore(state: DynamicsState): void {
    restoreParts(this.#spins.buffer as ArrayBuffer, this.#parts(), state);
    [this.#untilRefresh] = state.numbers;
  }

  #parts(): [number, number][] {
    const { n, spins, at } = this.#layout;
    return [
      [0, TAPE_BLOCK],
      [spins, n],
      [at("fields"), 8 * n],
    ];
  }
}
