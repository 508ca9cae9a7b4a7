import { requireDifferentiable } from "../capability.ts";
import { type DifferentiableEnergy, type Energy, isSpinEnergy, type SpinEnergy } from "../energy.ts";
import { checkEnergy, checkLength, checkName, checkNumber } from "../errors.ts";
import { descendInBall, exhaustBall, hammingBallSize } from "../minimize/hamming.ts";
import { type Projection, projectedDescent } from "../minimize/projected.ts";
import { checkSpins } from "../spins.ts";
import type { Certificate } from "./certificate.ts";

/** The options of {@link correct}. */
export interface CorrectOptions {
  /** ε, the radius of the ball: spins that may flip (an integer), or a distance. Required. */
  radius: number;
  /** How distance is measured on reals: `"l2"` (default) or `"linf"`. Spins use the Hamming distance. */
  norm?: "l2" | "linf";
  /** Up to how many states of a Hamming ball are all compared. Default 200 000. */
  maximumStates?: number;
  /** On reals: converged when a projected gradient step moves no coordinate by more than this. Default 1e-8. */
  tolerance?: number;
  /** On reals: iterations at most. Default 1000. */
  maximumIterations?: number;
}

/** A corrected state. */
export interface Correction<X> {
  readonly state: X;
  /** E(state), never above E(x). */
  readonly energy: number;
  /** Distance from `x` in the norm used, at most `radius`. */
  readonly distance: number;
  /** Whether the search ended by itself rather than by `maximumIterations`. */
  readonly converged: boolean;
  readonly certificate: Certificate;
}

/**
 * Returns x* = argmin E(x′) over the ball ‖x′ − x‖ ≤ ε: the preferred state among those a limited error could have
 * turned into `x`. On spins a small Hamming ball is searched whole (`"exact"`), a larger one by flips and exchanges
 * (`"local"`); on reals by projected descent (`"local"`).
 *
 * @example
 * ```ts
 * import { correct, denseQuadratic } from "@basin/energy-core";
 *
 * const memory = denseQuadratic([[0, 1, -1], [1, 0, -1], [-1, -1, 0]]);
 * console.log(correct(memory, Int8Array.of(1, 1, 1), { radius: 1 }).state); // [1, 1, −1]
 * ```
 *
 * @throws {ArgumentError} for a radius out of range; {DimensionError} for a state of the wrong length.
 * @throws {CapabilityError} when the energy has neither cursors nor a gradient; {EnergyValueError} for NaN and −∞.
 */
export function correct(energy: SpinEnergy, x: Int8Array, options: CorrectOptions): Correction<Int8Array>;
export function correct(
  energy: DifferentiableEnergy,
  x: Float64Array,
  options: CorrectOptions,
): Correction<Float64Array>;
export function correct(
  energy: Energy<never>,
  x: Int8Array | Float64Array,
  options: CorrectOptions,
): Correction<Int8Array | Float64Array> {
  if (isSpinEnergy(energy)) return correctSpins(energy, x as Int8Array, options);
  return correctReals(requireDifferentiable(energy, "correct"), x as Float64Array, options);
}

function correctSpins(energy: SpinEnergy, x: Int8Array, options: CorrectOptions): Correction<Int8Array> {
  const n = energy.space.dimension;
  checkSpins(x, n);
  const radius = checkNumber("radius", options.radius, { min: 0, max: n, integer: true });
  const most = checkNumber("maximumStates", options.maximumStates ?? 200_000, { min: 1 });
  const exact = hammingBallSize(n, radius) <= most;
  const state =
    radius === 0 ? x.slice() : exact ? exhaustBall(energy, x, radius) : descendInBall(energy, x, radius);
  return {
    state,
    energy: checkEnergy(energy.energy(state), "the energy of the corrected state"),
    distance: state.reduce((count, s, i) => count + (s === x[i] ? 0 : 1), 0),
    converged: true,
    certificate: exact ? "exact" : "local",
  };
}

function correctReals(
  energy: DifferentiableEnergy,
  x: Float64Array,
  options: CorrectOptions,
): Correction<Float64Array> {
  checkLength("state", x.length, energy.space.dimension);
  const radius = checkNumber("radius", options.radius, { min: 0 });
  const norm = checkName("norm", options.norm ?? "l2", ["l2", "linf"]);
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-8, { min: 0 });
  const limit = checkNumber("maximumIterations", options.maximumIterations ?? 1000, {
    min: 1,
    integer: true,
  });
  const project = norm === "l2" ? ballProjection(x, radius) : boxProjection(x, radius);
  const found = projectedDescent(energy, x, project, tolerance, limit);
  const distances = found.state.map((v, i) => Math.abs(v - x[i]));
  return {
    ...found,
    distance: norm === "l2" ? Math.hypot(...distances) : Math.max(...distances),
    certificate: "local",
  };
}

function ballProjection(center: Float64Array, radius: number): Projection {
  return (x) => {
    let squares = 0;
    for (let i = 0; i < x.length; i++) squares += (x[i] - center[i]) ** 2;
    if (squares <= radius * radius) return;
    const scale = radius / Math.sqrt(squares);
    for (let i = 0; i < x.length; i++) x[i] = center[i] + scale * (x[i] - center[i]);
  };
}

function boxProjection(center: Float64Array, radius: number): Projection {
  return (x) => {
    for (let i = 0; i < x.length; i++) {
      x[i] = Math.min(center[i] + radius, Math.max(center[i] - radius, x[i]));
    }
  };
}
