import { BasinError, checkGradient, type DifferentiableEnergy, EnergyValueError } from "@basin/energy-core";

// Far above what rounding in single precision or a mild kink can do, far below what a wrong sign or a lost factor does.
const TOLERANCE = 0.1;
// Beyond this many coordinates only the direction of the gradient itself is probed.
const FULL_CHECK = 64;

// Differences are taken over steps of about this size or more.
const LEAST_STEP = 1e-6;

/**
 * Throws when the gradient at `position` plainly contradicts the energies around it, naming the coordinate. Positions where energies
 * cannot be compared (a wall nearby) pass.
 *
 * @throws {EnergyValueError}
 */
export function assertSaneGradient(energy: DifferentiableEnergy, position: Float64Array): void {
  if (energy.space.dimension > FULL_CHECK) {
    assertSaneSlope(energy, position);
    return;
  }
  let report: ReturnType<typeof checkGradient>;
  try {
    report = checkGradient(energy, position, { tolerance: TOLERANCE });
  } catch (error) {
    if (error instanceof BasinError) return;
    throw error;
  }
  if (report.passed) return;
  const { coordinate, analytic, numeric } = report;
  // Where the energy is huge its differences are rounding, and say nothing about a small slope.
  const rounding = (Math.abs(energy.energy(position)) * Number.EPSILON) / LEAST_STEP;
  if (Math.abs(analytic - numeric) < 10 * rounding) return;
  const sign = Math.abs(analytic + numeric) < TOLERANCE * Math.abs(numeric) ? " (it has the wrong sign)" : "";
  throw new EnergyValueError(
    `the gradient does not belong to the energy: in coordinate ${coordinate} it is ${analytic}, but differences of the energy give ${numeric}${sign}. Fix energyAndGradient, or pass checkGradient: false`,
  );
}

/** Compares |∇E| with the slope of E along ∇E, at two scales. */
function assertSaneSlope(energy: DifferentiableEnergy, position: Float64Array): void {
  const gradient = new Float64Array(position.length);
  energy.energyAndGradient(position, gradient);
  const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
  if (!(norm > 1e-8)) return;
  const slope = (h: number) => {
    const ahead = energy.energy(position.map((x, i) => x + (h * gradient[i]) / norm));
    const behind = energy.energy(position.map((x, i) => x - (h * gradient[i]) / norm));
    return (ahead - behind) / (2 * h);
  };
  const [coarse, fine] = [slope(1e-3), slope(1e-5)];
  const wrong = (value: number) => Math.abs(value - norm) > TOLERANCE * Math.max(norm, Math.abs(value), 1);
  if (!Number.isFinite(coarse) || !Number.isFinite(fine) || !wrong(coarse) || !wrong(fine)) return;
  const sign = Math.abs(fine + norm) < TOLERANCE * norm ? " (it has the wrong sign)" : "";
  throw new EnergyValueError(
    `the gradient does not belong to the energy: along it the energy should rise by ${norm} a unit, but it rises by ${fine}${sign}. Fix energyAndGradient, or pass checkGradient: false`,
  );
}
