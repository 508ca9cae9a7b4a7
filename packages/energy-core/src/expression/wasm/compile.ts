import { instantiateModule } from "../../wasm/module.ts";
import { elementwise } from "../elementwise.ts";
import { lower, type Output, type Program, simpleFunction } from "../lower.ts";
import { type ElementwiseName, Node, type OperationName, reachable } from "../node.ts";
import { PANEL, packed } from "../panels.ts";
import { layout } from "../scan-kernel.ts";
import { emitGroup, emitValue } from "./emit.ts";
import { FunctionWriter, ModuleWriter, TYPE } from "./encode.ts";
import { type Group, groups, isLeaf } from "./group.ts";
import { callKernel, callsKernels, kernelImports, kernels } from "./kernel-calls.ts";
import { Memory } from "./memory.ts";
import { addLanes, product, transposedProduct } from "./panel-code.ts";
import { Plan } from "./plan.ts";
import { copyDoubles, scanCode } from "./scan-code.ts";
import type { Surroundings } from "./value-code.ts";

/** Bytes of code in one function, about, before another one is begun. */
const FUNCTION_BYTES = 20_000;

/**
 * Returns a program compiled to WebAssembly while the page runs, the bytes of the module written here. Operations on
 * matrices call the kernels of assembly/formulas.ts over the same memory. Results are those of `interpret`, bit for
 * bit.
 *
 * @throws {CapabilityError} where WebAssembly with SIMD is missing or forbidden.
 */
export function compile(outputs: readonly Output[], dimension: number, length: number): Program {
  const writer = new ProgramWriter(outputs, dimension, length);
  return writer.program(dimension, length);
}

/** Whether a function takes one number, so that numbers can call it rather than repeat its code. */
function isUnary(op: ElementwiseName): boolean {
  return elementwise[op].expand?.length === 2;
}

class ProgramWriter {
  readonly #module: ModuleWriter;
  /** Whether kernels are called. */
  readonly #isCalling: boolean;
  readonly #memory: Memory;
  readonly #functions = new Map<ElementwiseName, number>();
  readonly #products: { plain?: number; transposed?: number } = {};
  readonly #run: number;
  #next: number;

  constructor(outputs: readonly Output[], dimension: number, length: number) {
    this.#memory = new Memory(dimension, length);
    const lowered = lower(outputs, (op, isNumber) => !isNumber || !isUnary(op));
    this.#next = 1 + lowered.outputs.reduce((most, { node }) => Math.max(most, node.id), 0);
    const copies = new Map<number, number>();
    const roots = lowered.outputs.map(({ node, offset, length: count }) => {
      const root = this.#made("fill", [node], count);
      copies.set(root.id, this.#memory.results + 8 * offset);
      return root;
    });
    const nodes = [...lowered.nodes, ...roots];
    this.#isCalling = callsKernels(nodes);
    this.#module = new ModuleWriter(this.#isCalling ? kernelImports : []);
    this.#run = this.#module.declare(TYPE.run);
    const run = new FunctionWriter();
    this.#write(run, nodes, copies);
    this.#module.define(this.#run, run);
  }

  /** Returns a node that no formula has. */
  #made(op: OperationName, inputs: readonly Node[], size: number): Node {
    return new Node(this.#next++, op, inputs, [size]);
  }

  program(dimension: number, length: number): Program {
    const bytes = this.#module.finish(this.#run);
    const { exports, memory } = instantiateModule<{ run(): void }>(bytes, this.#memory.bytes, (own) =>
      this.#isCalling ? kernels.instantiateOver(own) : {},
    );
    const { buffer } = memory;
    this.#memory.fill(buffer);
    return {
      kernel: "wasm",
      state: new Float64Array(buffer, 0, dimension),
      results: new Float64Array(buffer, this.#memory.results, length),
      run: exports.run,
    };
  }

  /** Writes calls of functions that compute nodes, each of a size that compiles fast. */
  #write(run: FunctionWriter, nodes: readonly Node[], copies: ReadonlyMap<number, number>): void {
    const list = groups(nodes);
    const around: Surroundings = {
      ...{ memory: this.#memory, copies, plan: new Plan(list, this.#next, copies) },
      functionOf: (op) => this.#function(op),
    };
    let f = new FunctionWriter();
    const close = () => {
      const index = this.#module.declare(TYPE.run);
      this.#module.define(index, f);
      run.call(index);
      f = new FunctionWriter();
    };
    for (const [g, group] of list.entries()) {
      if (group.kind === "loop") emitGroup(f, g, group, around);
      else this.#routine(f, group.nodes[0]);
      if (f.length > FUNCTION_BYTES) close();
    }
    close();
  }

  #routine(f: FunctionWriter, node: Node): void {
    if (node.op === "reshape" || node.op === "part") return;
    if (node.op === "scan") {
      const index = this.#module.declare(TYPE.run);
      this.#module.define(index, this.#scan(node));
      f.call(index);
      return;
    }
    const matrix = node.inputs[0];
    if (node.op === "matrixVector" && matrix.values) {
      this.#product(f, node, matrix.values);
      return;
    }
    if (node.op === "pad") {
      const { inputs, attribute } = node;
      copyDoubles(
        f,
        { at: this.#memory.of(node) + 8 * attribute },
        { at: this.#memory.of(inputs[0]) },
        inputs[0].size,
      );
      return;
    }
    callKernel(f, node, this.#memory);
  }

  /** Returns the function of a scan. What its steps make is laid by first, then copied to where it is kept. */
  #scan(node: Node): FunctionWriter {
    const { next, each, sums, nodes } = node.body!;
    const memory = this.#memory;
    const base = memory.of(node);
    const copies = new Map<number, number>();
    const kept = [...next, ...each].map((made) => {
      const root = this.#made("fill", [made], made.size);
      const at = memory.allocate(8 * made.size);
      copies.set(root.id, at);
      return { root, at };
    });
    const { sums: places } = layout(node.body!);
    const totals = sums.map((made, k) => {
      const before = this.#made("argument", [], made.size);
      const after = this.#made("add", [before, made], made.size);
      memory.put(before, base + 8 * places[k]);
      copies.set(after.id, base + 8 * places[k]);
      return after;
    });
    const inside = [...nodes, ...kept.map(({ root }) => root), ...totals];
    const staged = kept.map(({ at }) => at);
    return scanCode(memory, node, staged, (f) => this.#write(f, inside, copies));
  }

  #product(f: FunctionWriter, node: Node, values: Float64Array): void {
    const [rows, columns] = node.inputs[0].shape;
    const memory = this.#memory;
    const panels = memory.constant(packed(values, rows, columns));
    const [x, y] = [memory.of(node.inputs[1]), memory.of(node)];
    const padded = 8 * PANEL * Math.ceil(rows / PANEL);
    if (node.attribute === 0) {
      for (const argument of [panels, x, x + 8 * columns, y, y + padded]) f.i32(argument);
      f.call(this.#productOf("plain"));
      return;
    }
    const lanes = memory.allocate(16 * columns);
    // The rows that fill the last panel are zeros, but zero times what lies behind x need not be.
    const held = rows % PANEL === 0 ? x : memory.allocate(padded);
    if (held !== x) copyDoubles(f, { at: held }, { at: x }, rows);
    f.i32(lanes);
    f.i32(0);
    f.i32(16 * columns);
    f.put(0xfc, 0x0b, 0);
    for (const argument of [panels, held, held + padded, lanes, lanes + 16 * columns]) f.i32(argument);
    f.call(this.#productOf("transposed"));
    addLanes(f, lanes, y, columns);
  }

  #productOf(kind: "plain" | "transposed"): number {
    let index = this.#products[kind];
    if (index === undefined) {
      index = this.#module.declare(TYPE.product);
      this.#products[kind] = index;
      this.#module.define(index, kind === "plain" ? product() : transposedProduct());
    }
    return index;
  }

  /** Returns the index of a function of one number, written when it is first called. */
  #function(op: ElementwiseName): number {
    const known = this.#functions.get(op);
    if (known !== undefined) return known;
    const index = this.#module.declare(TYPE.function);
    this.#functions.set(op, index);
    const { argument, value } = simpleFunction(op, () => false);
    const nodes = reachable([value]).filter((node) => !isLeaf(node));
    const group: Group = { level: 0, size: 1, kind: "loop", nodes };
    const f = new FunctionWriter(1);
    emitValue(f, group, value, {
      memory: this.#memory,
      copies: new Map(),
      plan: new Plan([group], 1 + value.id, new Map()),
      functionOf: (other) => this.#function(other),
      given: new Map([[argument.id, 0]]),
    });
    this.#module.define(index, f);
    return index;
  }
}
