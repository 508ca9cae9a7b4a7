import { type Energy, type Labeled, requireCapability } from "../energy.ts";
import { checkEnergy, EnergyValueError } from "../errors.ts";

/** The label of lowest energy. */
export interface Prediction {
  /** argmin_y E(x, y); the lowest index among equals. */
  readonly label: number;
  /** E(x, label). */
  readonly energy: number;
  /** The energy of the next best label minus the lowest: at least 0, +∞ if no other label is possible. */
  readonly margin: number;
  /** E(x, y) for every y. */
  readonly energies: Float64Array;
  readonly certificate: "exact";
}

/**
 * Returns the label of lowest energy for `x`, argmin_y E(x, y), with its margin to the next best.
 *
 * @example
 * ```ts
 * import { labeled, plainEnergy, predict, reals } from "@basin/energy-core";
 *
 * const nearest = plainEnergy(labeled(reals(1), 3), ({ x, y }) => (x[0] - y) ** 2);
 * console.log(predict(nearest, Float64Array.of(1.2)).label); // 1
 * ```
 *
 * @throws {CapabilityError} when the energy is not over labels.
 * @throws {EnergyValueError} for NaN and −∞, and when every label has energy +∞.
 */
export function predict<X>(energy: Energy<Labeled<X>>, x: X): Prediction {
  const labels = requireCapability<Labeled<X>, "labels">(energy, "labels", "predict");
  const energies = labels.energies(x, new Float64Array(labels.count));
  return { ...preferredLabel(energies, ""), energies, certificate: "exact" };
}

/**
 * Returns the label of lowest energy, the lowest index among equals, with its margin; `where` ends the messages of
 * errors.
 */
export function preferredLabel(
  energies: ArrayLike<number>,
  where: string,
): Pick<Prediction, "label" | "energy" | "margin"> {
  let label = 0;
  for (let y = 0; y < energies.length; y++) {
    if (checkEnergy(energies[y], `the energy of label ${y}${where}`) < energies[label]) label = y;
  }
  const lowest = energies[label];
  if (lowest === Number.POSITIVE_INFINITY) {
    throw new EnergyValueError(
      `all ${energies.length} labels${where} have energy +Infinity: none can be predicted`,
    );
  }
  let margin = Number.POSITIVE_INFINITY;
  for (let y = 0; y < energies.length; y++) {
    if (y !== label) margin = Math.min(margin, energies[y] - lowest);
  }
  return { label, energy: lowest, margin };
}
