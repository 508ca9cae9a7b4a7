import { checkOptions } from "../check-options.ts";
import { type Clamped, clamp } from "../combine/clamp.ts";
import type { Energy } from "../energy.ts";
import type { TemperatureOptions } from "../errors.ts";
import { checkEnergy, checkNumber, resolveInverseTemperature } from "../errors.ts";
import { lowestState } from "../exact/lowest.ts";
import { createRng, type Rng } from "../random/rng.ts";
import { seedOf } from "../random/seed.ts";
import type { Mask } from "../space.ts";
import type { Certificate } from "./certificate.ts";

/** The shape of a kernel of @basin/samplers; `complete` draws with any such kernel. */
export interface DrawingKernel<X> {
  bind(energy: Energy<X>): {
    init(position: X): { readonly position: X };
    step(rng: Rng, state: { readonly position: X }, inverseTemperature: number): unknown;
  };
}

/** The options of {@link complete}. */
export interface CompleteOptions<X> extends TemperatureOptions {
  /** True where a coordinate of `x` is known. Required, of the length of a state. */
  known: Mask;
  /** Seed of the starts and of the draws. Default: drawn, and reported in the result. */
  seed?: number;
  /** Descents: the first from `x`, the others from random values in the unknown coordinates. Default 8. */
  restarts?: number;
  /** Maximum number of states of the unknown part for which all are compared. Default 65 536: 16 spins. */
  maxStates?: number;
  /** Standard deviation of the random starts of real coordinates, about their values in `x`. Default 1. */
  spread?: number;
  /** A kernel that draws the unknown part from exp(−βE) instead of minimizing. β applies only then. */
  kernel?: DrawingKernel<X>;
  /** Steps of the kernel. Default 1000. */
  steps?: number;
}

/** A completed state. */
export interface Completion<X> {
  /** The whole state; known coordinates are untouched. */
  readonly state: X;
  /** E(state). */
  readonly energy: number;
  readonly certificate: Certificate;
  /** The seed that reproduces it. */
  readonly seed: number;
}

/**
 * Returns the state of lowest energy that agrees with the known coordinates of `x`: argmin over x_unknown of E(x_known,
 * x_unknown). If the unknown part has at most `maxStates` states, all are compared (`"exact"`). Otherwise the result is
 * the best of `restarts` descents (`"local"`). With a `kernel`, the unknown part is drawn from its Gibbs distribution
 * (`"drawn"`).
 *
 * The first descent starts from the unknown entries of `x`; an entry that is not a legal value (0 for a spin, NaN for a
 * real) is drawn at random.
 *
 * @example
 * ```ts
 * import { complete, denseQuadratic } from "@basin/energy-core";
 *
 * const memory = denseQuadratic([[0, 1, -1], [1, 0, -1], [-1, -1, 0]]);
 * const { state, certificate } = complete(memory, Int8Array.of(1, 0, 0), { known: [true, false, false] });
 * console.log(state, certificate); // [1, 1, −1], "exact"
 * ```
 *
 * @throws {DimensionError} for a state or mask of the wrong length; {CapabilityError} when the energy has neither moves
 * nor a gradient; {ArgumentError} when a known coordinate is not a legal value.
 */
export function complete<X>(energy: Energy<X>, x: X, options: CompleteOptions<NoInfer<X>>): Completion<X> {
  checkOptions(
    "complete",
    options,
    "known seed restarts maxStates spread kernel steps inverseTemperature temperature",
  );
  const restarts = checkNumber("restarts", options.restarts ?? 8, { min: 1, integer: true });
  const spread = checkNumber("spread", options.spread ?? 1, { min: 0 });
  const most = checkNumber("maxStates", options.maxStates ?? 2 ** 16, { min: 0, max: 2 ** 30 });
  const seed = seedOf(options);
  const rng = createRng(seed);
  const start = energy.space.fill(rng, x, options.known, spread);
  const result = (state: X, certificate: Certificate): Completion<X> => ({
    state,
    energy: checkEnergy(energy.energy(state), "the energy of the completed state"),
    certificate,
    seed,
  });
  if (Array.from(options.known).every(Boolean)) return result(start, "exact");
  const part = clamp<X, object>(energy, start, options.known);
  const origin = part.extract(start);
  if (options.kernel !== undefined) return result(part.embed(draw(part, origin, rng, options)), "drawn");
  if (part.space.count <= most) return result(part.embed(lowestState(part, "complete")), "exact");
  return result(part.embed(bestDescent(part, origin, rng, restarts, spread)), "local");
}

/** Returns the lowest end of descents from `origin` and from other starts inside the support. */
function bestDescent<X>(part: Energy<X>, origin: X, rng: Rng, restarts: number, spread: number): X {
  const down = (x: X) =>
    part.space.descend(part, x, { order: "random", seed: rng.index(2 ** 32) }, "complete");
  let best = down(origin);
  for (let r = 1; r < restarts; r++) {
    const from = part.space.restart(rng, origin, spread);
    if (part.energy(from) === Number.POSITIVE_INFINITY) continue;
    const next = down(from);
    if (next.energy < best.energy) best = next;
  }
  return best.state;
}

function draw<X>(part: Energy<X> & Clamped<X>, start: X, rng: Rng, options: CompleteOptions<X>): X {
  const steps = checkNumber("steps", options.steps ?? 1000, { min: 1, integer: true });
  const beta = resolveInverseTemperature(options);
  const kernel = (options.kernel as DrawingKernel<X>).bind(part);
  const state = kernel.init(start);
  for (let step = 0; step < steps; step++) kernel.step(rng, state, beta);
  return state.position;
}
