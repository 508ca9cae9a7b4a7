import { isNumber, type Node } from "../node.ts";
import { type FunctionWriter, I32 } from "./encode.ts";
import type { Group } from "./group.ts";
import { pair, SIMD, scalar } from "./mode.ts";
import { type Surroundings, ValueEmitter } from "./value-code.ts";

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

class Emitter extends ValueEmitter {
  readonly #sums = new Map<number, number>();

  numbers(): void {
    this.#body();
  }

  loop(): void {
    const { size, nodes } = this.group;
    const rounds = size >> 1;
    this.mode = pair;
    this.#begin();
    if (rounds * nodes.length <= UNROLLED) {
      for (let k = 0; k < rounds; k++) {
        this.entry = 2 * k;
        this.#body();
      }
    } else this.#rounds(rounds);
    const sums = [...this.#sums];
    for (const [id, local] of sums) {
      this.f.get(local);
      this.f.put(...SIMD.first);
      this.f.get(local);
      this.f.put(...SIMD.second, ...scalar.codes.add);
      const total = this.f.local(scalar.type);
      this.f.set(total);
      this.#sums.set(id, total);
    }
    if (size % 2 === 1) {
      this.mode = scalar;
      this.entry = size - 1;
      this.#body();
    }
    for (const node of nodes) if (node.op === "sum") this.#storeSum(node);
  }

  /** Numbers go into all lanes once, and sums begin at zero. */
  #begin(): void {
    for (const { op, id, inputs } of this.group.nodes) {
      if (op === "sum") {
        const local = this.f.local(pair.type);
        pair.constant(this.f, 0);
        this.f.set(local);
        this.#sums.set(id, local);
      }
      if (op === "gather") continue;
      for (const input of inputs) {
        if (input.size > 1 || isNumber(input) || this.splats.has(input.id)) continue;
        const local = this.f.local(pair.type);
        this.f.i32(0);
        this.f.access(SIMD.loadSplat, this.around.memory.of(input));
        this.f.set(local);
        this.splats.set(input.id, local);
      }
    }
  }

  #rounds(rounds: number): void {
    const f = this.f;
    this.index = f.local(I32);
    const start = f.length;
    f.put(0x03, 0x40);
    this.#body();
    f.get(this.index);
    f.i32(16);
    f.put(0x6a);
    f.tee(this.index);
    f.i32(16 * rounds);
    f.put(0x49, 0x0d, 0, 0x0b);
    // What the loop needs before it begins is known only now.
    const loop = f.cut(start);
    for (const [value, local] of this.constants.values()) {
      pair.constant(f, value);
      f.set(local);
    }
    f.i32(0);
    f.set(this.index);
    f.append(loop);
    this.index = -1;
  }

  #storeSum(node: Node): void {
    const { memory } = this.around;
    this.f.i32(0);
    this.f.get(this.#sums.get(node.id)!);
    this.f.access(scalar.store, memory.of(node));
  }

  #body(): void {
    for (const node of this.group.nodes) {
      if (node.op === "sum" && this.group.size > 1) this.#accumulate(node);
      else if (node.op === "assemble") this.#assemble(node);
      else if (!this.around.plan.isInline(node)) this.#keep(node);
    }
  }

  #accumulate(node: Node): void {
    const local = this.#sums.get(node.id)!;
    this.f.get(local);
    this.value(node.inputs[0]);
    this.f.code(this.mode.codes.add);
    this.f.set(local);
  }

  #assemble({ id, inputs, indices }: Node): void {
    const base = this.around.memory.of(this.group.nodes.find((node) => node.id === id)!);
    const byPlace = new Map<number, Node[]>();
    for (const [k, input] of inputs.entries()) {
      const list = byPlace.get(indices![k]);
      if (list) list.push(input);
      else byPlace.set(indices![k], [input]);
    }
    for (const [place, parts] of byPlace) {
      this.f.i32(0);
      this.constant(0);
      for (const part of parts) {
        this.value(part);
        this.f.code(this.mode.codes.add);
      }
      this.f.access(this.mode.store, base + 8 * place);
    }
  }

  /** Writes a node into its local and its places in memory. */
  #keep(node: Node): void {
    const { memory, copies } = this.around;
    const copy = copies.get(node.id);
    const own = this.around.plan.isShared(node) ? memory.of(node) : undefined;
    const only = copy === undefined ? own : own === undefined ? copy : undefined;
    if (only !== undefined && !this.around.plan.isUsed(node)) {
      this.address();
      this.operation(node);
      this.access(this.mode.store, only);
      return;
    }
    const locals = this.locals[this.mode.lanes];
    let local = locals.get(node.id);
    this.operation(node);
    if (local === undefined) {
      local = this.f.local(this.mode.type);
      locals.set(node.id, local);
    }
    this.f.set(local);
    for (const place of [copy, own]) {
      if (place === undefined) continue;
      this.address();
      this.f.get(local);
      this.access(this.mode.store, place);
    }
  }
}
