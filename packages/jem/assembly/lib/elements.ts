import { expClamped } from "../../../../internal/wasm/assembly/lib/exp";

@inline function logistic(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, expClamped(f32x4.neg(x))));
}

/**
 * z + bias in place of z becomes the activation, row by row of n floats (a multiple of 4), and `slope` its derivative.
 * kind: 0 linear, 1 swish, 2 relu, 3 tanh, 4 sigmoid.
 */
export function activate(z: usize, slope: usize, bias: usize, m: i32, n: i32, kind: i32): void {
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j += 4, z += 16, slope += 16) {
      const x = f32x4.add(v128.load(z), v128.load(bias + (<usize>j << 2)));
      if (kind == 1) {
        const s = logistic(x), h = f32x4.mul(x, s);
        v128.store(z, h);
        v128.store(slope, f32x4.add(s, f32x4.mul(h, f32x4.sub(one, s))));
      } else if (kind == 2) {
        const on = f32x4.gt(x, zero);
        v128.store(z, v128.and(on, x));
        v128.store(slope, v128.and(on, one));
      } else if (kind == 3) {
        const s = logistic(f32x4.add(x, x)), t = f32x4.sub(f32x4.add(s, s), one);
        v128.store(z, t);
        v128.store(slope, f32x4.sub(one, f32x4.mul(t, t)));
      } else if (kind == 4) {
        const s = logistic(x);
        v128.store(z, s);
        v128.store(slope, f32x4.mul(s, f32x4.sub(one, s)));
      } else {
        v128.store(z, x);
      }
    }
  }
}

/** a *= b, `count` floats, a multiple of 4. */
export function multiply(a: usize, b: usize, count: i32): void {
  const end = a + (<usize>count << 2);
  for (; a < end; a += 16, b += 16) v128.store(a, f32x4.mul(v128.load(a), v128.load(b)));
}

/** out[j] = Σ_i z[i][j] over m rows of n floats, a multiple of 4. */
export function columnSums(z: usize, m: i32, n: i32, out: usize): void {
  for (let j = 0; j < n; j += 4) {
    let sum = f32x4.splat(0), at = z + (<usize>j << 2);
    for (let i = 0; i < m; i++, at += <usize>n << 2) sum = f32x4.add(sum, v128.load(at));
    v128.store(out + (<usize>j << 2), sum);
  }
}

/**
 * One step of Langevin dynamics on `count` floats, a multiple of 4: x ← clip(x − a clamp(g) + s ξ). With `sign` the
 * step is a times the sign of g. NaN in the gradient stays NaN, so that it is seen.
 */
export function langevin(
  x: usize, gradient: usize, noise: usize, count: i32,
  stepSize: f32, noiseScale: f32, limit: f32, low: f32, high: f32, sign: i32,
): void {
  const a = f32x4.splat(stepSize), s = f32x4.splat(noiseScale), one = f32x4.splat(1), zero = f32x4.splat(0);
  const lowest = f32x4.splat(low), highest = f32x4.splat(high), largest = f32x4.splat(limit), least = f32x4.splat(-limit);
  const end = x + (<usize>count << 2);
  for (; x < end; x += 16, gradient += 16, noise += 16) {
    let g = v128.load(gradient);
    if (sign) {
      g = f32x4.sub(v128.and(f32x4.gt(g, zero), one), v128.and(f32x4.lt(g, zero), one));
    } else {
      g = f32x4.max(least, f32x4.min(largest, g));
    }
    let y = f32x4.sub(v128.load(x), f32x4.mul(a, g));
    if (noiseScale > 0) y = f32x4.add(y, f32x4.mul(s, v128.load(noise)));
    v128.store(x, f32x4.max(lowest, f32x4.min(highest, y)));
  }
}

/**
 * One step of Adam (Kingma & Ba 2015) with decoupled decay, and of the moving average of the parameters, over `count`
 * floats, a multiple of 4: `rate` and `epsilon` hold the corrections of the moments for their start at zero.
 */
export function adam(
  parameters: usize, gradient: usize, first: usize, second: usize, average: usize, count: i32,
  rate: f32, beta1: f32, beta2: f32, epsilon: f32, shrink: f32, averageDecay: f32,
): void {
  const b1 = f32x4.splat(beta1), c1 = f32x4.splat(1 - beta1), b2 = f32x4.splat(beta2), c2 = f32x4.splat(1 - beta2);
  const r = f32x4.splat(rate), e = f32x4.splat(epsilon), keep = f32x4.splat(shrink);
  const d = f32x4.splat(averageDecay), f = f32x4.splat(1 - averageDecay);
  const end = parameters + (<usize>count << 2);
  for (; parameters < end; parameters += 16, gradient += 16, first += 16, second += 16, average += 16) {
    const g = v128.load(gradient);
    const m = f32x4.add(f32x4.mul(b1, v128.load(first)), f32x4.mul(c1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(second)), f32x4.mul(c2, f32x4.mul(g, g)));
    const step = f32x4.div(f32x4.mul(r, m), f32x4.add(f32x4.sqrt(v), e));
    const next = f32x4.sub(f32x4.mul(keep, v128.load(parameters)), step);
    v128.store(first, m);
    v128.store(second, v);
    v128.store(parameters, next);
    v128.store(average, f32x4.add(f32x4.mul(d, v128.load(average)), f32x4.mul(f, next)));
  }
}
