import type { Gradient } from "../energy.ts";
import { checkEnergy, EnergyValueError } from "../errors.ts";

/** Moves a point onto the nearest point of a convex set, in place. */
export type Projection = (x: Float64Array) => void;

/** The lowest point that projected descent found. */
export interface ProjectedMinimum {
  readonly state: Float64Array;
  readonly energy: number;
  readonly converged: boolean;
}

/**
 * Returns a constrained local minimum by spectral projected gradient (Birgin, Martínez & Raydan 2000, with a monotone
 * Armijo search): converged when the projected gradient step max_i |P(x − ∇E)_i − x_i| is at most `tolerance`.
 */
export function projectedDescent(
  gradientOf: Gradient,
  start: Float64Array,
  project: Projection,
  tolerance: number,
  maxIterations: number,
): ProjectedMinimum {
  const n = start.length;
  let x = start.slice();
  project(x);
  let gradient = new Float64Array(n);
  let value = evaluate(gradientOf, x, gradient);
  if (value === Number.POSITIVE_INFINITY) {
    throw new EnergyValueError(
      "the energy of the start is +Infinity: descent needs a start inside the support",
    );
  }
  let length = 1;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(stepTo(x, gradient, 1, project)) <= tolerance)
      return { state: x, energy: value, converged: true };
    const direction = stepTo(x, gradient, length, project);
    const slope = dot(direction, gradient);
    let next = x;
    let nextGradient = gradient;
    let nextValue = Number.POSITIVE_INFINITY;
    let share = 1;
    for (; share > 1e-14; share *= 0.5) {
      next = x.map((v, i) => v + share * direction[i]);
      nextGradient = new Float64Array(n);
      nextValue = evaluate(gradientOf, next, nextGradient);
      if (nextValue <= value + 1e-4 * share * slope) break;
    }
    // No step lowers the energy any more: rounding has been reached.
    if (!(nextValue < value)) return { state: x, energy: value, converged: true };
    const step = next.map((v, i) => v - x[i]);
    const curvature = dot(
      step,
      nextGradient.map((g, i) => g - gradient[i]),
    );
    length = curvature > 0 ? Math.min(1e10, Math.max(1e-10, dot(step, step) / curvature)) : 1e10;
    [x, gradient, value] = [next, nextGradient, nextValue];
  }
  return { state: x, energy: value, converged: false };
}

function evaluate(gradientOf: Gradient, x: Float64Array, gradient: Float64Array): number {
  const value = checkEnergy(gradientOf(x, gradient), "the energy during descent");
  const bad = value < Number.POSITIVE_INFINITY ? gradient.findIndex((g) => !Number.isFinite(g)) : -1;
  if (bad >= 0) {
    throw new EnergyValueError(
      `the gradient is ${gradient[bad]} in coordinate ${bad} where the energy is ${value}`,
    );
  }
  return value;
}

function stepTo(x: Float64Array, gradient: Float64Array, length: number, project: Projection): Float64Array {
  const target = x.map((v, i) => v - length * gradient[i]);
  project(target);
  return target.map((v, i) => v - x[i]);
}

function largest(values: Float64Array): number {
  return values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
