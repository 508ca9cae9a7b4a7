/** Products and factors of dense row-major matrices, each made ready over fixed arrays. */
import { PANEL } from "./panels.ts";

/**
 * Returns out = A x or Aᵀ x of a matrix in panels: y_i in the order of columns; over rows two lanes of four
 * products at a time.
 */
export function panelProduct(
  a: Float64Array,
  x: Float64Array,
  out: Float64Array,
  columns: number,
  transposed: boolean,
): () => void {
  const rows = transposed ? x.length : out.length;
  if (!transposed)
    return () => {
      for (let i = 0; i < rows; i++) {
        let at = (i - (i % PANEL)) * columns + (i % PANEL);
        let sum = 0;
        for (let j = 0; j < columns; j++, at += PANEL) sum += a[at] * x[j];
        out[i] = sum;
      }
    };
  const padded = new Float64Array(Math.ceil(rows / PANEL) * PANEL);
  const lanes = new Float64Array(2 * columns);
  return () => {
    padded.set(x);
    lanes.fill(0);
    for (let p = 0, at = 0; p < padded.length; p += PANEL)
      for (let j = 0; j < columns; j++, at += PANEL)
        for (let l = 0; l < 2; l++) {
          const low = a[at + l] * padded[p + l] + a[at + l + 2] * padded[p + l + 2];
          const high = a[at + l + 4] * padded[p + l + 4] + a[at + l + 6] * padded[p + l + 6];
          lanes[2 * j + l] += low + high;
        }
    for (let j = 0; j < columns; j++) out[j] = lanes[2 * j] + lanes[2 * j + 1];
  };
}

export function matrixVector(
  a: Float64Array,
  x: Float64Array,
  out: Float64Array,
  columns: number,
  transposed: boolean,
): () => void {
  if (transposed)
    return () => {
      out.fill(0);
      for (let i = 0, at = 0; i < x.length; i++)
        for (let j = 0; j < columns; j++, at++) out[j] += a[at] * x[i];
    };
  return () => {
    for (let i = 0, at = 0; i < out.length; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++, at++) sum += a[at] * x[j];
      out[i] = sum;
    }
  };
}

export function outer(u: Float64Array, v: Float64Array, out: Float64Array): () => void {
  return () => {
    for (let i = 0, at = 0; i < u.length; i++) for (let j = 0; j < v.length; j++, at++) out[at] = u[i] * v[j];
  };
}

export function matrixProduct(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  inner: number,
  columns: number,
): () => void {
  const rows = a.length / inner;
  return () => {
    out.fill(0);
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < inner; k++) {
        const factor = a[i * inner + k];
        for (let j = 0; j < columns; j++) out[i * columns + j] += factor * b[k * columns + j];
      }
  };
}

export function transpose(a: Float64Array, out: Float64Array, columns: number): () => void {
  const rows = a.length / columns;
  return () => {
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j];
  };
}

/** Returns out = L with LLᵀ = A, of which the lower triangle is read; NaN where A is not positive definite. */
export function choleskyFactor(a: Float64Array, out: Float64Array, n: number): () => void {
  return () => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = j > i ? 0 : a[i * n + j];
        for (let k = 0; k < Math.min(i, j); k++) sum -= out[i * n + k] * out[j * n + k];
        if (j > i) out[i * n + j] = 0;
        else out[i * n + j] = i === j ? Math.sqrt(sum) : sum / out[j * n + j];
      }
  };
}

/** Returns out = L⁻¹ B or L⁻ᵀ B, B a vector or a matrix. Only the lower triangle of L is read. */
export function triangularSolve(
  l: Float64Array,
  b: Float64Array,
  out: Float64Array,
  n: number,
  transposed: boolean,
): () => void {
  const width = b.length / n;
  return () => {
    for (let step = 0; step < n; step++) {
      const i = transposed ? n - 1 - step : step;
      for (let c = 0; c < width; c++) {
        let sum = b[i * width + c];
        if (transposed) for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * out[k * width + c];
        else for (let k = 0; k < i; k++) sum -= l[i * n + k] * out[k * width + c];
        out[i * width + c] = sum / l[i * n + i];
      }
    }
  };
}
