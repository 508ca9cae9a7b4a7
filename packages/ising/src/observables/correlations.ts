import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { Estimate } from "@basin/samplers";
import { estimateMean } from "@basin/samplers";
import { type Geometry, geometries } from "../lattice/geometries.ts";
import type { Lattice } from "../lattice/lattice.ts";
import { jackknife } from "./resampling.ts";

/** What {@link correlationObserver} found. */
export interface Correlations {
  /** Distances r = 0, 1, 2 … along an axis. */
  readonly distances: Int32Array;
  /** ⟨σ_x σ_(x+r)⟩ over all sites x and axes; 1 at r = 0. */
  readonly correlation: Float64Array;
  /** ⟨σ_x σ_(x+r)⟩ − ⟨m⟩², with ⟨|m|⟩ in place of ⟨m⟩ when the field is 0. */
  readonly connected: Float64Array;
  /** Of `correlation`; NaN where it never changed. */
  readonly standardError: Float64Array;
  /** ξ = √(S(0)/S(k) − 1) / (2 sin(k/2)), k = 2π/L the smallest wave number; NaN on open lattices. */
  readonly correlationLength: Pick<Estimate, "mean" | "standardError">;
  readonly measurements: number;
}

/** Collects the correlation function state by state. */
export interface CorrelationObserver {
  /** Takes one state, ±1 in site order. */
  observe(spins: Int8Array): void;
  /** @throws {ArgumentError} before 32 states. */
  result(): Correlations;
}

const LEAST = 32;

/**
 * Returns an observer of the correlation function along the axes and of the second-moment correlation length ξ =
 * √(S(0)/S(k) − 1) / (2 sin(k/2)), S(k) = ⟨|Σ_x σ_x exp(ikx)|²⟩/N with the smallest k along each axis, averaged over
 * the axes (Cooper, Freedman & Preston 1982). On a torus in its disordered phase it is the correlation length; ξ/L of
 * different sizes cross at T_c. A state costs about `maxDistance` × (sites) operations: feed it states that are some
 * autocorrelation times apart.
 *
 * @param options.maxDistance the largest distance; default half the shortest side.
 *
 * @example
 * ```ts
 * import { correlationObserver, createLattice, createModel } from "@basin/ising";
 *
 * const live = await createLattice(createModel("square", 32), { algorithm: "wolff", seed: 1 });
 * const observer = correlationObserver(createModel("square", 32));
 * live.sweep(200, { temperature: 2.6 });
 * live.settle();
 * for (let draw = 0; draw < 200; draw++) {
 *   live.sweep(2, { temperature: 2.6 });
 *   observer.observe(live.spins());
 * }
 * console.log(observer.result().correlationLength);
 * ```
 *
 * @throws {ArgumentError} for a distance out of range; `observe` for spins that do not fit.
 */
export function correlationObserver(
  lattice: Lattice,
  options: { maxDistance?: number } = {},
): CorrelationObserver {
  checkOptions("correlationObserver", options, "maxDistance");
  const { cell }: Geometry = geometries[lattice.lattice];
  if (cell !== undefined) {
    throw new ArgumentError(
      `a ${lattice.lattice} lattice has cells of ${cell} sites, expected one site a cell: a shift along an axis must lead from site to site`,
    );
  }
  const shortest = Math.min(...lattice.shape);
  const maxDistance = checkNumber("maxDistance", options.maxDistance ?? Math.floor(shortest / 2), {
    min: 0,
    max: shortest - 1,
    integer: true,
  });
  return new Collector(lattice, maxDistance);
}

class Collector implements CorrelationObserver {
  readonly #lattice: Lattice;
  readonly #maxDistance: number;
  readonly #rows: Float64Array[] = [];
  readonly #magnetization: number[] = [];
  readonly #waves: number[] = [];
  readonly #tables: { cos: Float64Array; sin: Float64Array }[];

  constructor(lattice: Lattice, maxDistance: number) {
    this.#lattice = lattice;
    this.#maxDistance = maxDistance;
    this.#tables = lattice.shape.map((side) => {
      const angles = Float64Array.from({ length: side }, (_, x) => (2 * Math.PI * x) / side);
      return { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
    });
  }

  observe(spins: Int8Array): void {
    const { shape, variables, space } = this.#lattice;
    space.check(spins);
    const row = new Float64Array(this.#maxDistance + 1);
    let wave = 0;
    let stride = variables;
    for (const [axis, side] of shape.entries()) {
      stride /= side;
      for (let r = 0; r <= this.#maxDistance; r++)
        row[r] += this.#along(spins, side, stride, r) / shape.length;
      wave += this.#structure(spins, axis, side, stride) / shape.length;
    }
    this.#rows.push(row);
    this.#waves.push(wave / variables);
    this.#magnetization.push(spins.reduce((a, b) => a + b, 0) / variables);
  }

  /** Mean of σσ over the pairs r apart along one axis. */
  #along(spins: Int8Array, side: number, stride: number, r: number): number {
    const block = side * stride;
    const periodic = this.#lattice.boundary === "periodic";
    let sum = 0;
    for (let base = 0; base < spins.length; base += block) {
      for (let x = 0; x < (periodic ? side : side - r); x++) {
        const here = base + x * stride;
        const there = base + ((x + r) % side) * stride;
        for (let k = 0; k < stride; k++) sum += spins[here + k] * spins[there + k];
      }
    }
    return sum / ((periodic ? side : side - r) * (spins.length / side));
  }

  /** |Σ σ exp(ikx)|² at k = 2π/side along one axis. */
  #structure(spins: Int8Array, axis: number, side: number, stride: number): number {
    const { cos, sin } = this.#tables[axis];
    let [real, imaginary] = [0, 0];
    for (let at = 0; at < spins.length; at += stride) {
      let layer = 0;
      for (let k = 0; k < stride; k++) layer += spins[at + k];
      const x = (at / stride) % side;
      real += layer * cos[x];
      imaginary += layer * sin[x];
    }
    return real * real + imaginary * imaginary;
  }

  result(): Correlations {
    const measurements = this.#rows.length;
    if (measurements < LEAST)
      throw new ArgumentError(`correlations of ${measurements} states, expected at least ${LEAST}`);
    const { boundary, field, shape, variables } = this.#lattice;
    const estimates = Array.from({ length: this.#maxDistance + 1 }, (_, r) =>
      estimateMean(Float64Array.from(this.#rows, (row) => row[r])),
    );
    const correlation = Float64Array.from(estimates, ({ mean }) => mean);
    const m = this.#magnetization.map((x) => (field === 0 ? Math.abs(x) : x));
    const level = (m.reduce((a, b) => a + b, 0) / measurements) ** 2;
    const k = shape.reduce((sum, side) => sum + 2 * Math.sin(Math.PI / side), 0) / shape.length;
    const squares = this.#magnetization.map((x) => x * x * variables);
    const length = jackknife(
      [squares, this.#waves],
      ([zero, one]) => Math.sqrt(Math.max(0, zero / one - 1)) / k,
    );
    return {
      distances: Int32Array.from(correlation, (_, r) => r),
      correlation,
      connected: correlation.map((c) => c - level),
      standardError: Float64Array.from(estimates, ({ standardError }) => standardError),
      correlationLength:
        boundary === "periodic"
          ? { mean: length.value, standardError: length.standardError }
          : { mean: Number.NaN, standardError: Number.NaN },
      measurements,
    };
  }
}
