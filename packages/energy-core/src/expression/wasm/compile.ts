import { instantiateModule } from "../../wasm/module.ts";
import { kernelOf } from "../kernels.ts";
import { lower, type Output, type Program, simpleFunction } from "../lower.ts";
import { type ElementwiseName, Node, reachable } from "../node.ts";
import { PANEL, packed } from "../panels.ts";
import { emitGroup, emitValue } from "./emit.ts";
import { FunctionWriter, ModuleWriter, TYPE } from "./encode.ts";
import { type Group, groups, isLeaf } from "./group.ts";
import { Memory } from "./memory.ts";
import { addLanes, product, transposedProduct } from "./panel-code.ts";
import { Plan } from "./plan.ts";
import type { Surroundings } from "./value-code.ts";

/** Bytes of code in one function, about, before another one is begun. */
const FUNCTION_BYTES = 20_000;

/**
 * Returns a program compiled to WebAssembly while the page runs, the bytes of the module written here. Operations
 * without code of their own run by the interpreter's kernels over the same memory. Results are those of
 * `interpret`, bit for bit.
 *
 * @throws {CapabilityError} where WebAssembly with SIMD is missing or forbidden.
 */
export function compile(outputs: readonly Output[], dimension: number, length: number): Program {
  const writer = new ProgramWriter(outputs, dimension, length);
  return writer.program(dimension, length);
}

class ProgramWriter {
  readonly #module = new ModuleWriter();
  readonly #memory: Memory;
  readonly #functions = new Map<ElementwiseName, number>();
  readonly #products: { plain?: number; transposed?: number } = {};
  /** Nodes that the interpreter's kernels compute, in the order of their calls. */
  readonly #hosted: Node[] = [];
  readonly #run: number;

  constructor(outputs: readonly Output[], dimension: number, length: number) {
    this.#memory = new Memory(dimension, length);
    const lowered = lower(outputs, (_, isNumber) => !isNumber);
    const copies = new Map<number, number>();
    let next = 1 + lowered.reduce((most, { node }) => Math.max(most, node.id), 0);
    const roots = lowered.map((output): Node => {
      const id = next++;
      copies.set(id, this.#memory.results + 8 * output.offset);
      return new Node(id, "fill", [output.node], [output.length]);
    });
    const nodes = reachable(roots);
    const list = groups(nodes);
    this.#run = this.#module.declare(TYPE.run);
    this.#writeRun(list, {
      memory: this.#memory,
      copies,
      plan: new Plan(list, next, copies),
      functionOf: (op) => this.#function(op),
    });
  }

  program(dimension: number, length: number): Program {
    const bytes = this.#module.finish(this.#run);
    const kernels: (() => void)[] = [];
    const { exports, memory } = instantiateModule<{ run(): void }>(bytes, this.#memory.bytes, {
      host: (k: number) => kernels[k](),
    });
    const { buffer } = memory;
    this.#memory.fill(buffer);
    const place = (node: Node) => node.values ?? new Float64Array(buffer, this.#memory.of(node), node.size);
    for (const node of this.#hosted) kernels.push(kernelOf(node, place));
    return {
      kernel: "wasm",
      state: new Float64Array(buffer, 0, dimension),
      results: new Float64Array(buffer, this.#memory.results, length),
      run: exports.run,
    };
  }

  /** Groups one after the other, in as many functions as keep each of a size that compiles fast. */
  #writeRun(list: readonly Group[], around: Surroundings): void {
    const parts: number[] = [];
    let f = new FunctionWriter();
    const close = () => {
      const index = this.#module.declare(TYPE.run);
      this.#module.define(index, f);
      parts.push(index);
      f = new FunctionWriter();
    };
    for (const [g, group] of list.entries()) {
      if (group.kind === "loop") emitGroup(f, g, group, around);
      else this.#routine(f, group.nodes[0]);
      if (f.length > FUNCTION_BYTES) close();
    }
    close();
    const run = new FunctionWriter();
    for (const part of parts) run.call(part);
    this.#module.define(this.#run, run);
  }

  #routine(f: FunctionWriter, node: Node): void {
    if (node.op === "reshape") return;
    const matrix = node.inputs[0];
    if (node.op === "matrixVector" && matrix.values) {
      this.#product(f, node, matrix.values);
      return;
    }
    f.i32(this.#hosted.length);
    f.call(0);
    this.#hosted.push(node);
    // Laid out now, while the memory can still grow.
    this.#memory.of(node);
    for (const input of node.inputs) if (!input.values) this.#memory.of(input);
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
    f.i32(lanes);
    f.i32(0);
    f.i32(16 * columns);
    f.put(0xfc, 0x0b, 0);
    for (const argument of [panels, x, x + padded, lanes, lanes + 16 * columns]) f.i32(argument);
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
