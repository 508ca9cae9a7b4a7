import { ArgumentError, checkNumber, differentiable, matrix } from "@basin/energy-core";
import { checkLength, checkOptions } from "@basin/energy-core/internal";
import { categorical, exp, log } from "@basin/energy-core/random";
import type { Toy } from "./toy.ts";

/** A piece of a circle: the points center + radius (cos t, sin t), `from` ≤ t ≤ `to` in radians. */
export interface Arc {
  readonly center: readonly [number, number];
  /** Above 0. */
  readonly radius: number;
  /** Below `to`, which is at most `from` + 2π. */
  readonly from: number;
  readonly to: number;
}

/** The options of {@link arcs}. */
export interface ArcsOptions {
  /** One part, and one label, each. */
  arcs: readonly Arc[];
  /** σ of the Gaussian, above 0. Default 0.1. */
  standardDeviation?: number;
  /** Relative weights, above 0; normalized. Default all equal. */
  weights?: ArrayLike<number>;
  /**
   * The square [low, high]². Default: the smallest about the origin, to a multiple of ½, that leaves 5.5 σ around the
   * arcs.
   */
  box?: readonly [low: number, high: number];
  name?: string;
}

// The five-point Gauss–Legendre rule on [−1, 1].
const INNER = Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3;
const OUTER = Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3;
const NODES = [-OUTER, -INNER, 0, INNER, OUTER];
const NODE_WEIGHTS = [322 - 13 * Math.sqrt(70), 322 + 13 * Math.sqrt(70), 512, 0, 0].map((w) => w / 900);
NODE_WEIGHTS[3] = NODE_WEIGHTS[1];
NODE_WEIGHTS[4] = NODE_WEIGHTS[0];

/** Terms this far below the largest are less than a rounding error. */
const NEGLIGIBLE = 45;
const LOG_TWO_PI = 1.8378770664093453;

/**
 * Returns the uniform law on each of several arcs convolved with an isotropic Gaussian,
 *
 *   p(x) = Σ_y w_y ∫ N(x; c_y + R_y (cos t, sin t), σ²I) dt / (to_y − from_y),
 *
 * normalized on ℝ². The integral is a Gauss–Legendre sum on panels no longer than σ/2, right to about 1e-10 of p inside
 * the box. Draws are exact: a point of the arc plus noise.
 *
 * @example
 * ```ts
 * import { arcs } from "@basin/jem/toys";
 *
 * const half = arcs({ arcs: [{ center: [0, 0], radius: 1, from: 0, to: Math.PI }] });
 * console.log(half.mean[1]); // 2/π
 * ```
 *
 * @throws {ArgumentError} for no arcs, a radius, angle, weight or deviation out of range.
 */
export function arcs(options: ArcsOptions): Toy {
  checkOptions("arcs", options, "arcs standardDeviation weights box name");
  const sd = checkNumber("standardDeviation", options.standardDeviation ?? 0.1, { above: 0 });
  const parts = options.arcs.map((arc, k) => checkArc(arc, k));
  if (parts.length === 0) throw new ArgumentError("arcs has no entries, expected at least one");
  const weights = normalized(options.weights, parts.length);
  const curves = parts.map((arc, k) => nodesOf(arc, sd, weights[k]));
  const variance = sd * sd;
  const constant = -LOG_TWO_PI - 2 * log(sd);
  const out = new Float64Array(parts.length);
  const pull = new Float64Array(2 * parts.length);
  const energy = differentiable(2, (x, gradient) => {
    let lowest = Number.POSITIVE_INFINITY;
    for (const [y, curve] of curves.entries()) {
      out[y] = partEnergy(curve, x, variance, pull.subarray(2 * y, 2 * y + 2)) - constant;
      lowest = Math.min(lowest, out[y]);
    }
    let sum = 0;
    gradient.fill(0);
    for (let y = 0; y < curves.length; y++) {
      const share = exp(lowest - out[y]);
      sum += share;
      for (let i = 0; i < 2; i++) gradient[i] += share * pull[2 * y + i];
    }
    for (let i = 0; i < 2; i++) gradient[i] /= sum;
    return lowest - log(sum);
  });
  const draw: Toy["sampleLabeled"] = (rng) => {
    const y = categorical(rng, weights);
    const { center, radius, from, to } = parts[y];
    const t = from + (to - from) * rng.uniform();
    const x = [center[0] + radius * Math.cos(t), center[1] + radius * Math.sin(t)];
    return { x: Float64Array.from(x, (value) => value + sd * rng.normal()), y };
  };
  return {
    ...energy,
    name: options.name ?? "arcs",
    ...momentsOf(parts, weights, variance),
    logPartition: 0,
    labels: parts.length,
    box: options.box ?? boxAround(parts, sd),
    jointEnergies(x, energies) {
      checkLength("out", energies.length, parts.length);
      for (const [y, curve] of curves.entries()) energies[y] = partEnergy(curve, x, variance) - constant;
      return energies;
    },
    sampleLabeled: draw,
    sample: (rng) => draw(rng).x,
  };
}

/** Options of {@link twoMoons}. */
export interface TwoMoonsOptions {
  /** σ of the Gaussian, above 0. Default 0.1. */
  standardDeviation?: number;
}

/**
 * Returns two moons: two interleaved half circles of radius 1, one open below about (−½, −¼) and one open above about
 * (½, ¼), each convolved with a Gaussian. This is the usual picture, shifted to mean 0.
 *
 * @example
 * ```ts
 * import { twoMoons } from "@basin/jem/toys";
 *
 * console.log(twoMoons().labels, twoMoons().box); // 2, [−2.5, 2.5]
 * ```
 */
export function twoMoons(options: TwoMoonsOptions = {}): Toy {
  checkOptions("twoMoons", options, "standardDeviation");
  const { standardDeviation = 0.1 } = options;
  return arcs({
    name: "two moons",
    standardDeviation,
    arcs: [
      { center: [-0.5, -0.25], radius: 1, from: 0, to: Math.PI },
      { center: [0.5, 0.25], radius: 1, from: Math.PI, to: 2 * Math.PI },
    ],
  });
}

/** Options of {@link rings}. */
export interface RingsOptions {
  /** Radii, above 0. Default ½, 1¼ and 2. */
  radii?: readonly number[];
  /** σ of the Gaussian, above 0. Default 0.1. */
  standardDeviation?: number;
  /** Relative weights. Default all equal. */
  weights?: ArrayLike<number>;
}

/**
 * Returns circles about the origin convolved with a Gaussian: p(x) = Σ_y w_y exp(−(r² + R_y²)/2σ²) I₀(r R_y/σ²) / 2πσ²
 * with r = ‖x‖.
 *
 * @example
 * ```ts
 * import { rings } from "@basin/jem/toys";
 *
 * const toy = rings({ radii: [1], standardDeviation: 0.2 });
 * console.log(toy.covariance.data[0]); // ½ + 0.04
 * ```
 */
export function rings(options: RingsOptions = {}): Toy {
  checkOptions("rings", options, "radii standardDeviation weights");
  const { radii = [0.5, 1.25, 2], standardDeviation = 0.1, weights } = options;
  const circle = (radius: number): Arc => ({ center: [0, 0], radius, from: 0, to: 2 * Math.PI });
  return arcs({ name: "rings", arcs: radii.map(circle), standardDeviation, weights });
}

function checkArc(arc: Arc, k: number): Arc {
  checkNumber(`arcs[${k}].radius`, arc.radius, { above: 0 });
  checkNumber(`arcs[${k}].from`, arc.from);
  // Angles such as 2π are rounded before they get here.
  checkNumber(`arcs[${k}].to`, arc.to, { above: arc.from, max: arc.from + 2 * Math.PI + 1e-9 });
  for (const coordinate of arc.center) checkNumber(`arcs[${k}].center`, coordinate);
  return arc;
}

/** Points of a curve, and the logarithms of the weights that they stand for. */
interface Curve {
  readonly points: Float64Array;
  readonly logWeights: Float64Array;
  readonly exponents: Float64Array;
}

function nodesOf({ center, radius, from, to }: Arc, sd: number, weight: number): Curve {
  const panels = Math.max(4, Math.ceil((radius * (to - from)) / (0.5 * sd)));
  const count = NODES.length * panels;
  const points = new Float64Array(2 * count);
  const logWeights = new Float64Array(count);
  const half = (to - from) / (2 * panels);
  for (let k = 0; k < count; k++) {
    const node = k % NODES.length;
    const t = from + half * (2 * Math.floor(k / NODES.length) + 1 + NODES[node]);
    points[2 * k] = center[0] + radius * Math.cos(t);
    points[2 * k + 1] = center[1] + radius * Math.sin(t);
    logWeights[k] = log((weight * NODE_WEIGHTS[node]) / (2 * panels));
  }
  return { points, logWeights, exponents: new Float64Array(count) };
}

/** −log Σ_k w_k exp(−‖x − p_k‖²/2σ²), and its gradient into `gradient`. */
function partEnergy(
  { points, logWeights, exponents }: Curve,
  x: ArrayLike<number>,
  variance: number,
  gradient?: Float64Array,
): number {
  const [a, b] = [x[0], x[1]];
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < exponents.length; k++) {
    const [da, db] = [a - points[2 * k], b - points[2 * k + 1]];
    exponents[k] = logWeights[k] - (da * da + db * db) / (2 * variance);
    if (exponents[k] > top) top = exponents[k];
  }
  let sum = 0;
  let [sumA, sumB] = [0, 0];
  for (let k = 0; k < exponents.length; k++) {
    if (exponents[k] < top - NEGLIGIBLE) continue;
    const weight = exp(exponents[k] - top);
    sum += weight;
    sumA += weight * points[2 * k];
    sumB += weight * points[2 * k + 1];
  }
  if (gradient !== undefined) {
    gradient[0] = (a - sumA / sum) / variance;
    gradient[1] = (b - sumB / sum) / variance;
  }
  return -top - log(sum);
}

/** Exact moments: those of the arcs, in closed form, plus the noise. */
function momentsOf(parts: readonly Arc[], weights: Float64Array, variance: number) {
  const first = [0, 0];
  const second = [0, 0, 0];
  for (const [k, { center, radius, from, to }] of parts.entries()) {
    const length = to - from;
    const c = (radius * (Math.sin(to) - Math.sin(from))) / length;
    const s = (radius * (Math.cos(from) - Math.cos(to))) / length;
    const double = (radius * radius * (Math.sin(2 * to) - Math.sin(2 * from))) / (4 * length);
    const cc = 0.5 * radius * radius + double;
    const ss = 0.5 * radius * radius - double;
    const cs = (radius * radius * (Math.sin(to) ** 2 - Math.sin(from) ** 2)) / (2 * length);
    first[0] += weights[k] * (center[0] + c);
    first[1] += weights[k] * (center[1] + s);
    second[0] += weights[k] * (center[0] ** 2 + 2 * center[0] * c + cc);
    second[1] += weights[k] * (center[0] * center[1] + center[0] * s + center[1] * c + cs);
    second[2] += weights[k] * (center[1] ** 2 + 2 * center[1] * s + ss);
  }
  const cross = second[1] - first[0] * first[1];
  const covariance = [
    second[0] - first[0] ** 2 + variance,
    cross,
    cross,
    second[2] - first[1] ** 2 + variance,
  ];
  return { mean: Float64Array.from(first), covariance: matrix(Float64Array.from(covariance), 2, 2) };
}

function boxAround(parts: readonly Arc[], sd: number): [number, number] {
  const reach = Math.max(...parts.flatMap(({ center, radius }) => center.map((c) => Math.abs(c) + radius)));
  const half = Math.ceil(2 * (reach + 5.5 * sd)) / 2;
  return [-half, half];
}

function normalized(weights: ArrayLike<number> | undefined, length: number): Float64Array {
  if (weights !== undefined) checkLength("weights", weights.length, length);
  const values = Float64Array.from({ length }, (_, k) =>
    checkNumber(`weights[${k}]`, weights?.[k] ?? 1, { above: 0 }),
  );
  const total = values.reduce((sum, w) => sum + w, 0);
  return values.map((w) => w / total);
}
