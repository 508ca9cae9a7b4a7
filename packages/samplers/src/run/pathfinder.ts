import { ArgumentError, BasinError, type Energy, requireCapability } from "@basin/energy-core";
import { minimizeReals } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { type CurvaturePair, dot, InverseHessian, nextDiagonal } from "./inverse-hessian.ts";
import { isRejection, RejectingEnergy } from "./rejections.ts";

/** Paths of a chain, each from a random state. */
const PATHS = 8;
/** Random states that are tried for them. */
const ATTEMPTS = 100;
/** Steps of a descent: energies without a minimum have no end. */
const MAX_ITERATIONS = 200;
/** Pairs that an inverse Hessian is made of. */
const MEMORY = 6;
/** Draws that an evidence lower bound is estimated from. */
const DRAWS = 5;

interface Point {
  readonly state: Float64Array;
  readonly gradient: Float64Array;
}

/** A normal law N(μ, H) near a path, with its evidence lower bound. */
interface Approximation {
  readonly mean: Float64Array;
  readonly inverseHessian: InverseHessian;
  readonly bound: number;
}

/**
 * Returns the start of a chain by Pathfinder (Zhang, Carpenter, Gelman & Vehtari 2022). L-BFGS descends βE from a
 * random state. Each point of its path gives a normal distribution q with the inverse Hessian there as covariance. The
 * start is a draw from the q with the greatest evidence lower bound, the mean of −βE(φ) − ln q(φ) over draws φ of q.
 *
 * Each chain has {@link PATHS} paths of its own. If they end in different modes, chains take turns with the two that
 * are farthest apart. So separated modes show as chains that disagree.
 *
 * @throws {ArgumentError} if no path leads to a state of finite energy and gradient. @throws {CapabilityError} without
 * a gradient.
 */
export function pathfinderStart(
  energy: Energy<Float64Array>,
  inverseTemperature: number,
  rng: Rng,
  chain: number,
): Float64Array {
  const scaled = scaledBy(energy, inverseTemperature);
  const found: Approximation[] = [];
  const noLaw = new ArgumentError(
    "no point of its path has positive curvature and a normal law inside the support",
  );
  let problem: unknown = noLaw;
  for (let attempt = 0; attempt < ATTEMPTS && found.length < PATHS; attempt++) {
    try {
      const start = energy.space.random(rng);
      // The descent counts an exception as +∞; this is the exception.
      energy.energy(start);
      const best = bestOf(scaled, pathFrom(scaled, start), rng);
      if (best === undefined) problem = noLaw;
      else found.push(best);
    } catch (error) {
      if (!(error instanceof BasinError) && !isRejection(error)) throw error;
      problem = error;
    }
  }
  if (found.length > 0) {
    const chosen = farthest(found)[chain % 2];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const start = drawOf(chosen, rng).state;
      if (isStart(scaled, start)) return start;
    }
  }
  throw new ArgumentError(
    `Pathfinder found no start in ${ATTEMPTS} paths from random states; give \`initial\`. The last failed with: ${problem instanceof Error ? problem.message : problem}`,
    { cause: problem },
  );
}

/** Returns βE with its gradient, +∞ where E throws a rejection. */
function scaledBy(energy: Energy<Float64Array>, inverseTemperature: number): Energy<Float64Array> {
  requireCapability(energy, "gradient", "pathfinder");
  const rejecting = new RejectingEnergy(energy);
  rejecting.on = true;
  const gradient = requireCapability(rejecting.energy, "gradient", "pathfinder");
  const scaledGradient = (x: Float64Array, out: Float64Array) => {
    const value = gradient(x, out);
    for (let i = 0; i < out.length; i++) out[i] *= inverseTemperature;
    return inverseTemperature * value;
  };
  const value = (x: Float64Array) => inverseTemperature * rejecting.energy.energy(x);
  return { ...energy, energy: value, can: { gradient: scaledGradient } } as Energy<Float64Array>;
}

function pathFrom(energy: Energy<Float64Array>, start: Float64Array): Point[] {
  const path: Point[] = [];
  const options = { maxIterations: MAX_ITERATIONS, memory: MEMORY };
  try {
    minimizeReals(energy, start, options, "pathfinder", ({ state, gradient }) =>
      path.push({ state, gradient }),
    );
  } catch (error) {
    // The points before an energy of NaN or −∞ are a path too.
    if (path.length < 2) throw error;
  }
  return path;
}

function bestOf(energy: Energy<Float64Array>, path: readonly Point[], rng: Rng): Approximation | undefined {
  const pairs: CurvaturePair[] = [];
  let diagonal: Float64Array = new Float64Array(path[0].state.length).fill(1);
  let best: Approximation | undefined;
  for (let l = 1; l < path.length; l++) {
    const { state, gradient } = path[l];
    const pair = {
      step: state.map((value, i) => value - path[l - 1].state[i]),
      change: gradient.map((value, i) => value - path[l - 1].gradient[i]),
    };
    if (!(dot(pair.step, pair.change) > 1e-12 * dot(pair.change, pair.change))) continue;
    diagonal = nextDiagonal(diagonal, pair);
    pairs.push(pair);
    const inverseHessian = new InverseHessian(diagonal, pairs.slice(-MEMORY));
    const newton = inverseHessian.times(gradient);
    const mean = state.map((value, i) => value - newton[i]);
    const law = { mean, inverseHessian, bound: -Infinity };
    const bound = boundOf(energy, law, rng);
    if (bound > (best?.bound ?? -Infinity)) best = { ...law, bound };
  }
  return best;
}

/** Returns an estimate of the evidence lower bound; −∞ or NaN where a draw lies outside the support. */
function boundOf(energy: Energy<Float64Array>, law: Approximation, rng: Rng): number {
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const { state, logDensity } = drawOf(law, rng);
    sum += energy.energy(state) + logDensity;
  }
  return -sum / DRAWS;
}

/** Returns a draw of a law and its log density there, up to a constant. */
function drawOf({ mean, inverseHessian }: Approximation, rng: Rng) {
  const u = mean.map(() => rng.normal());
  const away = inverseHessian.root(u);
  const state = mean.map((value, i) => value + away[i]);
  return { state, logDensity: -0.5 * dot(u, u) - inverseHessian.logDeterminantRoot };
}

/** Returns the two laws whose means lie farthest apart, in an order along one direction that all chains share. */
function farthest(laws: readonly Approximation[]): [Approximation, Approximation] {
  let pair: [Approximation, Approximation] = [laws[0], laws[0]];
  let distance = 0;
  for (const [k, a] of laws.entries())
    for (const b of laws.slice(0, k)) {
      const square = a.mean.reduce((sum, value, i) => sum + (value - b.mean[i]) ** 2, 0);
      if (square > distance) [pair, distance] = [[a, b], square];
    }
  const shared = createRng(0);
  const direction = pair[0].mean.map(() => shared.normal());
  return dot(direction, pair[0].mean) <= dot(direction, pair[1].mean) ? pair : [pair[1], pair[0]];
}

function isStart(energy: Energy<Float64Array>, state: Float64Array): boolean {
  const out = new Float64Array(state.length);
  return Number.isFinite(energy.can.gradient?.(state, out)) && out.every(Number.isFinite);
}
