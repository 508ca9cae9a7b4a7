import type { GradientKernels } from "./exports.ts";

/**
 * The sizes that the window kernels share: images [n, h, w], outputs [oh, ow], taps [kh, kw], strides, dilations,
 * padding.
 */
type Window = readonly [
  n: number,
  h: number,
  w: number,
  oh: number,
  ow: number,
  kh: number,
  kw: number,
  sh: number,
  sw: number,
  dh: number,
  dw: number,
  top: number,
  left: number,
];

const round = Math.fround;

/**
 * The TypeScript twin of assembly/gradients.ts, in the same order of operations. `floats` and `integers` give the
 * memory that pointers (byte addresses) refer to, anew at each call because it may have grown.
 */
export function twinKernels(floats: () => Float32Array, integers: () => Int32Array): GradientKernels {
  const add = (to: number, from: number, count: number) => accumulate(floats(), to >>> 2, from >>> 2, count);
  return {
    add,
    clear: (to, count) => void floats().fill(0, to >>> 2, (to >>> 2) + count),
    transpose(from, to, rows, columns) {
      const memory = floats();
      for (let r = 0, at = from >>> 2; r < rows; r++) {
        for (let c = 0; c < columns; c++) memory[(to >>> 2) + c * rows + r] = memory[at++];
      }
    },
    patches(x, out, n, h, w, c, ...rest) {
      const memory = floats();
      taps([n, h, w, ...rest], (pixel, _output, _tap, row) => {
        const to = (out >>> 2) + row * c;
        if (pixel < 0) memory.fill(0, to, to + c);
        else memory.copyWithin(to, (x >>> 2) + pixel * c, (x >>> 2) + (pixel + 1) * c);
      });
    },
    addPatches(x, rows, n, h, w, c, ...rest) {
      const memory = floats();
      taps([n, h, w, ...rest], (pixel, _output, _tap, row) => {
        if (pixel >= 0) accumulate(memory, (x >>> 2) + pixel * c, (rows >>> 2) + row * c, c);
      });
    },
    ...depthwise(floats),
    ...matrices(floats),
    sumRows(out, x, rows, inner) {
      const memory = floats();
      for (let top = 0; top < rows; top += 256) {
        for (let column = 0; column < inner; column++) {
          let sum = 0;
          for (let r = top; r < Math.min(top + 256, rows); r++)
            sum = round(sum + memory[(x >>> 2) + r * inner + column]);
          memory[(out >>> 2) + column] += sum;
        }
      }
    },
    segmentSum(out, x, segments, rows, inner, count) {
      const [memory, labels] = [floats(), integers()];
      for (let i = 0; i < rows; i++) {
        const at = labels[(segments >>> 2) + i];
        if (at >= 0 && at < count) accumulate(memory, (out >>> 2) + at * inner, (x >>> 2) + i * inner, inner);
      }
    },
  };
}

function depthwise(floats: () => Float32Array): Pick<GradientKernels, "depthwiseInput" | "depthwiseFilter"> {
  return {
    depthwiseInput(dx, dy, filter, n, h, w, c, m, ...rest) {
      const memory = floats();
      taps([n, h, w, ...rest], (pixel, output, tap) => {
        for (let k = 0; pixel >= 0 && k < c * m; k++) {
          const to = (dx >>> 2) + pixel * c + Math.floor(k / m);
          const factor = memory[(filter >>> 2) + tap * c * m + k];
          memory[to] += round(memory[(dy >>> 2) + output * c * m + k] * factor);
        }
      });
    },
    depthwiseFilter(filter, x, dy, n, h, w, c, m, ...rest) {
      const memory = floats();
      taps([n, h, w, ...rest], (pixel, output, tap) => {
        for (let k = 0; pixel >= 0 && k < c * m; k++) {
          const factor = memory[(x >>> 2) + pixel * c + Math.floor(k / m)];
          memory[(filter >>> 2) + tap * c * m + k] += round(memory[(dy >>> 2) + output * c * m + k] * factor);
        }
      });
    },
  };
}

function matrices(floats: () => Float32Array): Pick<GradientKernels, "product" | "trim"> {
  return {
    product(a, b, c, m, depth, n, transposedA, transposedB) {
      const memory = floats();
      const wide = (n + 7) & ~7;
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = memory[(c >>> 2) + i * wide + j];
          for (let k = 0; k < depth; k++) {
            const left = memory[(a >>> 2) + (transposedA ? k * m + i : i * depth + k)];
            sum = round(sum + round(left * memory[(b >>> 2) + (transposedB ? j * depth + k : k * n + j)]));
          }
          memory[(c >>> 2) + i * wide + j] = sum;
        }
      }
    },
    trim(c, out, m, n) {
      const memory = floats();
      for (let i = 0; i < m; i++) {
        const from = (c >>> 2) + i * ((n + 7) & ~7);
        memory.copyWithin((out >>> 2) + i * n, from, from + n);
      }
    },
  };
}

function accumulate(memory: Float32Array, to: number, from: number, count: number): void {
  for (let k = 0; k < count; k++) memory[to + k] += memory[from + k];
}

/** Visits every tap of every output: its pixel (−1 outside the image), the output, the tap, and a running number. */
function taps(
  [n, h, w, oh, ow, kh, kw, sh, sw, dh, dw, top, left]: Window,
  visit: (pixel: number, output: number, tap: number, row: number) => void,
): void {
  let row = 0;
  for (let output = 0; output < n * oh * ow; output++) {
    const [image, i, j] = [Math.floor(output / (oh * ow)), Math.floor(output / ow) % oh, output % ow];
    for (let tap = 0; tap < kh * kw; tap++, row++) {
      const y = i * sh + Math.floor(tap / kw) * dh - top;
      const x = j * sw + (tap % kw) * dw - left;
      const inside = y >= 0 && y < h && x >= 0 && x < w;
      visit(inside ? (image * h + y) * w + x : -1, output, tap, row);
    }
  }
}
