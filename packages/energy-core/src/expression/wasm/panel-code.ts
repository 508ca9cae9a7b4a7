/** Products of a vector with a matrix in panels (../panels.ts), whose twin is `panelProduct` of ../linear.ts. */
import { FunctionWriter, I32, V128 } from "./encode.ts";
import { pair, SIMD } from "./mode.ts";

const [ADD, LESS] = [0x6a, 0x49];

/** Writes what advances an address and goes on with the loop while it is below its end. */
function again(f: FunctionWriter, address: number, step: number, end: number): void {
  f.get(address);
  f.i32(step);
  f.put(ADD, 0x22, address);
  f.get(end);
  f.put(LESS, 0x0d, 0, 0x0b);
}

/** y = A x: parameters are the addresses of the panels, of x and its end, of y and its end. */
export function product(): FunctionWriter {
  const f = new FunctionWriter(5);
  const [a, x, xEnd, y, yEnd] = [0, 1, 2, 3, 4];
  const at = f.local(I32);
  const sums = [0, 1, 2, 3].map(() => f.local(V128));
  f.put(0x03, 0x40);
  for (const sum of sums) {
    pair.constant(f, 0);
    f.set(sum);
  }
  f.get(x);
  f.set(at);
  f.put(0x03, 0x40);
  for (const [k, sum] of sums.entries()) {
    f.get(sum);
    f.get(a);
    f.access(pair.load, 16 * k);
    f.get(at);
    f.access(SIMD.loadSplat, 0);
    f.put(...pair.codes.mul, ...pair.codes.add);
    f.set(sum);
  }
  f.get(a);
  f.i32(64);
  f.put(ADD);
  f.set(a);
  again(f, at, 8, xEnd);
  for (const [k, sum] of sums.entries()) {
    f.get(y);
    f.get(sum);
    f.access(pair.store, 16 * k);
  }
  again(f, y, 64, yEnd);
  return f;
}

/**
 * y = Aᵀ x: parameters are the addresses of the panels, of x and its end, of two lanes for each sum and their
 * end. Sums are added up by {@link addLanes}.
 */
export function transposedProduct(): FunctionWriter {
  const f = new FunctionWriter(5);
  const [a, x, xEnd, s, sEnd] = [0, 1, 2, 3, 4];
  const at = f.local(I32);
  const weights = [0, 1, 2, 3].map(() => f.local(V128));
  f.put(0x03, 0x40);
  for (const [k, weight] of weights.entries()) {
    f.get(x);
    f.access(pair.load, 16 * k);
    f.set(weight);
  }
  f.get(s);
  f.set(at);
  f.put(0x03, 0x40);
  f.get(at);
  f.get(at);
  f.access(pair.load, 0);
  for (const half of [0, 2]) {
    for (const k of [half, half + 1]) {
      f.get(a);
      f.access(pair.load, 16 * k);
      f.get(weights[k]);
      f.code(pair.codes.mul);
    }
    f.code(pair.codes.add);
  }
  f.put(...pair.codes.add, ...pair.codes.add);
  f.access(pair.store, 0);
  f.get(a);
  f.i32(64);
  f.put(ADD);
  f.set(a);
  again(f, at, 16, sEnd);
  again(f, x, 64, xEnd);
  return f;
}

/** Writes y_j = the sum of the two lanes of sum j, for each of `count` sums. */
export function addLanes(f: FunctionWriter, lanes: number, y: number, count: number): void {
  const at = f.local(I32);
  f.i32(0);
  f.set(at);
  f.put(0x03, 0x40);
  f.get(at);
  for (const lane of [0, 8]) {
    f.get(at);
    f.get(at);
    f.put(ADD);
    f.access([0x2b], lanes + lane);
  }
  f.put(0xa0);
  f.access([0x39], y);
  f.get(at);
  f.i32(8);
  f.put(ADD);
  f.set(at);
  f.get(at);
  f.i32(8 * count);
  f.put(LESS, 0x0d, 0, 0x0b);
}
