import { checkOptions } from "./check-options.ts";
import type { Energy } from "./energy.ts";
import { ArgumentError, checkEnergy, checkLength, checkNumber } from "./errors.ts";
import { type Matrix, matrix } from "./matrix.ts";
import { realDimension } from "./spaces/real-dimension.ts";

/** One axis of {@link landscape}. */
export interface LandscapeAxis {
  /** Which coordinate varies. */
  coordinate: number;
  readonly low: number;
  readonly high: number;
  /** Number of points along the axis, including both ends. Default 101. */
  points?: number;
}

/** Energies over a line or a rectangle, ready to plot. */
export interface Landscape {
  /** Positions along the horizontal axis. */
  readonly horizontal: Float64Array;
  /** Positions along the vertical axis; one entry for a line. */
  readonly vertical: Float64Array;
  /** E at [vertical, horizontal]; +∞ outside the support. */
  readonly energies: Matrix;
}

/**
 * Returns the energies along one or two coordinates of ℝⁿ, the others held at `x`.
 *
 * @example
 * ```ts
 * import { landscape } from "@basin/energy-core";
 * import { banana } from "@basin/energy-core/targets";
 *
 * const map = landscape(banana(), Float64Array.of(0, 0), [
 *   { coordinate: 0, low: -25, high: 25 },
 *   { coordinate: 1, low: -15, high: 5, points: 41 },
 * ]);
 * console.log(map.energies.shape); // [41, 101]
 * ```
 *
 * @throws {CapabilityError} when the states are not real vectors; {ArgumentError} for axes that are not one or two.
 */
export function landscape(
  energy: Energy<Float64Array>,
  x: Float64Array,
  axes: readonly LandscapeAxis[],
): Landscape {
  const dimension = realDimension(energy, "landscape");
  checkLength("state", x.length, dimension);
  if (axes.length !== 1 && axes.length !== 2) {
    throw new ArgumentError(`${axes.length} axes were given, expected one or two`);
  }
  for (const { coordinate } of axes) {
    checkNumber("coordinate", coordinate, { min: 0, max: dimension - 1, integer: true });
  }
  const [horizontal, vertical = Float64Array.of(Number.NaN)] = axes.map(positionsOf);
  const at = x.slice();
  return fill(energy, horizontal, vertical, (u, v) => {
    if (axes.length === 2) at[axes[1].coordinate] = v;
    at[axes[0].coordinate] = u;
    return at;
  });
}

/** The options of {@link landscapePlane}. */
export interface LandscapePlaneOptions {
  /** Points along each axis. Default 101. */
  points?: number;
  /** Margin around the three states, as a share of their extent. Default 0.2. */
  margin?: number;
}

/** Energies over a plane in ℝⁿ. */
export interface LandscapePlane extends Landscape {
  /** Where each of the three states lies on the plane. */
  readonly states: readonly (readonly [horizontal: number, vertical: number])[];
  /** Returns the state at a point of the plane. */
  stateAt(horizontal: number, vertical: number): Float64Array;
}

/**
 * Returns the energies over the plane through three states, with orthonormal axes, so that distances on the plot are
 * distances in ℝⁿ. The first state is at the origin, the second on the horizontal axis.
 *
 * @example
 * ```ts
 * import { landscapePlane } from "@basin/energy-core";
 * import { gaussian } from "@basin/energy-core/targets";
 *
 * const corners = [[0, 0, 0], [1, 0, 0], [0, 2, 2]].map((x) => Float64Array.from(x));
 * console.log(landscapePlane(gaussian({ dimension: 3 }), corners).states);
 * ```
 *
 * @throws {ArgumentError} unless three states are given that do not lie on one line.
 */
export function landscapePlane(
  energy: Energy<Float64Array>,
  states: readonly Float64Array[],
  options: LandscapePlaneOptions = {},
): LandscapePlane {
  checkOptions("landscapePlane", options, "points margin");
  const dimension = realDimension(energy, "landscapePlane");
  if (states.length !== 3) throw new ArgumentError(`${states.length} states were given, expected three`);
  for (const state of states) checkLength("state", state.length, dimension);
  const points = checkNumber("points", options.points ?? 101, { min: 2, integer: true });
  const margin = checkNumber("margin", options.margin ?? 0.2, { min: 0 });
  const [origin, second, third] = states;
  const along = second.map((v, i) => v - origin[i]);
  const across = third.map((v, i) => v - origin[i]);
  const length = Math.hypot(...along);
  const e1 = along.map((v) => v / length);
  const shadow = across.reduce((sum, v, i) => sum + v * e1[i], 0);
  const rest = across.map((v, i) => v - shadow * e1[i]);
  const height = Math.hypot(...rest);
  if (!(height > 1e-9 * Math.hypot(...across))) throw new ArgumentError("the three states lie on one line");
  const e2 = rest.map((v) => v / height);
  const stateAt = (u: number, v: number) => origin.map((o, i) => o + u * e1[i] + v * e2[i]);
  const ends = (values: number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { coordinate: 0, low: low - margin * (high - low), high: high + margin * (high - low), points };
  };
  const horizontal = positionsOf(ends([0, length, shadow]));
  const vertical = positionsOf(ends([0, height]));
  return {
    ...fill(energy, horizontal, vertical, stateAt),
    states: [
      [0, 0],
      [length, 0],
      [shadow, height],
    ],
    stateAt,
  };
}

function positionsOf({ low, high, points = 101 }: LandscapeAxis): Float64Array {
  checkNumber("points", points, { min: 2, integer: true });
  checkNumber("high", high, { above: checkNumber("low", low) });
  return Float64Array.from({ length: points }, (_, k) => low + ((high - low) * k) / (points - 1));
}

function fill(
  energy: Energy<Float64Array>,
  horizontal: Float64Array,
  vertical: Float64Array,
  stateAt: (u: number, v: number) => Float64Array,
): Landscape {
  const values = new Float64Array(horizontal.length * vertical.length);
  let k = 0;
  for (const v of vertical) {
    for (const u of horizontal) {
      values[k++] = checkEnergy(energy.energy(stateAt(u, v)), `the energy at (${u}, ${v})`);
    }
  }
  return { horizontal, vertical, energies: matrix(values, vertical.length, horizontal.length) };
}
