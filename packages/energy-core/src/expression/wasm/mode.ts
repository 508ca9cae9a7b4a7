/** How operations are written: for one number, or for two in the lanes of a vector. */
import { F64, type FunctionWriter, V128 } from "./encode.ts";

type Simple =
  | ("add" | "sub" | "mul" | "div" | "neg" | "abs" | "sqrt" | "floor" | "min" | "max")
  | ("less" | "lessEqual" | "equal" | "notEqual");

export interface Mode {
  /** Type of a value. */
  readonly type: number;
  /** Numbers of a value. */
  readonly lanes: number;
  readonly load: readonly number[];
  readonly store: readonly number[];
  readonly codes: Readonly<Record<Simple, readonly number[]>>;
  /** Writes a constant, every lane the same. */
  constant(f: FunctionWriter, value: number): void;
  /**
   * Turns the outcome of a comparison into 1 or 0. Constants are written by `constant`, which may keep them in locals.
   */
  oneOrZero(f: FunctionWriter, constant: (value: number) => void): void;
  /** Chooses the first of two values where the outcome of a comparison on top is true. */
  readonly choose: readonly number[];
  exponent(f: FunctionWriter, constant: (value: number) => void): void;
  mantissa(f: FunctionWriter, constant: (value: number) => void): void;
  /** 2^k from k + {@link TWO_TO_SHIFT}. */
  twoTo(f: FunctionWriter): void;
}

/** 1.5 · 2⁵² leaves an integer in the low bits of a double; 1023 is the bias of exponents. */
export const TWO_TO_SHIFT = 6755399441055744 + 1023;
/** 2⁵² with an exponent field in its low bits, less this, is the exponent. */
const EXPONENT_SHIFT = 4503599627370496 + 1023;

/** An instruction on vectors: its code has two bytes in LEB128 from 128 on. */
const vectorCode = (code: number, ...rest: number[]) =>
  code < 128 ? [0xfd, code, ...rest] : [0xfd, (code & 127) | 128, code >> 7, ...rest];

/** The double whose bits are those of every mantissa set, and no others. */
const MANTISSA_BITS = 2.225073858507201e-308;

export const scalar: Mode = {
  type: F64,
  lanes: 1,
  load: [0x2b],
  store: [0x39],
  codes: {
    ...{ add: [0xa0], sub: [0xa1], mul: [0xa2], div: [0xa3], min: [0xa4], max: [0xa5] },
    ...{ neg: [0x9a], abs: [0x99], sqrt: [0x9f], floor: [0x9c] },
    ...{ less: [0x63], lessEqual: [0x65], equal: [0x61], notEqual: [0x62] },
  },
  constant(f, value) {
    f.put(0x44);
    f.double(value);
  },
  oneOrZero: (f) => f.put(0xb8),
  choose: [0x1b],
  exponent(f, constant) {
    f.put(0xbd, 0x42, 52, 0x88, 0xba);
    constant(1023);
    f.put(0xa1);
  },
  mantissa(f, constant) {
    f.put(0xbd);
    constant(MANTISSA_BITS);
    f.put(0xbd, 0x83);
    constant(1);
    f.put(0xbd, 0x84, 0xbf);
  },
  twoTo: (f) => f.put(0xbd, 0x42, 52, 0x86, 0xbf),
};

export const pair: Mode = {
  type: V128,
  lanes: 2,
  load: vectorCode(0x00),
  store: vectorCode(0x0b),
  codes: {
    ...{ add: vectorCode(0xf0), sub: vectorCode(0xf1), mul: vectorCode(0xf2), div: vectorCode(0xf3) },
    ...{ min: vectorCode(0xf4), max: vectorCode(0xf5), neg: vectorCode(0xed), abs: vectorCode(0xec) },
    ...{ sqrt: vectorCode(0xef), floor: vectorCode(0x75), less: vectorCode(0x49) },
    ...{ lessEqual: vectorCode(0x4b), equal: vectorCode(0x47), notEqual: vectorCode(0x48) },
  },
  constant(f, value) {
    f.put(...vectorCode(0x0c));
    f.double(value);
    f.double(value);
  },
  oneOrZero(f, constant) {
    constant(1);
    f.put(...vectorCode(0x4e));
  },
  choose: vectorCode(0x52),
  exponent(f, constant) {
    f.i32(52);
    f.put(...vectorCode(0xcd));
    constant(4503599627370496);
    f.put(...vectorCode(0x50));
    constant(EXPONENT_SHIFT);
    f.put(...vectorCode(0xf1));
  },
  mantissa(f, constant) {
    constant(MANTISSA_BITS);
    f.put(...vectorCode(0x4e));
    constant(1);
    f.put(...vectorCode(0x50));
  },
  twoTo(f) {
    f.i32(52);
    f.put(...vectorCode(0xcb));
  },
};

/** Vector instructions that are used by name. */
export const SIMD = {
  splat: vectorCode(0x14),
  loadSplat: vectorCode(0x0a),
  loadLow: vectorCode(0x5d),
  loadLane: vectorCode(0x57),
  /** The second where it is below the first, else the first; and the second where it is above. */
  least: vectorCode(0xf6),
  most: vectorCode(0xf7),
  first: vectorCode(0x21, 0),
  second: vectorCode(0x21, 1),
} as const;
