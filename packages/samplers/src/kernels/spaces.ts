import { CapabilityError, type Energy, requireCapability } from "@basin/energy-core";
import { realDimension, type Sites } from "@basin/energy-core/internal";

/**
 * @throws {CapabilityError} unless `energy` is over real vectors and has a gradient.
 */
export function checkDifferentiable(energy: Energy<Float64Array>, kernel: string): void {
  realDimension(energy, kernel);
  requireCapability(energy, "gradient", `${kernel} follows gradients (randomWalk needs none): it`);
}

/**
 * Returns the sites of discrete states.
 * @throws {CapabilityError} if they are not a product of sites.
 */
export function sitesOf<X>(energy: Energy<X, object>, kernel: string): Sites<X> {
  const sites = energy.space.moves?.sites;
  if (sites !== undefined) return sites;
  throw new CapabilityError(`${kernel} needs states that are values at sites; ${energy.space.name} are not`);
}
