import {
  BasinError,
  checkGradient,
  type Energy,
  EnergyValueError,
  requireCapability,
} from "@basin/energy-core";
import { FaultyEnergyError, gradientAt } from "@basin/energy-core/internal";
import type { StateArray } from "./draws.ts";

// Far above the effect of rounding in single precision or of a mild kink, and far below that of a wrong sign or a lost
// factor.
const TOLERANCE = 0.1;
// Beyond this many coordinates only the direction of the gradient itself is probed.
const FULL_CHECK = 64;

// Differences are taken over steps of about this size or more.
const LEAST_STEP = 1e-6;

/**
 * Throws if the gradient at `position` clearly contradicts the energies around it. The error names the coordinate.
 * Positions where energies cannot be compared, such as near a wall, pass.
 *
 * @throws {EnergyValueError}
 */
export function assertSaneGradient<X extends StateArray>(energy: Energy<X>, position: X): void {
  if (energy.space.dimension > FULL_CHECK) {
    assertSaneSlope(energy, position);
    return;
  }
  let report: ReturnType<typeof checkGradient>;
  try {
    report = checkGradient(energy, position, { tolerance: TOLERANCE });
  } catch (error) {
    if (error instanceof BasinError && !(error instanceof FaultyEnergyError)) return;
    throw error;
  }
  if (report.passed) return;
  const { coordinate, analytic, numeric } = report;
  // Differences of a huge energy are mostly rounding and tell nothing about a small slope.
  const rounding = (Math.abs(energy.energy(position)) * Number.EPSILON) / LEAST_STEP;
  if (Math.abs(analytic - numeric) < 10 * rounding) return;
  const sign = Math.abs(analytic + numeric) < TOLERANCE * Math.abs(numeric) ? " (it has the wrong sign)" : "";
  throw new EnergyValueError(
    `the gradient does not belong to the energy: in coordinate ${coordinate} it is ${analytic}, but differences of the energy give ${numeric}${sign}. Mend the gradient, or pass checkGradient: false`,
  );
}

/** Compares |∇E| with the slope of E along ∇E, at two scales. */
function assertSaneSlope<X extends StateArray>(energy: Energy<X>, position: X): void {
  const ask = requireCapability(energy, "gradient", "the check of a gradient");
  const gradient = gradientAt(ask, energy.space, position);
  const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
  if (!(norm > 1e-8)) return;
  const slope = (h: number) => {
    const at = (step: number) => {
      const moved = energy.space.copy(position);
      for (let i = 0; i < moved.length; i++) moved[i] = position[i] + (step * gradient[i]) / norm;
      return energy.energy(moved);
    };
    return (at(h) - at(-h)) / (2 * h);
  };
  const [coarse, fine] = [slope(1e-3), slope(1e-5)];
  const wrong = (value: number) => Math.abs(value - norm) > TOLERANCE * Math.max(norm, Math.abs(value), 1);
  if (!Number.isFinite(coarse) || !Number.isFinite(fine) || !wrong(coarse) || !wrong(fine)) return;
  const sign = Math.abs(fine + norm) < TOLERANCE * norm ? " (it has the wrong sign)" : "";
  throw new EnergyValueError(
    `the gradient does not belong to the energy: along it the energy should rise by ${norm} a unit, but it rises by ${fine}${sign}. Mend the gradient, or pass checkGradient: false`,
  );
}
