import type { Edge } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import type { Geometry } from "./geometries.ts";

/** How the bonds of a lattice differ from each other. */
export type Disorder = "none" | "plus-minus" | "gaussian";

/** Every value of {@link Disorder}. */
export const disorderNames: readonly Disorder[] = ["none", "plus-minus", "gaussian"];

/** What {@link latticeBonds} needs to list bonds. */
export interface BondSource {
  readonly geometry: Geometry;
  readonly shape: readonly number[];
  readonly periodic: boolean;
  /** J along each step of the geometry. */
  readonly couplings: readonly number[];
  readonly disorder: Disorder;
  readonly seed: number;
}

/** A bond, and the step of the geometry from its first end to its second. */
export interface LatticeBond {
  readonly edge: Edge;
  readonly step: number;
}

/**
 * Lists every bond once, site by site and step by step. Disorder multiplies J by +1 or −1 with equal probability, or by
 * a standard normal number, drawn in that order from the seed's stream.
 */
export function* latticeBonds(source: BondSource): Generator<LatticeBond> {
  const { geometry, shape, periodic, couplings, disorder, seed } = source;
  const rng = createRng(seed);
  const site = new Array<number>(shape.length).fill(0);
  const sites = shape.reduce((product, length) => product * length, 1);
  for (let i = 0; i < sites; i++) {
    for (const [k, step] of geometry.steps.entries()) {
      if (geometry.has && !geometry.has(site, k)) continue;
      const j = neighbor(site, step, shape, periodic);
      if (j < 0) continue;
      const factor =
        disorder === "none" ? 1 : disorder === "gaussian" ? rng.normal() : rng.bernoulli(0.5) ? 1 : -1;
      yield { edge: [i, j, couplings[k] * factor], step: k };
    }
    advance(site, shape);
  }
}

/** Returns the site one step away, or −1 beyond an open border. */
function neighbor(
  site: readonly number[],
  step: readonly number[],
  shape: readonly number[],
  periodic: boolean,
): number {
  let index = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const at = site[axis] + step[axis];
    if (!periodic && (at < 0 || at >= shape[axis])) return -1;
    index = index * shape[axis] + ((at + shape[axis]) % shape[axis]);
  }
  return index;
}

/** Moves to the next site in order, the last axis fastest. */
function advance(site: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (++site[axis] < shape[axis]) return;
    site[axis] = 0;
  }
}
