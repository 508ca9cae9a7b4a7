import { ArgumentError, type DifferentiableEnergy, type Energy, EnergyValueError } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { KernelState, StepInfo } from "../kernel.ts";

/** A point of ℝⁿ with its energy and gradient: the state of every kernel that follows gradients. */
export interface GradientState extends KernelState<Float64Array> {
  energy: number;
  /** ∇E(position). */
  readonly gradient: Float64Array;
}

/** A point of phase space; the momentum is standard normal, see `Leapfrog`. */
export interface PhasePoint extends GradientState {
  readonly momentum: Float64Array;
  /** ½ |momentum|². */
  kinetic: number;
}

/** Diagnostics of a Hamiltonian step. */
export interface HamiltonianInfo extends StepInfo {
  readonly undefinedEnergy: boolean;
  /** H = βE + ½|p|² where the step ended. */
  readonly hamiltonian: number;
  /** Gradients that the step evaluated. */
  readonly gradients: number;
  /** The step size it used. */
  readonly stepSize: number;
}

/** An energy error beyond this is a divergence (Betancourt 2017; Stan's default). */
export const DIVERGENCE = 1000;

/** Returns a phase point of dimension `d`, all zero. */
export function phasePoint(d: number): PhasePoint {
  return {
    position: new Float64Array(d),
    gradient: new Float64Array(d),
    momentum: new Float64Array(d),
    energy: 0,
    kinetic: 0,
  };
}

/** Copies position, gradient and energy of `source` into `target`. */
export function copyGradientState(source: GradientState, target: GradientState): void {
  copyVector(source.position, target.position);
  copyVector(source.gradient, target.gradient);
  target.energy = source.energy;
}

/** Copies a vector. A call of `set` costs as much as copying about 50 numbers in a loop. */
export function copyVector(source: Float64Array, target: Float64Array): void {
  const n = source.length;
  if (n > 50) target.set(source);
  else for (let i = 0; i < n; i++) target[i] = source[i];
}

/** Draws a standard normal momentum into `point` and sets its kinetic energy. */
export function refreshMomentum(rng: Rng, point: PhasePoint): void {
  const { momentum } = point;
  let square = 0;
  for (let i = 0; i < momentum.length; i++) {
    const p = rng.normal();
    momentum[i] = p;
    square += p * p;
  }
  point.kinetic = 0.5 * square;
}

/**
 * Returns the state at a copy of `position`.
 *
 * @throws {DimensionError} for a position of the wrong length.
 * @throws {ArgumentError} if E is +∞ or the gradient is not finite: no chain can start there.
 * @throws {EnergyValueError} if E is NaN or −∞.
 */
export function gradientState(energy: DifferentiableEnergy, position: Float64Array): GradientState {
  checkLength("position", position.length, energy.space.dimension);
  const state = { position: position.slice(), gradient: new Float64Array(position.length), energy: 0 };
  state.energy = energy.can.gradient(state.position, state.gradient);
  checkStart(state.energy, position, energy);
  const bad = state.gradient.findIndex((g) => !Number.isFinite(g));
  if (bad >= 0) {
    throw new ArgumentError(
      `the gradient at the start is ${state.gradient[bad]} in coordinate ${bad}${firstIn(energy, position)}; start where E is smooth`,
    );
  }
  return state;
}

/** Returns what is the first to give NaN, for a message, of an energy that says so. */
function firstIn<X>(energy: Energy<X, object>, position: X): string {
  const where = energy.firstNaN?.(position);
  return where === undefined ? "" : `, first in ${where}`;
}

/** Throws unless a chain can start at a position of which this is the energy. */
export function checkStart<X>(value: number, position: X, energy: Energy<X, object>): void {
  if (Number.isFinite(value)) return;
  const entries = String(position).split(",");
  const where = `[${entries.slice(0, 4).join(", ")}${entries.length > 4 ? ", …" : ""}]`;
  if (value === Infinity) {
    throw new ArgumentError(
      `the energy at the start ${where} is +Infinity: it lies outside the support; give an \`initial\` inside it`,
    );
  }
  throw new EnergyValueError(
    `the energy at the start ${where} is ${value}${firstIn(energy, position)}; an energy must be a finite number or +Infinity`,
  );
}

/** Whether the energy or the gradient of `point` is NaN. */
export function isUndefined(point: PhasePoint): boolean {
  return Number.isNaN(point.energy) || Number.isNaN(point.kinetic);
}

/**
 * Returns H − H₀ of `point`; +∞ if the energy is NaN, which counts as a divergence.
 *
 * @throws {EnergyValueError} if the energy is −∞.
 */
export function energyError(point: PhasePoint, inverseTemperature: number, start: number): number {
  const error = inverseTemperature * point.energy + point.kinetic - start;
  if (error > -Infinity) return error;
  if (point.energy === -Infinity) {
    throw new EnergyValueError(
      "the energy is -Infinity inside a trajectory: E must be bounded below where it is finite",
    );
  }
  return Infinity;
}
