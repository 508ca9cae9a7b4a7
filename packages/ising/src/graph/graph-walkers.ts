import {
  type Chosen,
  checkOptions,
  chooseKernel,
  seedTape,
  type WasmInstance,
} from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { WalkersState } from "@basin/samplers/internal";
import { type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import { restoreParts, saveParts } from "../sweep/memory-parts.ts";
import { OneState, oneByOne, type SpinWalkerKernel } from "../sweep/one-state.ts";
import type { SweepOptions } from "../sweep/square-walkers.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";
import { greedyColoring, renumber } from "./coloring.ts";
import type { GraphExports } from "./exports.ts";
import { graphKernel } from "./graph-kernel.ts";
import { type GraphLayout, graphLayout } from "./graph-memory.ts";
import { acceptanceTable } from "./graph-twin.ts";

/** Local fields that are not multiples of one unit gather rounding; they are summed afresh this often. */
const REFRESH = 64;

/**
 * Returns single-spin dynamics of any spin problem, with any couplings and fields. A step is a sweep, in an order that
 * the kernel chooses.
 *
 * @example
 * ```ts
 * import { createRng } from "@basin/energy-core/random";
 * import { createModel, graph } from "@basin/ising";
 *
 * const walkers = await graph().walkers(createModel("square", 9, { disorder: "gaussian" }), { groups: 2, streams: (group) => createRng(1).split(group) });
 * walkers.step(20, [0.2, 0.6]);
 * console.log(walkers.energies(new Float64Array(2)), walkers.can.magnetizations(new Float64Array(2)));
 * ```
 */
export function graph(options: SweepOptions = {}): SpinWalkerKernel {
  checkOptions("graph", options, "rule start kernel");
  return oneByOne(options.rule ?? "metropolis", (energy) =>
    graphWalker(toSpinProblem(energy, "graph"), options),
  );
}

async function graphWalker(problem: SpinProblem, options: SweepOptions): Promise<GraphWalker> {
  const { rule = "metropolis" } = options;
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
  const chosen = await chooseKernel(graphKernel(layout.bytes), options.kernel);
  const { buffer } = chosen.implementation.memory;
  new Int32Array(buffer, layout.starts).set(starts);
  new Int32Array(buffer, layout.neighbors).set(neighbors);
  new Float64Array(buffer, layout.at("values")).set(values);
  new Float64Array(buffer, layout.at("site")).set(Float64Array.from(order, (i) => problem.fields[i]));
  new Float64Array(buffer, layout.at("table")).set(table);
  new Int32Array(buffer, layout.at("classes")).set(classes);
  return new GraphWalker(problem, options, layout, { order, count: classes.length - 1 }, chosen);
}

class GraphWalker extends OneState {
  readonly #rule: number;
  readonly #layout: GraphLayout;
  readonly #exports: GraphExports;
  readonly #buffer: ArrayBuffer;
  readonly #spins: Int8Array;
  /** The spin at each place of the kernel's memory. */
  readonly #order: Int32Array;
  readonly #classes: number;
  readonly #offset: number;
  readonly #exact: boolean;
  #untilRefresh = REFRESH;

  constructor(
    problem: SpinProblem,
    { rule, start }: SweepOptions,
    layout: GraphLayout,
    colors: { readonly order: Int32Array; readonly count: number },
    chosen: Chosen<WasmInstance<GraphExports>>,
  ) {
    super(problem, chosen, start);
    const { exports, memory } = chosen.implementation;
    this.#rule = rule === "heat-bath" ? 1 : 0;
    this.#layout = layout;
    this.#exports = exports;
    this.#buffer = memory.buffer;
    this.#spins = new Int8Array(memory.buffer, layout.spins, layout.n);
    this.#order = colors.order;
    this.#classes = colors.count;
    this.#offset = problem.offset;
    this.#exact = problem.unit !== undefined;
  }

  protected seed(rng: Rng): void {
    seedTape(new Uint32Array(this.#buffer), rng);
  }

  protected load(spins: ArrayLike<number>): void {
    for (let p = 0; p < this.#order.length; p++) this.#spins[p] = spins[this.#order[p]];
    this.#refresh();
  }

  #refresh(): void {
    const { n, starts, neighbors, spins, at } = this.#layout;
    this.#exports.localFields(n, starts, neighbors, at("values"), at("site"), at("fields"), spins);
    this.#untilRefresh = REFRESH;
  }

  protected sweep(count: number, inverseTemperature: number): void {
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
    this.updates += count * n;
  }

  protected magnetization(): number {
    return this.#exports.sumBytes(this.#layout.spins, this.#layout.n);
  }

  protected energy(): number {
    const { n, spins, at } = this.#layout;
    return this.#offset - 0.5 * this.#exports.doubledEnergy(n, at("site"), at("fields"), spins);
  }

  protected spins(out: Int8Array): Int8Array {
    for (let p = 0; p < this.#order.length; p++) out[this.#order[p]] = this.#spins[p];
    return out;
  }

  save(): WalkersState {
    return {
      bytes: saveParts(this.#buffer, this.#parts()),
      numbers: [this.#untilRefresh],
    };
  }

  restore(state: WalkersState): void {
    restoreParts(this.#buffer, this.#parts(), state);
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
