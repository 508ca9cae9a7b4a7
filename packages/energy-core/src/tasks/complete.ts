import { requireDifferentiable } from "../capability.ts";
import { clamp, freeCoordinates, type Mask } from "../combine/clamp.ts";
import { type DifferentiableEnergy, type Energy, isSpinEnergy, type SpinEnergy } from "../energy.ts";
import type { TemperatureOptions } from "../errors.ts";
import { ArgumentError, checkEnergy, checkNumber, resolveInverseTemperature } from "../errors.ts";
import { minimizeReals } from "../minimize/lbfgs.ts";
import { descendCursor, minimizeByEnumeration } from "../minimize/spins.ts";
import { createRng, type Rng } from "../random/rng.ts";
import type { Certificate } from "./certificate.ts";

/** A kernel as @basin/samplers writes them, by shape: `complete` draws with any that is passed in. */
export interface DrawingKernel<E extends Energy<never>, X> {
  bind(energy: E): {
    init(position: X): { readonly position: X };
    step(rng: Rng, state: never, inverseTemperature: number): unknown;
  };
}

/** The options of {@link complete}. */
export interface CompleteOptions<E extends Energy<never>, X> extends TemperatureOptions {
  /** True where a coordinate of `x` is known. Required, of the length of a state. */
  known: Mask;
  /** Seed of the starts and of the draws. Default 1. */
  seed?: number;
  /** Descents: the first from `x`, the others from random values in the unknown coordinates. Default 8. */
  restarts?: number;
  /** Up to how many unknown spins all states are compared. Default 16, at most 30. */
  maximumSpins?: number;
  /** Standard deviation of the random starts of real coordinates, about their values in `x`. Default 1. */
  spread?: number;
  /** Draws the unknown part from exp(−βE) with this kernel instead of minimizing; β counts only then. */
  kernel?: DrawingKernel<E, X>;
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
 * Returns the state of lowest energy that agrees with the known coordinates of `x`: argmin over x_unknown of
 * E(x_known, x_unknown), the minimum over the unknown part alone. Up to `maximumSpins` unknown spins are enumerated
 * (`"exact"`); beyond, single-flip descent, and L-BFGS on reals, keep the best of `restarts` (`"local"`). With a
 * `kernel` the unknown part is drawn from its Gibbs distribution instead (`"drawn"`).
 *
 * Unknown entries of `x` are where the first descent starts; an entry that is no legal value (0 for a spin, NaN for a real)
 * is drawn at random.
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
 * @throws {DimensionError} for a state or mask of the wrong length; {CapabilityError} when the energy has neither
 * cursors nor a gradient; {ArgumentError} when a known coordinate is no legal value.
 */
export function complete(
  energy: SpinEnergy,
  x: Int8Array,
  options: CompleteOptions<SpinEnergy, Int8Array>,
): Completion<Int8Array>;
export function complete(
  energy: DifferentiableEnergy,
  x: Float64Array,
  options: CompleteOptions<DifferentiableEnergy, Float64Array>,
): Completion<Float64Array>;
export function complete(
  energy: Energy<never>,
  x: Int8Array | Float64Array,
  options: { known: Mask; seed?: number },
): Completion<Int8Array | Float64Array> {
  const seed = options.seed ?? 1;
  const rng = createRng(seed);
  if (isSpinEnergy(energy)) {
    return { ...completeSpins(energy, x as Int8Array, rng, options), seed };
  }
  const differentiable = requireDifferentiable(energy, "complete");
  return { ...completeReals(differentiable, x as Float64Array, rng, options), seed };
}

function completeSpins(
  energy: SpinEnergy,
  x: Int8Array,
  rng: Rng,
  options: CompleteOptions<SpinEnergy, Int8Array>,
): Omit<Completion<Int8Array>, "seed"> {
  const restarts = checkNumber("restarts", options.restarts ?? 8, { min: 1, integer: true });
  const maximumSpins = checkNumber("maximumSpins", options.maximumSpins ?? 16, {
    min: 0,
    max: 30,
    integer: true,
  });
  const free = freeCoordinates(x, options.known, energy.space.dimension);
  const start = x.slice();
  for (const i of free) if (start[i] !== 1 && start[i] !== -1) start[i] = rng.bernoulli(0.5) ? 1 : -1;
  if (free.length === 0) return { state: start, energy: checkedEnergy(energy, start), certificate: "exact" };
  const part = clamp(energy, start, options.known);
  if (options.kernel !== undefined) return draw(part, part.extract(start), rng, options);
  if (free.length <= maximumSpins) {
    const { state, energy: lowest } = minimizeByEnumeration(part);
    return { state: part.embed(state), energy: lowest, certificate: "exact" };
  }
  let best = part.extract(start);
  let lowest = Number.POSITIVE_INFINITY;
  for (let r = 0; r < restarts; r++) {
    const from = r === 0 ? part.extract(start) : best.map(() => (rng.bernoulli(0.5) ? 1 : -1));
    const cursor = part.attach(from);
    descendCursor(cursor, rng);
    if (r > 0 && !(cursor.energy < lowest)) continue;
    lowest = cursor.energy;
    best = cursor.state.slice();
  }
  return { state: part.embed(best), energy: checkedEnergy(part, best), certificate: "local" };
}

function completeReals(
  energy: DifferentiableEnergy,
  x: Float64Array,
  rng: Rng,
  options: CompleteOptions<DifferentiableEnergy, Float64Array>,
): Omit<Completion<Float64Array>, "seed"> {
  const restarts = checkNumber("restarts", options.restarts ?? 8, { min: 1, integer: true });
  const spread = checkNumber("spread", options.spread ?? 1, { min: 0 });
  const free = freeCoordinates(x, options.known, energy.space.dimension);
  const start = x.slice();
  for (const i of free) if (!Number.isFinite(start[i])) start[i] = spread * rng.normal();
  const bad = start.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ArgumentError(`known coordinate ${bad} is ${x[bad]}, expected a finite number`);
  if (free.length === 0) return { state: start, energy: checkedEnergy(energy, start), certificate: "exact" };
  const part = clamp(energy, start, options.known);
  if (options.kernel !== undefined) return draw(part, part.extract(start), rng, options);
  const origin = part.extract(start);
  let best = minimizeReals(part, origin);
  for (let r = 1; r < restarts; r++) {
    const from = origin.map((value) => value + spread * rng.normal());
    if (part.energy(from) === Number.POSITIVE_INFINITY) continue;
    const next = minimizeReals(part, from);
    if (next.energy < best.energy) best = next;
  }
  return { state: part.embed(best.state), energy: best.energy, certificate: "local" };
}

function draw<E extends Energy<X>, X>(
  part: E & { embed(part: X): X },
  start: X,
  rng: Rng,
  options: CompleteOptions<E, X>,
): Omit<Completion<X>, "seed"> {
  const steps = checkNumber("steps", options.steps ?? 1000, { min: 1, integer: true });
  const beta = resolveInverseTemperature(options);
  const kernel = (options.kernel as DrawingKernel<E, X>).bind(part);
  const state = kernel.init(start);
  for (let step = 0; step < steps; step++) kernel.step(rng, state as never, beta);
  return {
    state: part.embed(state.position),
    energy: checkedEnergy(part, state.position),
    certificate: "drawn",
  };
}

function checkedEnergy<X>(energy: Energy<X>, state: X): number {
  return checkEnergy(energy.energy(state), "the energy of the completed state");
}
