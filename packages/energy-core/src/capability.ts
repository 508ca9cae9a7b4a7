import {
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isSpinEnergy,
  type SpinEnergy,
} from "./energy.ts";
import { CapabilityError } from "./errors.ts";

/** The capabilities that a combination can lose. */
export type Capability = "gradient" | "cursor" | "labels" | "parameters";

/** Why a combined energy lacks a capability, by name; carried along so that whoever asks for it can be told. */
export interface Lacking {
  readonly lacking?: Readonly<Partial<Record<Capability, string>>>;
}

/**
 * Returns `energy` as one with a gradient.
 *
 * @example
 * ```ts
 * import { plainEnergy, requireDifferentiable } from "@basin/energy-core";
 *
 * const rough = plainEnergy({ kind: "reals", dimension: 1 }, (x: Float64Array) => Math.abs(x[0]));
 * try {
 *   requireDifferentiable(rough as never, "descent");
 * } catch (error) {
 *   console.log(String(error)); // CapabilityError: descent needs an energy on reals with a gradient; …
 * }
 * ```
 *
 * @throws {CapabilityError} naming `asker` and, for a combined energy, the part that has no gradient.
 */
export function requireDifferentiable(energy: Energy<never>, asker: string): DifferentiableEnergy {
  if (isDifferentiable(energy)) return energy;
  throw lackOf(energy, asker, "gradient", "an energy on reals with a gradient");
}

/**
 * Returns `energy` as one with cursors.
 *
 * @example
 * ```ts
 * import { couplings, requireSpinEnergy, sparseQuadratic } from "@basin/energy-core";
 *
 * const pair = requireSpinEnergy(sparseQuadratic(couplings(2, [[0, 1, 1]])) as never, "annealing");
 * console.log(pair.attach(Int8Array.of(1, 1)).delta(0)); // 2
 * ```
 *
 * @throws {CapabilityError} naming `asker` and, for a combined energy, the part that has no cursor.
 */
export function requireSpinEnergy(energy: Energy<never>, asker: string): SpinEnergy {
  if (isSpinEnergy(energy)) return energy;
  throw lackOf(energy, asker, "cursor", "an energy on spins with cursors");
}

function lackOf(energy: Energy<never>, asker: string, name: Capability, wanted: string): CapabilityError {
  const why =
    (energy as Lacking).lacking?.[name] ?? `this one is over ${energy.space.kind} without a ${name}`;
  return new CapabilityError(`${asker} needs ${wanted}; ${why}`);
}
