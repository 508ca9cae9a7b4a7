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

export type Bytes = number[];

/** Appends an unsigned integer in LEB128. */
export function unsigned(out: Bytes, value: number): void {
  let rest = value;
  while (rest >= 128) {
    out.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}

/** Appends a signed 32-bit integer in LEB128. */
function signed(out: Bytes, value: number): void {
  let rest = value | 0;
  while (rest < -64 || rest > 63) {
    out.push((rest & 127) | 128);
    rest >>= 7;
  }
  out.push(rest & 127);
}

const number = new Float64Array(1);
const numberBytes = new Uint8Array(number.buffer);

/** Appends the eight bytes of a double. */
export function double(out: Bytes, value: number): void {
  number[0] = value;
  for (let i = 0; i < 8; i++) out.push(numberBytes[i]);
}

/** The body of one function while it is written. */
export class FunctionWriter {
  readonly code: Bytes = [];
  readonly #types: number[] = [];
  readonly #parameters: number;

  constructor(parameters = 0) {
    this.#parameters = parameters;
  }

  /** Returns the index of a new local. */
  local(type: number): number {
    this.#types.push(type);
    return this.#parameters + this.#types.length - 1;
  }

  put(...bytes: number[]): void {
    for (const byte of bytes) this.code.push(byte);
  }

  get(local: number): void {
    this.code.push(0x20);
    unsigned(this.code, local);
  }

  set(local: number): void {
    this.code.push(0x21);
    unsigned(this.code, local);
  }

  tee(local: number): void {
    this.code.push(0x22);
    unsigned(this.code, local);
  }

  i32(value: number): void {
    this.code.push(0x41);
    signed(this.code, value);
  }

  call(index: number): void {
    this.code.push(0x10);
    unsigned(this.code, index);
  }

  /** A load or store, with its place in bytes beside the address on the stack. */
  access(code: readonly number[], offset: number): void {
    this.put(...code, 0);
    unsigned(this.code, offset);
  }

  /** Bytes so far, to keep functions of a size that compiles fast. */
  get length(): number {
    return this.code.length;
  }

  finish(): Uint8Array {
    const out: Bytes = [];
    const runs: [number, number][] = [];
    for (const type of this.#types) {
      const last = runs.at(-1);
      if (last?.[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    unsigned(out, runs.length);
    for (const [count, type] of runs) {
      unsigned(out, count);
      out.push(type);
    }
    const body = new Uint8Array(out.length + this.code.length + 1);
    body.set(out);
    body.set(this.code, out.length);
    body[body.length - 1] = 0x0b;
    return body;
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
    const out: Bytes = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    section(out, 1, SIGNATURES.length, (body) => {
      for (const [parameters, results] of SIGNATURES)
        body.push(0x60, parameters.length, ...parameters, results.length, ...results);
    });
    section(out, 2, 1 + this.#imports.length, (body) => {
      body.push(...text("env"), ...text("memory"), 2, 0, 1);
      for (const [name, type] of this.#imports) body.push(...text("env"), ...text(name), 0, type);
    });
    section(out, 3, this.#types.length, (body) => {
      for (const type of this.#types) body.push(type);
    });
    section(out, 7, 1, (body) => {
      body.push(...text("run"), 0);
      unsigned(body, run);
    });
    const lengths = this.#bodies.map((code) => {
      const length: Bytes = [];
      unsigned(length, code.length);
      return length;
    });
    const count: Bytes = [];
    unsigned(count, this.#bodies.length);
    const size = this.#bodies.reduce((sum, code, k) => sum + code.length + lengths[k].length, count.length);
    out.push(10);
    unsigned(out, size);
    const bytes = new Uint8Array(out.length + size);
    let at = 0;
    const append = (part: ArrayLike<number>) => {
      bytes.set(part, at);
      at += part.length;
    };
    append(out);
    append(count);
    for (const [k, code] of this.#bodies.entries()) {
      append(lengths[k]);
      append(code);
    }
    return bytes;
  }
}

function text(value: string): Bytes {
  return [value.length, ...Array.from(value, (letter) => letter.charCodeAt(0))];
}

function section(out: Bytes, id: number, count: number, write: (body: Bytes) => void): void {
  const body: Bytes = [];
  unsigned(body, count);
  write(body);
  out.push(id);
  unsigned(out, body.length);
  for (const byte of body) out.push(byte);
}
