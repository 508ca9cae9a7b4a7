import type { Energy } from "../energy.ts";
import { CapabilityError } from "../errors.ts";

/**
 * Returns the dimension of an energy over real vectors. @throws {CapabilityError} naming `asker` for discrete states,
 * and reals with a label.
 */
export function realDimension(energy: Energy<Float64Array>, asker: string): number {
  const { space, can } = energy;
  if (space.logCount === Number.POSITIVE_INFINITY && can.labels === undefined) return space.dimension;
  throw new CapabilityError(`${asker} needs an energy over reals, this one is over ${space.name}`);
}
