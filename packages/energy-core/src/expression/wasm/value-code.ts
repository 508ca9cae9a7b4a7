import { elementwise } from "../elementwise.ts";
import { type ElementwiseName, isNumber, type Node } from "../node.ts";
import type { FunctionWriter } from "./encode.ts";
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

/** Writes the values of a group's nodes, for a number or for two lanes, at one entry or in a loop over entries. */
export class ValueEmitter {
  protected readonly f: FunctionWriter;
  protected readonly group: Group;
  protected readonly around: Surroundings;
  readonly #number: number;
  protected readonly locals: Record<number, Map<number, number>> = { 1: new Map(), 2: new Map() };
  /** Locals with numbers in both lanes. */
  protected readonly splats = new Map<number, number>();
  protected readonly constants = new Map<number | string, [value: number, local: number]>();
  protected mode: Mode = scalar;
  /** The local with the bytes passed, or −1 where the entry is known. */
  protected index = -1;
  /** First entry, where it is known. */
  protected entry = 0;

  constructor(f: FunctionWriter, g: number, group: Group, around: Surroundings) {
    this.f = f;
    this.group = group;
    this.around = around;
    this.#number = g;
    for (const [id, local] of around.given ?? []) this.locals[1].set(id, local);
  }

  #isMember(node: Node): boolean {
    return this.around.plan.isMember(node, this.#number);
  }

  /** Writes a constant: in loops the local that keeps it, as engines make vectors of constants anew each time. */
  protected constant(value: number): void {
    if (this.index < 0) {
      this.mode.constant(this.f, value);
      return;
    }
    const key = Object.is(value, -0) ? "-0" : value;
    let kept = this.constants.get(key);
    if (kept === undefined) {
      kept = [value, this.f.local(pair.type)];
      this.constants.set(key, kept);
    }
    this.f.get(kept[1]);
  }

  protected address(): void {
    if (this.index >= 0) this.f.get(this.index);
    else this.f.i32(0);
  }

  protected access(code: readonly number[], base: number): void {
    this.f.access(code, this.index >= 0 ? base : base + 8 * this.entry);
  }

  /** Writes what leaves a node's value on the stack. */
  value(node: Node): void {
    const f = this.f;
    if (isNumber(node)) {
      this.constant(node.values![0]);
      return;
    }
    const local = this.locals[this.mode.lanes].get(node.id);
    if (local !== undefined && (this.#isMember(node) || this.around.given?.has(node.id))) f.get(local);
    else if (this.#isMember(node) && node.op !== "assemble" && !isLeaf(node)) this.operation(node);
    else if (node.size === 1 && this.mode === pair) f.get(this.splats.get(node.id)!);
    else if (node.size === 1) {
      f.i32(0);
      f.access(scalar.load, this.around.memory.of(node));
    } else {
      this.address();
      this.access(this.mode.load, this.around.memory.of(node));
    }
  }

  protected operation(node: Node): void {
    const { op, inputs } = node;
    const [f, mode] = [this.f, this.mode];
    if (readsMemory(node)) {
      this.#fetch(node);
      return;
    }
    if (op === "where") {
      if (mode === pair && this.#extreme(inputs)) return;
      this.value(inputs[1]);
      this.value(inputs[2]);
      this.#condition(inputs[0]);
      f.code(mode.choose);
      return;
    }
    for (const input of inputs) this.value(input);
    if (op === "fill" || op === "sum") return;
    if (op === "less" || op === "lessEqual" || op === "equal") {
      f.code(mode.codes[op]);
      mode.oneOrZero(f, (value) => this.constant(value));
    } else if (op === "exponent" || op === "mantissa") mode[op](f, (value) => this.constant(value));
    else if (op === "twoTo") {
      this.constant(TWO_TO_SHIFT);
      f.code(mode.codes.add);
      mode.twoTo(f);
    } else if (node.isElementwise && elementwise[op as ElementwiseName].expand)
      f.call(this.around.functionOf(op as ElementwiseName));
    else f.code(mode.codes[op as "add"]);
  }

  /**
   * Writes the choice of the smaller or the larger of what a comparison compares, where it is one; returns whether it
   * is.
   */
  #extreme([condition, first, second]: readonly Node[]): boolean {
    if (condition.op !== "less" || !this.#isMember(condition)) return false;
    const [low, high] = condition.inputs;
    const isLeast = first === low && second === high;
    if (!isLeast && !(first === high && second === low)) return false;
    this.value(isLeast ? high : low);
    this.value(isLeast ? low : high);
    this.f.code(isLeast ? SIMD.least : SIMD.most);
    return true;
  }

  /** Writes the outcome of a comparison, which need not become a number in between. */
  #condition(node: Node): void {
    const { op, inputs } = node;
    const compares = op === "less" || op === "lessEqual" || op === "equal";
    if (compares && this.#isMember(node) && this.around.plan.isInline(node)) {
      for (const input of inputs) this.value(input);
      this.f.code(this.mode.codes[op]);
      return;
    }
    this.value(node);
    this.constant(0);
    this.f.code(this.mode.codes.notEqual);
  }

  /** Writes entries of an array in memory: a known one, or those whose places an index lists. */
  #fetch({ op, inputs: [source], attribute, indices }: Node): void {
    const { memory } = this.around;
    const f = this.f;
    const base = memory.of(source);
    const known = (k: number) => base + 8 * (op === "element" ? attribute : indices![k]);
    if (this.index >= 0) {
      const list = memory.constant(offsetsOf(indices!));
      const offset = (k: number) => {
        f.get(this.index);
        f.i32(1);
        f.put(0x76);
        f.access([0x28], list + 4 * k);
      };
      offset(1);
      offset(0);
      f.access(SIMD.loadLow, base);
      f.access(SIMD.loadLane, base);
      f.put(1);
    } else if (this.mode === pair) {
      f.i32(0);
      f.i32(0);
      f.access(SIMD.loadLow, known(this.entry));
      f.access(SIMD.loadLane, known(this.entry + 1));
      f.put(1);
    } else {
      f.i32(0);
      f.access(scalar.load, known(this.entry));
    }
  }
}
