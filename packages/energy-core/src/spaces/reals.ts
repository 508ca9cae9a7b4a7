import { type Energy, requireCapability } from "../energy.ts";
import { ArgumentError, checkLength, checkName, checkNumber } from "../errors.ts";
import { minimizeReals } from "../minimize/lbfgs.ts";
import { type Projection, projectedDescent } from "../minimize/projected.ts";
import type { Rng } from "../random/rng.ts";
import type { BallMinimum, BallOptions, Intervals, Space, StartOptions } from "../space.ts";
import { freeCoordinates, vectorPart } from "./mask.ts";

/** ℝⁿ. */
export type RealSpace = Space<Float64Array, object>;

/**
 * Returns the space ℝⁿ: a state is a `Float64Array` of `dimension` finite numbers.
 *
 * @example
 * ```ts
 * import { reals } from "@basin/energy-core";
 *
 * console.log(reals(2).distance(Float64Array.of(0, 0), Float64Array.of(3, 4))); // 5
 * ```
 *
 * @throws {ArgumentError} for a dimension that is not an integer of at least 1.
 */
export function reals(dimension: number): RealSpace {
  checkNumber("dimension", dimension, { min: 1, integer: true });
  const space: RealSpace = {
    name: `${dimension} reals`,
    dimension,
    count: Number.POSITIVE_INFINITY,
    logCount: Number.POSITIVE_INFINITY,
    check(x, what = "state") {
      checkLength(what, x.length, dimension);
      const bad = x.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw new ArgumentError(`${what} has ${x[bad]} at ${bad}, expected a finite number`);
    },
    copy: (x) => x.slice(),
    assign: (target, source) => target.set(source),
    random: (rng) => Float64Array.from({ length: dimension }, () => 4 * rng.uniform() - 2),
    restart: (rng, x, spread) => x.map((value) => value + spread * rng.normal()),
    fill(rng, x, known, spread) {
      checkLength("state", x.length, dimension);
      const start = x.slice();
      for (const i of freeCoordinates(known, dimension)) {
        if (!Number.isFinite(start[i])) start[i] = spread * rng.normal();
      }
      const bad = start.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw new ArgumentError(`known coordinate ${bad} is ${x[bad]}, expected a finite number`);
      return start;
    },
    distance(a, b) {
      let squares = 0;
      for (let i = 0; i < dimension; i++) squares += (a[i] - b[i]) ** 2;
      return Math.sqrt(squares);
    },
    starts(rng, options) {
      const box = checkBox(options.box, dimension);
      return options.grid === undefined ? randomPoints(box, rng, options) : gridPoints(box, options.grid);
    },
    part: (x, known) => {
      // What stands in the free coordinates is no matter.
      space.check(x.map((value, i) => (known[i] ? value : 0)));
      return vectorPart(x, known, reals);
    },
    derive: () => ({}),
    descend(energy, x, options, asker) {
      const { state, energy: value, iterations, converged } = minimizeReals(energy, x, options, asker);
      return { state, energy: value, steps: iterations, converged, certificate: "local" };
    },
    descendWithin: descendInBall,
  };
  return space;
}

function descendInBall(
  energy: Energy<Float64Array>,
  x: Float64Array,
  options: BallOptions,
  asker: string,
): BallMinimum<Float64Array> {
  checkLength("state", x.length, energy.space.dimension);
  const gradient = requireCapability(energy, "gradient", asker);
  const radius = checkNumber("radius", options.radius, { min: 0 });
  const norm = checkName("norm", options.norm ?? "l2", ["l2", "linf"]);
  const tolerance = checkNumber("tolerance", options.tolerance ?? 1e-8, { min: 0 });
  const most = checkNumber("maxIterations", options.maxIterations ?? 1000, { min: 1, integer: true });
  const project = norm === "l2" ? ballProjection(x, radius) : boxProjection(x, radius);
  const found = projectedDescent(gradient, x, project, tolerance, most);
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

function checkBox(box: Intervals | undefined, dimension: number): Intervals {
  if (box === undefined || box.length !== dimension) {
    throw new ArgumentError(
      `box has ${box?.length ?? 0} intervals, expected one for each of ${dimension} coordinates`,
    );
  }
  for (const [i, [low, high]] of box.entries()) {
    if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
      throw new ArgumentError(
        `interval ${i} of the box is [${low}, ${high}], expected finite and ascending ends`,
      );
    }
  }
  return box;
}

function* randomPoints(box: Intervals, rng: Rng, options: StartOptions) {
  const starts = checkNumber("starts", options.starts ?? 1000, { min: 1, integer: true });
  for (let start = 0; start < starts; start++) {
    yield Float64Array.from(box, ([low, high]) => low + (high - low) * rng.uniform());
  }
}

/** The centers of grid^n equal cells. */
function* gridPoints(box: Intervals, grid: number) {
  checkNumber("grid", grid, { min: 1, integer: true });
  const total = checkNumber("number of grid points", grid ** box.length, { max: 1e6 });
  for (let k = 0; k < total; k++) {
    let rest = k;
    yield Float64Array.from(box, ([low, high]) => {
      const cell = rest % grid;
      rest = Math.floor(rest / grid);
      return low + ((high - low) * (cell + 0.5)) / grid;
    });
  }
}
