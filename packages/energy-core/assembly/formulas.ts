/**
 * What compiled formulas call for arrays of doubles in their memory: pointers are byte addresses, matrices are
 * row-major. The TypeScript twins in src/expression/kernels.ts and linear.ts take the terms of every sum in the same
 * order.
 */

@inline function at(base: usize, k: i32): usize {
  return base + (<usize>k << 3);
}

@inline function get(base: usize, k: i32): f64 {
  return load<f64>(at(base, k));
}

@inline function zero(out: usize, count: i32): void {
  memory.fill(out, 0, <usize>count << 3);
}

/** to += factor · from, `count` doubles. */
@inline function addTimes(to: usize, from: usize, factor: f64, count: i32): void {
  const both = f64x2.splat(factor), end = at(to, count & ~1);
  for (; to < end; to += 16, from += 16) v128.store(to, f64x2.add(v128.load(to), f64x2.mul(both, v128.load(from))));
  if (count & 1) store<f64>(to, load<f64>(to) + factor * load<f64>(from));
}

/** out = the largest of `count` numbers; NaN where one is. */
export function maximum(a: usize, out: usize, count: i32): void {
  let most = -Infinity;
  for (let k = 0; k < count; k++) most = max(most, get(a, k));
  store<f64>(out, most);
}

/** out[places[k]] += a[k], from zeros. */
export function scatter(a: usize, places: usize, out: usize, count: i32, length: i32): void {
  zero(out, length);
  for (let k = 0; k < count; k++) {
    const to = at(out, load<i32>(places + (<usize>k << 2)));
    store<f64>(to, load<f64>(to) + get(a, k));
  }
}

export function cumulativeSum(a: usize, out: usize, count: i32, isReversed: i32): void {
  let sum: f64 = 0;
  for (let step = 0; step < count; step++) {
    const k = isReversed ? count - 1 - step : step;
    sum += get(a, k);
    store<f64>(at(out, k), sum);
  }
}

/** out = A x, or Aᵀ x. */
export function matrixVector(a: usize, x: usize, out: usize, rows: i32, columns: i32, isTransposed: i32): void {
  if (isTransposed) {
    zero(out, columns);
    for (let i = 0; i < rows; i++) addTimes(out, at(a, i * columns), get(x, i), columns);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const row = at(a, i * columns);
    let sum: f64 = 0;
    for (let j = 0; j < columns; j++) sum += get(row, j) * get(x, j);
    store<f64>(at(out, i), sum);
  }
}

/** out = u vᵀ. */
export function outer(u: usize, v: usize, out: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, out += 8) store<f64>(out, get(u, i) * get(v, j));
}

/** out = A B, A of `rows` × `inner`. */
export function matrixProduct(a: usize, b: usize, out: usize, rows: i32, inner: i32, columns: i32): void {
  zero(out, rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      addTimes(at(out, i * columns), at(b, k * columns), get(a, i * inner + k), columns);
}

export function transpose(a: usize, out: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) store<f64>(at(out, j * rows + i), get(a, i * columns + j));
}

/** out = L with LLᵀ = A. While it works, the upper triangle holds Lᵀ, so that all is read in order. */
export function cholesky(a: usize, out: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    const row = at(out, i * n);
    memory.copy(row, at(a, i * n), <usize>(i + 1) << 3);
    for (let k = 0; k < i; k++) {
      const above = at(out, k * n);
      const value = get(row, k) / get(above, k);
      store<f64>(at(row, k), value);
      store<f64>(at(above, i), value);
      addTimes(at(row, k + 1), at(above, k + 1), -value, i - k);
    }
    store<f64>(at(row, i), sqrt(get(row, i)));
  }
  for (let i = 0; i < n; i++) zero(at(out, i * n + i + 1), n - i - 1);
}

/** out = L⁻¹ B, or L⁻ᵀ B, with B of `width` columns. */
export function triangularSolve(l: usize, b: usize, out: usize, n: i32, width: i32, isTransposed: i32): void {
  for (let step = 0; step < n; step++) {
    const i = isTransposed ? n - 1 - step : step;
    const row = at(out, i * width);
    memory.copy(row, at(b, i * width), <usize>width << 3);
    if (isTransposed)
      for (let k = i + 1; k < n; k++) addTimes(row, at(out, k * width), -get(l, k * n + i), width);
    else for (let k = 0; k < i; k++) addTimes(row, at(out, k * width), -get(l, i * n + k), width);
    const diagonal = get(l, i * n + i);
    for (let c = 0; c < width; c++) store<f64>(at(row, c), get(row, c) / diagonal);
  }
}
