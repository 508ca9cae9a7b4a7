/** A state with its energy and gradient. */
export interface LinePoint {
  readonly state: Float64Array;
  readonly energy: number;
  readonly gradient: Float64Array;
}

const SUFFICIENT = 1e-4;
const CURVATURE = 0.9;

interface Trial {
  readonly length: number;
  readonly slope: number;
  readonly point: LinePoint;
}

/**
 * Returns a point start + a · direction that meets the strong Wolfe conditions, or merely the first of them when the
 * bracket closes; undefined when no step lowers the energy. Nocedal & Wright (2006), algorithms 3.5 and 3.6, with
 * bisection where cubic interpolation leaves the bracket or an end of it is +∞.
 */
export function lineSearch(
  evaluate: (state: Float64Array) => LinePoint,
  start: LinePoint,
  direction: Float64Array,
  firstLength: number,
): LinePoint | undefined {
  const slope = directional(start.gradient, direction);
  if (!(slope < 0)) return undefined;
  const at = (length: number): Trial => {
    const point = evaluate(start.state.map((v, i) => v + length * direction[i]));
    return { length, point, slope: directional(point.gradient, direction) };
  };
  const origin: Trial = { length: 0, point: start, slope };
  const enough = (t: Trial) => t.point.energy <= start.energy + SUFFICIENT * t.length * slope;
  let previous = origin;
  let trial = at(firstLength);
  for (let round = 0; round < 30; round++) {
    if (!enough(trial) || (round > 0 && trial.point.energy >= previous.point.energy)) {
      return zoom(at, enough, slope, previous, trial);
    }
    if (Math.abs(trial.slope) <= -CURVATURE * slope) return trial.point;
    if (trial.slope >= 0) return zoom(at, enough, slope, trial, previous);
    previous = trial;
    trial = at(trial.length * 2);
  }
  return previous.point;
}

/** Shrinks the bracket [low, high], `low` always being the best point so far that meets the first condition. */
function zoom(
  at: (length: number) => Trial,
  enough: (trial: Trial) => boolean,
  slope: number,
  from: Trial,
  to: Trial,
): LinePoint | undefined {
  let low = from;
  let high = to;
  for (let round = 0; round < 50; round++) {
    const trial = at(interpolate(low, high));
    if (trial.length === low.length || trial.length === high.length) break;
    if (!enough(trial) || trial.point.energy >= low.point.energy) {
      high = trial;
    } else {
      if (Math.abs(trial.slope) <= -CURVATURE * slope) return trial.point;
      if (trial.slope * (high.length - low.length) >= 0) high = low;
      low = trial;
    }
  }
  return low.length > 0 ? low.point : undefined;
}

/** The minimizer of the cubic through both ends, kept off the outer tenths of the bracket. */
function interpolate(low: Trial, high: Trial): number {
  const width = high.length - low.length;
  const middle = low.length + 0.5 * width;
  if (!Number.isFinite(high.point.energy) || !Number.isFinite(high.slope)) return low.length + 0.1 * width;
  const d1 = low.slope + high.slope - (3 * (high.point.energy - low.point.energy)) / width;
  const root = d1 * d1 - low.slope * high.slope;
  if (!(root >= 0)) return middle;
  const d2 = Math.sign(width) * Math.sqrt(root);
  const length = high.length - (width * (high.slope + d2 - d1)) / (high.slope - low.slope + 2 * d2);
  const inside = (length - low.length) / width;
  return inside >= 0.1 && inside <= 0.9 ? length : middle;
}

function directional(gradient: Float64Array, direction: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < direction.length; i++) sum += gradient[i] * direction[i];
  return sum;
}
