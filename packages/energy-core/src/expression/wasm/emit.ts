import { elementwise } from "../elementwise.ts";
import { type ElementwiseName, isNumber, type Node } from "../node.ts";
import { type FunctionWriter, I32 } from "./encode.ts";
import { type Group, isLeaf, readsMemory } from "./group.ts";
import { type Memory, offsetsOf } from "./memory.ts";
import { type Mode, pair, SIMD, scalar, TWO_TO_SHIFT } from "./mode.ts";
import type { Plan } from "./plan.ts";

/** What the code of a group needs to know of the rest. */
export interface Surroundings {
  readonly memory: Memory;
  /** Where else a node's numbers have to be stored. */
  readonly copies: ReadonlyMap<number, number>;
  readonly plan: Plan;
  /** Returns the index of the function of numbers that does `op`. */
  functionOf(op: ElementwiseName): number;
  /** Locals that hold values from the start: the argument of a function. */
  readonly given?: ReadonlyMap<number, number>;
}

/** Code of loops is repeated rather than run as long as nodes times rounds are no more than this. */
const UNROLLED = 300;

/** Writes the code of group number `g`. */
export function emitGroup(f: FunctionWriter, g: number, group: Group, surroundings: Surroundings): void {
  const emitter = new Emitter(f, g, group, surroundings);
  if (group.size === 1) emitter.numbers();
  else emitter.loop();
}

/** Writes the code that leaves a node of the one group there is on the stack. */
export function emitValue(f: FunctionWriter, group: Group, value: Node, surroundings: Surroundings): void {
  const emitter = new Emitter(f, 0, group, surroundings);
  emitter.numbers();
  emitter.value(value);
}

class Emitter {
  readonly #f: FunctionWriter;
  readonly #group: Group;
  readonly #around: Surroundings;
  readonly #number: number;
  readonly #locals: Record<number, Map<number, number>> = { 1: new Map(), 2: new Map() };
  readonly #splats = new Map<number, number>();
  readonly #sums = new Map<number, number>();
  readonly #constants = new Map<number | string, [value: number, local: number]>();
  #mode: Mode = scalar;
  /** The local with the bytes passed, or −1 where the entry is known. */
  #index = -1;
  /** First entry, where it is known. */
  #entry = 0;

  constructor(f: FunctionWriter, g: number, group: Group, around: Surroundings) {
    this.#f = f;
    this.#group = group;
    this.#around = around;
    this.#number = g;
    for (const [id, local] of around.given ?? []) this.#locals[1].set(id, local);
  }

  #isMember(node: Node): boolean {
    return this.#around.plan.isMember(node, this.#number);
  }

  numbers(): void {
    this.#body();
  }

  loop(): void {
    const { size, nodes } = this.#group;
    const rounds = size >> 1;
    this.#mode = pair;
    this.#begin();
    if (rounds * nodes.length <= UNROLLED) {
      for (let k = 0; k < rounds; k++) {
        this.#entry = 2 * k;
        this.#body();
      }
    } else this.#rounds(rounds);
    const sums = [...this.#sums];
    for (const [id, local] of sums) {
      this.#f.get(local);
      this.#f.put(...SIMD.first);
      this.#f.get(local);
      this.#f.put(...SIMD.second, ...scalar.codes.add);
      const total = this.#f.local(scalar.type);
      this.#f.set(total);
      this.#sums.set(id, total);
    }
    if (size % 2 === 1) {
      this.#mode = scalar;
      this.#entry = size - 1;
      this.#body();
    }
    for (const node of nodes) if (node.op === "sum") this.#storeSum(node);
  }

  /** Numbers go into all lanes once, and sums begin at zero. */
  #begin(): void {
    for (const { op, id, inputs } of this.#group.nodes) {
      if (op === "sum") {
        const local = this.#f.local(pair.type);
        pair.constant(this.#f, 0);
        this.#f.set(local);
        this.#sums.set(id, local);
      }
      if (op === "gather") continue;
      for (const input of inputs) {
        if (input.size > 1 || isNumber(input) || this.#splats.has(input.id)) continue;
        const local = this.#f.local(pair.type);
        this.#f.i32(0);
        this.#f.access(SIMD.loadSplat, this.#around.memory.of(input));
        this.#f.set(local);
        this.#splats.set(input.id, local);
      }
    }
  }

  #rounds(rounds: number): void {
    const f = this.#f;
    this.#index = f.local(I32);
    const start = f.code.length;
    f.put(0x03, 0x40);
    this.#body();
    f.get(this.#index);
    f.i32(16);
    f.put(0x6a);
    f.tee(this.#index);
    f.i32(16 * rounds);
    f.put(0x49, 0x0d, 0, 0x0b);
    // What the loop needs before it begins is known only now.
    const loop = f.code.splice(start);
    for (const [value, local] of this.#constants.values()) {
      pair.constant(f, value);
      f.set(local);
    }
    f.i32(0);
    f.set(this.#index);
    for (const byte of loop) f.code.push(byte);
    this.#index = -1;
  }

  /** Writes a constant: in loops the local that keeps it, as engines make vectors of constants anew each time. */
  #constant(value: number): void {
    if (this.#index < 0) {
      this.#mode.constant(this.#f, value);
      return;
    }
    const key = Object.is(value, -0) ? "-0" : value;
    let kept = this.#constants.get(key);
    if (kept === undefined) {
      kept = [value, this.#f.local(pair.type)];
      this.#constants.set(key, kept);
    }
    this.#f.get(kept[1]);
  }

  #storeSum(node: Node): void {
    const { memory } = this.#around;
    this.#f.i32(0);
    this.#f.get(this.#sums.get(node.id)!);
    this.#f.access(scalar.store, memory.of(node));
  }

  #body(): void {
    for (const node of this.#group.nodes) {
      if (node.op === "sum" && this.#group.size > 1) this.#accumulate(node);
      else if (node.op === "assemble") this.#assemble(node);
      else if (!this.#around.plan.isInline(node)) this.#keep(node);
    }
  }

  #accumulate(node: Node): void {
    const local = this.#sums.get(node.id)!;
    this.#f.get(local);
    this.value(node.inputs[0]);
    this.#f.put(...this.#mode.codes.add);
    this.#f.set(local);
  }

  #assemble({ id, inputs, indices }: Node): void {
    const base = this.#around.memory.of(this.#group.nodes.find((node) => node.id === id)!);
    const byPlace = new Map<number, Node[]>();
    for (const [k, input] of inputs.entries()) {
      const list = byPlace.get(indices![k]);
      if (list) list.push(input);
      else byPlace.set(indices![k], [input]);
    }
    for (const [place, parts] of byPlace) {
      this.#f.i32(0);
      this.#constant(0);
      for (const part of parts) {
        this.value(part);
        this.#f.put(...this.#mode.codes.add);
      }
      this.#f.access(this.#mode.store, base + 8 * place);
    }
  }

  /** Writes a node into its local and its places in memory. */
  #keep(node: Node): void {
    const { memory, copies } = this.#around;
    const places: number[] = [];
    const copy = copies.get(node.id);
    if (copy !== undefined) places.push(copy);
    if (this.#around.plan.isShared(node)) places.push(memory.of(node));
    if (places.length === 1 && !this.#around.plan.isUsed(node)) {
      this.#address();
      this.#operation(node);
      this.#access(this.#mode.store, places[0]);
      return;
    }
    const locals = this.#locals[this.#mode.lanes];
    let local = locals.get(node.id);
    this.#operation(node);
    if (local === undefined) {
      local = this.#f.local(this.#mode.type);
      locals.set(node.id, local);
    }
    this.#f.set(local);
    for (const place of places) {
      this.#address();
      this.#f.get(local);
      this.#access(this.#mode.store, place);
    }
  }

  #address(): void {
    if (this.#index >= 0) this.#f.get(this.#index);
    else this.#f.i32(0);
  }

  #access(code: readonly number[], base: number): void {
    this.#f.access(code, this.#index >= 0 ? base : base + 8 * this.#entry);
  }

  /** Writes what leaves a node's value on the stack. */
  value(node: Node): void {
    const f = this.#f;
    if (isNumber(node)) {
      this.#constant(node.values![0]);
      return;
    }
    const local = this.#locals[this.#mode.lanes].get(node.id);
    if (local !== undefined && (this.#isMember(node) || this.#around.given?.has(node.id))) f.get(local);
    else if (this.#isMember(node) && node.op !== "assemble" && !isLeaf(node)) this.#operation(node);
    else if (node.size === 1 && this.#mode === pair) f.get(this.#splats.get(node.id)!);
    else if (node.size === 1) {
      f.i32(0);
      f.access(scalar.load, this.#around.memory.of(node));
    } else {
      this.#address();
      this.#access(this.#mode.load, this.#around.memory.of(node));
    }
  }

  #operation(node: Node): void {
    const { op, inputs } = node;
    const [f, mode] = [this.#f, this.#mode];
    if (readsMemory(node)) {
      this.#fetch(node);
      return;
    }
    if (op === "where") {
      if (mode === pair && this.#extreme(inputs)) return;
      this.value(inputs[1]);
      this.value(inputs[2]);
      this.#condition(inputs[0]);
      f.put(...mode.choose);
      return;
    }
    for (const input of inputs) this.value(input);
    if (op === "fill" || op === "sum") return;
    if (op === "less" || op === "lessEqual" || op === "equal") {
      f.put(...mode.codes[op]);
      mode.oneOrZero(f, (value) => this.#constant(value));
    } else if (op === "exponent" || op === "mantissa") mode[op](f, (value) => this.#constant(value));
    else if (op === "twoTo") {
      this.#constant(TWO_TO_SHIFT);
      f.put(...mode.codes.add);
      mode.twoTo(f);
    } else if (node.isElementwise && elementwise[op as ElementwiseName].expand)
      f.call(this.#around.functionOf(op as ElementwiseName));
    else f.put(...mode.codes[op as "add"]);
  }

  /** Writes the choice of the smaller or the larger of what a comparison compares, where it is one; returns whether it is. */
  #extreme([condition, first, second]: readonly Node[]): boolean {
    if (condition.op !== "less" || !this.#isMember(condition)) return false;
    const [low, high] = condition.inputs;
    const isLeast = first === low && second === high;
    if (!isLeast && !(first === high && second === low)) return false;
    this.value(isLeast ? high : low);
    this.value(isLeast ? low : high);
    this.#f.put(...(isLeast ? SIMD.least : SIMD.most));
    return true;
  }

  /** Writes the outcome of a comparison, which need not become a number in between. */
  #condition(node: Node): void {
    const { op, inputs } = node;
    const compares = op === "less" || op === "lessEqual" || op === "equal";
    if (compares && this.#isMember(node) && this.#around.plan.isInline(node)) {
      for (const input of inputs) this.value(input);
      this.#f.put(...this.#mode.codes[op]);
      return;
    }
    this.value(node);
    this.#constant(0);
    this.#f.put(...this.#mode.codes.notEqual);
  }

  /** Writes entries of an array in memory: a known one, or those whose places an index lists. */
  #fetch({ op, inputs: [source], attribute, indices }: Node): void {
    const { memory } = this.#around;
    const f = this.#f;
    const base = memory.of(source);
    const known = (k: number) => base + 8 * (op === "element" ? attribute : indices![k]);
    if (this.#index >= 0) {
      const list = memory.constant(offsetsOf(indices!));
      const offset = (k: number) => {
        f.get(this.#index);
        f.i32(1);
        f.put(0x76);
        f.access([0x28], list + 4 * k);
      };
      offset(1);
      offset(0);
      f.access(SIMD.loadLow, base);
      f.access(SIMD.loadLane, base);
      f.put(1);
    } else if (this.#mode === pair) {
      f.i32(0);
      f.i32(0);
      f.access(SIMD.loadLow, known(this.#entry));
      f.access(SIMD.loadLane, known(this.#entry + 1));
      f.put(1);
    } else {
      f.i32(0);
      f.access(scalar.load, known(this.#entry));
    }
  }
}
