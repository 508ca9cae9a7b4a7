import { checkOptions } from "../check-options.ts";
import { type Energy, type Gradient, requireCapability } from "../energy.ts";
import { checkEnergy, checkLength, checkNumber, EnergyValueError } from "../errors.ts";
import type { DescendOptions } from "../space.ts";
import { type LinePoint, lineSearch } from "./line-search.ts";

/** A local minimum of an energy on ℝⁿ. */
export interface RealMinimum {
  readonly state: Float64Array;
  readonly energy: number;
  /** Largest |∂E/∂x_i| at `state`. */
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Energies and gradients computed. */
  readonly evaluations: number;
  /** Whether the gradient is within its tolerance, or no lower energy is distinguishable from rounding. */
  readonly converged: boolean;
}

/**
 * Returns the local minimum that L-BFGS reaches from `x` (Liu & Nocedal 1989), with a line search for the strong Wolfe
 * conditions. It steps back from points of energy +∞. `visit` sees the start and each point that a step leads to.
 *
 * @throws {EnergyValueError} when the energy is NaN or −∞ anywhere, +∞ at `x`, or a gradient is not finite.
 */
export function minimizeReals(
  energy: Energy<Float64Array>,
  x: Float64Array,
  options: DescendOptions = {},
  asker = "minimizeReals",
  visit: (point: LinePoint) => void = () => {},
): RealMinimum {
  checkOptions("descend", options, "order seed gradientTolerance maxIterations memory");
  const gradient = requireCapability(energy, "gradient", asker);
  checkLength("state", x.length, energy.space.dimension);
  const tolerance = checkNumber("gradientTolerance", options.gradientTolerance ?? 1e-8, { min: 0 });
  const limit = checkNumber("maxIterations", options.maxIterations ?? 5000, {
    min: 0,
    integer: true,
  });
  const history = new History(checkNumber("memory", options.memory ?? 20, { min: 1, integer: true }));
  let evaluations = 0;
  const evaluate = (state: Float64Array): LinePoint => {
    evaluations++;
    return evaluatePoint(gradient, state);
  };
  let point = evaluate(x.slice());
  if (point.energy === Number.POSITIVE_INFINITY) {
    throw new EnergyValueError(
      "the energy of the start is +Infinity: descent needs a start inside the support",
    );
  }
  visit(point);
  let iterations = 0;
  let norm = largest(point.gradient);
  let converged = norm <= tolerance;
  while (!converged && iterations < limit) {
    iterations++;
    let next = lineSearch(evaluate, point, history.direction(point.gradient), history.empty ? 1 / norm : 1);
    if (next === undefined && !history.empty) {
      // The model of the Hessian has gone bad: steepest descent is always downhill.
      history.clear();
      next = lineSearch(evaluate, point, history.direction(point.gradient), 1 / norm);
    }
    if (next === undefined) {
      converged = true;
      break;
    }
    history.add(point, next);
    point = next;
    visit(point);
    norm = largest(point.gradient);
    converged = norm <= tolerance;
  }
  return { state: point.state, energy: point.energy, gradientNorm: norm, iterations, evaluations, converged };
}

function evaluatePoint(gradientOf: Gradient, state: Float64Array): LinePoint {
  const gradient = new Float64Array(state.length);
  const value = checkEnergy(gradientOf(state, gradient), "the energy during descent");
  if (value < Number.POSITIVE_INFINITY) {
    const bad = gradient.findIndex((g) => !Number.isFinite(g));
    if (bad >= 0) {
      throw new EnergyValueError(
        `the gradient is ${gradient[bad]} in coordinate ${bad} where the energy is ${value}`,
      );
    }
  }
  return { state, energy: value, gradient };
}

function largest(gradient: Float64Array): number {
  return gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
}

/** The last steps and gradient changes, and the descent direction they imply. */
class History {
  readonly #memory: number;
  #pairs: { step: Float64Array; change: Float64Array; curvature: number }[] = [];

  constructor(memory: number) {
    this.#memory = memory;
  }

  get empty(): boolean {
    return this.#pairs.length === 0;
  }

  clear(): void {
    this.#pairs = [];
  }

  add(from: LinePoint, to: LinePoint): void {
    const step = to.state.map((v, i) => v - from.state[i]);
    const change = to.gradient.map((v, i) => v - from.gradient[i]);
    const curvature = dot(step, change);
    // A pair without positive curvature would make the next direction uphill.
    if (!(curvature > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
    this.#pairs.push({ step, change, curvature });
    if (this.#pairs.length > this.#memory) this.#pairs.shift();
  }

  /** The two-loop recursion: −H∇E without forming H (Nocedal 1980). */
  direction(gradient: Float64Array): Float64Array {
    const direction = gradient.map((g) => -g);
    const weights: number[] = [];
    for (const { step, change, curvature } of [...this.#pairs].reverse()) {
      const weight = dot(step, direction) / curvature;
      weights.push(weight);
      for (let i = 0; i < direction.length; i++) direction[i] -= weight * change[i];
    }
    const last = this.#pairs.at(-1);
    if (last !== undefined) {
      const scale = last.curvature / dot(last.change, last.change);
      for (let i = 0; i < direction.length; i++) direction[i] *= scale;
    }
    for (const { step, change, curvature } of this.#pairs) {
      const weight = (weights.pop() as number) - dot(change, direction) / curvature;
      for (let i = 0; i < direction.length; i++) direction[i] += weight * step[i];
    }
    return direction;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
