import type { Rng } from "@basin/energy-core/random";
import { type Geometry, geometries } from "../lattice/geometries.ts";
import { Lattice } from "../lattice/lattice.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";

/** Where a simulation starts. */
export type StartName = "ordered" | "random";

/** Every value of {@link StartName}. */
export const startNames: readonly StartName[] = ["ordered", "random"];

/**
 * Returns T_c of a lattice with one coupling and no field, where it orders; a number from the literature for the cubic
 * one.
 */
function criticalTemperature(model: SpinProblem): number | undefined {
  if (!(model instanceof Lattice) || model.coupling === undefined || model.field !== 0) return undefined;
  const geometry: Geometry = geometries[model.lattice];
  if (model.coupling < 0 && !geometry.bipartite) return undefined;
  return geometry.criticalTemperature && Math.abs(model.coupling) * geometry.criticalTemperature;
}

/** Below T_c a random start often stays in domains for thousands of sweeps, so the default is the ordered one there. */
export function defaultStart(model: SpinProblem, inverseTemperature: number): StartName {
  const critical = criticalTemperature(model);
  return critical !== undefined && inverseTemperature * critical > 1 ? "ordered" : "random";
}

/** Returns the spins that `start` describes; random ones from `rng`. */
export function startSpins(model: SpinProblem, start: "ordered"): Int8Array;
export function startSpins(model: SpinProblem, start: StartName, rng: Rng): Int8Array;
export function startSpins(model: SpinProblem, start: StartName, rng?: Rng): Int8Array {
  const spins = new Int8Array(model.variables).fill(1);
  if (start === "random" && rng !== undefined) {
    for (let i = 0; i < spins.length; i += 32) {
      const word = rng.uint32();
      for (let k = 0; k < 32 && i + k < spins.length; k++) if ((word >>> k) & 1) spins[i + k] = -1;
    }
  } else if (isStaggered(model)) stagger(spins, model);
  return spins;
}

/** Whether the model's ordered state is the antiferromagnet's. */
export function isStaggered(model: SpinProblem): model is Lattice {
  return (
    model instanceof Lattice &&
    model.coupling !== undefined &&
    model.coupling < 0 &&
    geometries[model.lattice].bipartite
  );
}

/** Turns every other spin of the last two axes over: the antiferromagnet's order. */
function stagger(spins: Int8Array, { shape }: Lattice): void {
  for (let site = 0; site < spins.length; site++) {
    let rest = site;
    let parity = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      parity ^= rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    if (parity & 1) spins[site] = -1;
  }
}
