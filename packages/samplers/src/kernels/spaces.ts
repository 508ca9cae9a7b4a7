import {
  CapabilityError,
  type DifferentiableEnergy,
  type Energy,
  isDifferentiable,
  isSpinEnergy,
  type SpinEnergy,
} from "@basin/energy-core";

/** Returns the dimension of a real energy. @throws {CapabilityError} for any other space. */
export function realDimension(energy: Energy<never>, kernel: string): number {
  if (energy.space.kind !== "reals") {
    throw new CapabilityError(`${kernel} moves real vectors; this energy is over ${energy.space.kind}`);
  }
  return energy.space.dimension;
}

/** @throws {CapabilityError} unless `energy` knows its gradient. */
export function checkDifferentiable(energy: DifferentiableEnergy, kernel: string): void {
  realDimension(energy, kernel);
  if (!isDifferentiable(energy)) {
    throw new CapabilityError(
      `${kernel} follows gradients, and this energy has no energyAndGradient; randomWalk needs none`,
    );
  }
}

/** @throws {CapabilityError} unless `energy` is over spins and hands out cursors. */
export function checkSpins(energy: SpinEnergy, kernel: string): void {
  const { kind } = energy.space as { kind: string };
  if (isSpinEnergy(energy)) return;
  throw new CapabilityError(
    kind === "spins"
      ? `${kernel} flips spins through cursors, and this energy has no attach`
      : `${kernel} flips spins; this energy is over ${kind}`,
  );
}
