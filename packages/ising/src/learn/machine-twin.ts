import { expBelow, nextWord } from "@basin/energy-core/internal";
import type { MachineExports } from "./exports.ts";

const f = Math.fround;
const UNIT = 2 ** -24;
const CHUNK = 256;

/**
 * Returns the TypeScript twin of assembly/machine.ts over `buffer`: the same operations in the same order, so the same
 * bits.
 */
export function machineTwin(buffer: ArrayBuffer): MachineExports {
  const heap = new Float32Array(buffer);
  const words = new Int32Array(buffer);
  const doubles = new Float64Array(buffer);
  const short = new Uint16Array(buffer);
  return {
    fields(w, bias, lists, counts, out, samples, stride, width) {
      for (let s = 0; s < samples; s++) {
        const to = (out >> 2) + s * width;
        heap.copyWithin(to, bias >> 2, (bias >> 2) + width);
        addRows(heap, w >> 2, short, (lists >> 1) + s * stride, words[(counts >> 2) + s], to, width);
      }
    },
    squash(z, offset, samples, width, scale) {
      const factor = f(scale);
      for (let s = 0; s < samples; s++) {
        for (let k = 0, at = (z >> 2) + s * width; k < width; k++, at++) {
          const x = f(f(factor * heap[at]) + heap[(offset >> 2) + k]);
          const e = expBelow(-Math.abs(x));
          heap[at] = (x >= 0 ? 1 : e) / f(1 + e);
        }
      }
    },
    draw: (...args) => draw(heap, words, short, ...args),
    invert: (...args) => invert(words, short, ...args),
    ascend: (...args) => ascend(heap, words, short, ...args),
    transpose(from, to, rows, columns, width, toWidth) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++)
          heap[(to >> 2) + j * toWidth + i] = heap[(from >> 2) + i * width + j];
      }
    },
    follow(average, w, vectors, rate) {
      const share = f(rate);
      for (let k = 0, a = average >> 2, b = w >> 2; k < 4 * vectors; k++, a++, b++) {
        heap[a] = heap[a] + f(share * f(heap[b] - heap[a]));
      }
    },
    ratios: (...args) => ratios(heap, doubles, ...args),
  };
}

type Draw = Parameters<MachineExports["draw"]>;

function draw(heap: Float32Array, words: Int32Array, short: Uint16Array, ...args: Draw): void {
  const [p, lists, counts, state, samples, stride, units, width] = args;
  for (let s = 0; s < samples; s++) {
    const row = (p >> 2) + s * width;
    const start = (lists >> 1) + s * stride;
    let at = start;
    for (let i = 0; i < units; i += 4) {
      for (let lane = 0; lane < 4; lane++) {
        const u = (nextWord(words, (state >> 2) + lane, 4) >>> 8) * UNIT;
        if (i + lane < units && u < heap[row + i + lane]) short[at++] = i + lane;
      }
    }
    words[(counts >> 2) + s] = at - start;
  }
}

type Invert = Parameters<MachineExports["invert"]>;

function invert(words: Int32Array, short: Uint16Array, ...args: Invert): void {
  const [lists, counts, byUnit, unitCounts, samples, stride, units, unitStride] = args;
  words.fill(0, unitCounts >> 2, (unitCounts >> 2) + units);
  for (let s = 0; s < samples; s++) {
    const start = (lists >> 1) + s * stride;
    const end = start + words[(counts >> 2) + s];
    for (let at = start; at < end; at++) {
      const i = short[at];
      short[(byUnit >> 1) + i * unitStride + words[(unitCounts >> 2) + i]++] = s;
    }
  }
}

type Ascend = Parameters<MachineExports["ascend"]>;

function ascend(heap: Float32Array, words: Int32Array, short: Uint16Array, ...args: Ascend): void {
  const [w, velocity, units, width, plus, plusLists, plusCounts, plusStride, up, minus, ...rest] = args;
  const [minusLists, minusCounts, minusStride, down, momentum, rate, decay] = rest;
  const [upward, downward, keep, eta, pull] = [up, -down, momentum, rate, decay].map(f);
  const a = new Float32Array(2 * width);
  for (let i = 0; i < units; i++) {
    a.fill(0);
    const [first, second] = [a.subarray(0, width), a.subarray(width)];
    sumRows(heap, plus >> 2, short, (plusLists >> 1) + i * plusStride, words[(plusCounts >> 2) + i], first);
    sumRows(
      heap,
      minus >> 2,
      short,
      (minusLists >> 1) + i * minusStride,
      words[(minusCounts >> 2) + i],
      second,
    );
    for (let k = 0, at = (w >> 2) + i * width, to = (velocity >> 2) + i * width; k < width; k++, at++, to++) {
      const gradient = f(f(first[k] * upward) + f(second[k] * downward));
      const v = f(f(keep * heap[to]) + f(eta * f(gradient - f(pull * heap[at]))));
      heap[to] = v;
      heap[at] += v;
    }
  }
}

type Ratios = Parameters<MachineExports["ratios"]>;

function ratios(heap: Float32Array, doubles: Float64Array, ...args: Ratios): void {
  const [z, sums, products, samples, units, width, before, after] = args;
  const vectors = (units + 3) >> 2;
  const chunks = Math.ceil((4 * vectors) / CHUNK);
  const [low, high] = [f(-before), f(-after)];
  const lanes = new Float32Array(8);
  for (let s = 0; s < samples; s++) {
    const row = (z >> 2) + s * width;
    lanes.fill(0);
    for (let chunk = 0; chunk < chunks; chunk++) {
      lanes.fill(1, 4);
      const end = Math.min((chunk + 1) * CHUNK, units);
      for (let k = chunk * CHUNK; k < end; k++) {
        const x = heap[row + k];
        const size = Math.abs(x);
        const ratio = f(f(1 + expBelow(f(high * size))) / f(1 + expBelow(f(low * size))));
        lanes[4 + (k & 3)] *= ratio;
        lanes[k & 3] += Math.max(x, 0);
      }
      doubles[(products >> 3) + s * chunks + chunk] = lanes[4] * lanes[5] * (lanes[6] * lanes[7]);
    }
    doubles[(sums >> 3) + s] = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
  }
}

function addRows(
  heap: Float32Array,
  w: number,
  short: Uint16Array,
  start: number,
  count: number,
  to: number,
  width: number,
): void {
  for (let at = start; at < start + count; at++) {
    for (let k = 0, row = w + short[at] * width; k < width; k++) heap[to + k] += heap[row + k];
  }
}

function sumRows(
  heap: Float32Array,
  from: number,
  short: Uint16Array,
  start: number,
  count: number,
  sum: Float32Array,
): void {
  const { length } = sum;
  for (let at = start; at < start + count; at++) {
    for (let k = 0, row = from + short[at] * length; k < length; k++) sum[k] += heap[row + k];
  }
}
