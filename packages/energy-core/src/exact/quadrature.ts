import { checkOptions } from "../check-options.ts";
import type { Energy } from "../energy.ts";
import {
  ArgumentError,
  CapabilityError,
  CostError,
  checkEnergy,
  checkNumber,
  EnergyValueError,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "../errors.ts";
import { type Matrix, matrix } from "../matrix.ts";
import { exp, log } from "../random/math.ts";
import { realDimension } from "../spaces/real-dimension.ts";
import { gaussLegendre } from "./gauss-legendre.ts";

/** The options of {@link quadrature}. */
export interface QuadratureOptions extends TemperatureOptions {
  /** The domain, one interval for each coordinate; an end may be infinite. Required. */
  box: readonly (readonly [low: number, high: number])[];
  /** Largest change of log Z between the last two refinements. Default 1e-9. */
  tolerance?: number;
  /** Maximum number of energies computed in one refinement. Default 4 000 000. */
  maxEvaluations?: number;
}

/** The Gibbs distribution over a box. */
export interface Quadrature {
  /** log ∫ exp(−βE(x)) dx. */
  readonly logPartition: number;
  /** ⟨E⟩. */
  readonly meanEnergy: number;
  /** ⟨x⟩. */
  readonly mean: Float64Array;
  /** ⟨(x − ⟨x⟩)(x − ⟨x⟩)ᵀ⟩, n × n. */
  readonly covariance: Matrix;
  /** Change of log Z in the last refinement: an upper estimate of its error, usually far too large. */
  readonly error: number;
  /** Total number of energies computed. */
  readonly evaluations: number;
}

const NODES = 10;

/**
 * Returns log Z and moments of exp(−βE) on ℝ¹ to ℝ³ by Gauss–Legendre quadrature on equal panels (ten nodes each),
 * refined until log Z converges. Infinite ends are mapped to finite ones. Walls of +∞ are allowed but converge slowly.
 *
 * @example
 * ```ts
 * import { quadrature } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * const found = quadrature(gaussian({ dimension: 1 }), { box: [[-Infinity, Infinity]] });
 * console.log(found.logPartition); // ½ ln 2π
 * ```
 *
 * @throws {CapabilityError} for other states than one to three reals; {ArgumentError} for a box that does not fit.
 * @throws {CostError} when log Z has not settled and the next refinement would exceed `maxEvaluations`.
 * @throws {EnergyValueError} for NaN and −∞ energies, and when the energy is +∞ throughout.
 */
export function quadrature(energy: Energy<Float64Array>, options: QuadratureOptions): Quadrature {
  checkOptions("quadrature", options, "box tolerance maxEvaluations inverseTemperature temperature");
  const beta = resolveInverseTemperature(options);
  checkNumber("inverseTemperature", beta, { min: 0 });
  const axes = axesOf(energy, options.box);
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-9, { above: 0 });
  const most = checkNumber("maxEvaluations", options.maxEvaluations ?? 4e6, { min: 1 });
  let previous: Level | undefined;
  let evaluations = 0;
  // Two panel counts could miss the same narrow peak, so neither is trusted below the first of these.
  const least = axes.length === 3 ? 6 : 16;
  for (let panels = 2; ; panels = nextCount(panels)) {
    const cost = (NODES * panels) ** axes.length;
    if (cost > most) refuse(previous, cost, most, tolerance);
    const level: Level = integrate(energy, axes, panels, beta, previous);
    evaluations += cost;
    const error = Math.abs(level.logPartition - (previous?.logPartition ?? Number.POSITIVE_INFINITY));
    if (error <= tolerance && panels >= least) return { ...level, error, evaluations };
    previous = level;
  }
}

/** 2, 3, 4, 6, 8, 12, 16, …: even from 4 on, so that a wall in the middle stays between panels. */
function nextCount(panels: number): number {
  return panels % 3 === 0 ? (panels / 3) * 4 : (panels / 2) * 3;
}

function refuse(previous: Level | undefined, cost: number, most: number, tolerance: number): never {
  const reached = previous === undefined ? "" : ` (last value ${previous.logPartition})`;
  throw new CostError(
    `log Z has not settled to ${tolerance}${reached}; the next refinement would compute ${cost.toPrecision(3)} energies, ` +
      `maxEvaluations is ${most}. A tighter box helps`,
  );
}

/** x(t) over t in (−1, 1), with its derivative. */
type Axis = (t: number) => readonly [x: number, derivative: number];

function axesOf(energy: Energy<Float64Array>, box: QuadratureOptions["box"]): Axis[] {
  const dimension = realDimension(energy, "quadrature");
  if (dimension > 3) {
    throw new CapabilityError(
      `quadrature needs an energy over 1 to 3 reals, this one is over ${dimension} reals`,
    );
  }
  if (box.length !== dimension) {
    throw new ArgumentError(`box has ${box.length} intervals, expected ${dimension}`);
  }
  return box.map(([low, high], i) => {
    if (!(low < high))
      throw new ArgumentError(`interval ${i} of the box is [${low}, ${high}], expected ascending ends`);
    return axisOf(low, high);
  });
}

function axisOf(low: number, high: number): Axis {
  if (Number.isFinite(low) && Number.isFinite(high)) {
    const half = 0.5 * (high - low);
    return (t) => [low + half * (1 + t), half];
  }
  if (Number.isFinite(low)) return (t) => [low + (1 + t) / (1 - t), 2 / (1 - t) ** 2];
  if (Number.isFinite(high)) return (t) => [high - (1 - t) / (1 + t), 2 / (1 + t) ** 2];
  return (t) => [t / (1 - t * t), (1 + t * t) / (1 - t * t) ** 2];
}

type Level = Pick<Quadrature, "logPartition" | "meanEnergy" | "mean" | "covariance">;

function integrate(
  energy: Energy<Float64Array>,
  axes: readonly Axis[],
  panels: number,
  beta: number,
  previous: Level | undefined,
): Level {
  const n = axes.length;
  const grids = axes.map((axis) => gridOf(axis, panels));
  const sums = new Moments(previous?.mean ?? new Float64Array(n), beta);
  const x = new Float64Array(n);
  const visit = (axis: number, weight: number): void => {
    const { positions, weights } = grids[axis];
    for (let k = 0; k < positions.length; k++) {
      x[axis] = positions[k];
      if (axis + 1 < n) visit(axis + 1, weight * weights[k]);
      else sums.add(x, weight * weights[k], checkEnergy(energy.energy(x), "the energy during quadrature"));
    }
  };
  visit(0, 1);
  return sums.finish();
}

function gridOf(axis: Axis, panels: number): { positions: Float64Array; weights: Float64Array } {
  const rule = gaussLegendre(NODES);
  const positions = new Float64Array(NODES * panels);
  const weights = new Float64Array(NODES * panels);
  for (let p = 0; p < panels; p++) {
    for (let k = 0; k < NODES; k++) {
      const [x, derivative] = axis(-1 + (2 * p + 1 + rule.nodes[k]) / panels);
      positions[p * NODES + k] = x;
      weights[p * NODES + k] = (rule.weights[k] * derivative) / panels;
    }
  }
  return { positions, weights };
}

/** Sums of weights relative to the lowest energy so far, and of moments about a center. */
class Moments {
  readonly #center: Float64Array;
  readonly #beta: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #reference = Number.POSITIVE_INFINITY;
  #total = 0;
  #excess = 0;

  constructor(center: Float64Array, beta: number) {
    this.#center = center;
    this.#beta = beta;
    this.#first = new Float64Array(center.length);
    this.#second = new Float64Array(center.length ** 2);
  }

  add(x: Float64Array, measure: number, energy: number): void {
    if (energy === Number.POSITIVE_INFINITY) return;
    if (energy < this.#reference) this.#lower(energy);
    const excess = energy - this.#reference;
    const weight = measure * exp(-this.#beta * excess);
    this.#total += weight;
    this.#excess += weight * excess;
    const n = x.length;
    for (let i = 0; i < n; i++) {
      const d = weight * (x[i] - this.#center[i]);
      this.#first[i] += d;
      for (let j = 0; j <= i; j++) this.#second[i * n + j] += d * (x[j] - this.#center[j]);
    }
  }

  #lower(reference: number): void {
    const drop = this.#reference - reference;
    this.#reference = reference;
    if (drop === Number.POSITIVE_INFINITY) return;
    const factor = exp(-this.#beta * drop);
    this.#excess = (this.#excess + drop * this.#total) * factor;
    this.#total *= factor;
    for (const sums of [this.#first, this.#second]) for (let k = 0; k < sums.length; k++) sums[k] *= factor;
  }

  finish(): Level {
    const total = this.#total;
    if (total === 0)
      throw new EnergyValueError("the energy is +Infinity throughout the box: there is no distribution");
    const n = this.#first.length;
    const offset = this.#first.map((sum) => sum / total);
    const covariance = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const value = this.#second[i * n + j] / total - offset[i] * offset[j];
        covariance[i * n + j] = covariance[j * n + i] = value;
      }
    }
    return {
      logPartition: log(total) - this.#beta * this.#reference,
      meanEnergy: this.#reference + this.#excess / total,
      mean: offset.map((d, i) => d + this.#center[i]),
      covariance: matrix(covariance, n, n),
    };
  }
}
