/**
 * Bytes of WebAssembly modules (https://webassembly.github.io/spec/core/binary/): no more of the format than
 * compiled formulas need.
 */

export const F64 = 0x7c;
export const V128 = 0x7b;
export const I32 = 0x7f;

/**
 * Function types by their place in the module: a type of so many addresses or lengths has their number as its place;
 * the parts of a run have none.
 */
export const TYPE = { run: 0, product: 5, function: 7 } as const;

const SIGNATURES: readonly (readonly [readonly number[], readonly number[]])[] = [
  ...[0, 1, 2, 3, 4, 5, 6].map((count) => [new Array<number>(count).fill(I32), []] as const),
  [[F64], [F64]],
];

const number = new Float64Array(1);
const numberBytes = new Uint8Array(number.buffer);

/** Bytes in a row, in an array that grows. */
class Bytes {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes so far; a view that the next ones may invalidate. */
  get view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  put(...bytes: number[]): void {
    this.code(bytes);
  }

  /** Appends the bytes of an instruction. */
  code(bytes: readonly number[]): void {
    for (let i = 0; i < bytes.length; i++) this.byte(bytes[i]);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Takes the bytes from `start` on out again. */
  cut(start: number): Uint8Array {
    const rest = this.#bytes.slice(start, this.#length);
    this.#length = start;
    return rest;
  }

  /** Appends an unsigned integer in LEB128. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest & 127) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** Appends a signed 32-bit integer in LEB128. */
  signed(value: number): void {
    let rest = value | 0;
    while (rest < -64 || rest > 63) {
      this.byte((rest & 127) | 128);
      rest >>= 7;
    }
    this.byte(rest & 127);
  }

  /** Appends the eight bytes of a double. */
  double(value: number): void {
    number[0] = value;
    this.append(numberBytes);
  }

  /** Appends the length of a name and its letters. */
  name(value: string): void {
    this.put(value.length, ...Array.from(value, (letter) => letter.charCodeAt(0)));
  }
}

/** The body of one function while it is written. */
export class FunctionWriter extends Bytes {
  readonly #types: number[] = [];
  readonly #parameters: number;

  constructor(parameters = 0) {
    super(1024);
    this.#parameters = parameters;
  }

  /** Returns the index of a new local. */
  local(type: number): number {
    this.#types.push(type);
    return this.#parameters + this.#types.length - 1;
  }

  get(local: number): void {
    this.byte(0x20);
    this.unsigned(local);
  }

  set(local: number): void {
    this.byte(0x21);
    this.unsigned(local);
  }

  tee(local: number): void {
    this.byte(0x22);
    this.unsigned(local);
  }

  i32(value: number): void {
    this.byte(0x41);
    this.signed(value);
  }

  call(index: number): void {
    this.byte(0x10);
    this.unsigned(index);
  }

  /** A load or store, with its place in bytes beside the address on the stack. */
  access(code: readonly number[], offset: number): void {
    this.code(code);
    this.byte(0);
    this.unsigned(offset);
  }

  finish(): Uint8Array {
    const out = new Bytes();
    const runs: [number, number][] = [];
    for (const type of this.#types) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    out.unsigned(runs.length);
    for (const [count, type] of runs) {
      out.unsigned(count);
      out.byte(type);
    }
    out.append(this.view);
    out.byte(0x0b);
    return out.view;
  }
}

/** Functions of a module: declared first, so that they can be called, and written in any order. */
export class ModuleWriter {
  readonly #imports: readonly (readonly [name: string, type: number])[];
  readonly #types: number[] = [];
  readonly #bodies: Uint8Array[] = [];

  /** @param imports functions of `env` with their types: the first ones of the module. */
  constructor(imports: readonly (readonly [name: string, type: number])[]) {
    this.#imports = imports;
  }

  /** Returns the index of a new function. */
  declare(type: number): number {
    this.#types.push(type);
    return this.#imports.length + this.#types.length - 1;
  }

  define(index: number, writer: FunctionWriter): void {
    this.#bodies[index - this.#imports.length] = writer.finish();
  }

  /** Returns the module: it imports `env.memory` and exports function `run`. */
  finish(run: number): Uint8Array {
    const out = new Bytes(4096);
    out.put(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    section(out, 1, SIGNATURES.length, (body) => {
      for (const [parameters, results] of SIGNATURES)
        body.put(0x60, parameters.length, ...parameters, results.length, ...results);
    });
    section(out, 2, 1 + this.#imports.length, (body) => {
      body.name("env");
      body.name("memory");
      body.put(2, 0, 1);
      for (const [name, type] of this.#imports) {
        body.name("env");
        body.name(name);
        body.put(0, type);
      }
    });
    section(out, 3, this.#types.length, (body) => {
      for (const type of this.#types) body.byte(type);
    });
    section(out, 7, 1, (body) => {
      body.name("run");
      body.byte(0);
      body.unsigned(run);
    });
    section(out, 10, this.#bodies.length, (body) => {
      for (const code of this.#bodies) {
        body.unsigned(code.length);
        body.append(code);
      }
    });
    return out.view;
  }
}

function section(out: Bytes, id: number, count: number, write: (body: Bytes) => void): void {
  const body = new Bytes();
  body.unsigned(count);
  write(body);
  out.byte(id);
  out.unsigned(body.length);
  out.append(body.view);
}
