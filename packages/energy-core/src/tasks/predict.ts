import { type Energy, isJoint, type JointEnergy, type Labeled } from "../energy.ts";
import { CapabilityError, checkEnergy, EnergyValueError } from "../errors.ts";

/** The label of lowest energy. */
export interface Prediction {
  /** argmin_y E(x, y); the lowest index among equals. */
  readonly label: number;
  /** E(x, label). */
  readonly energy: number;
  /** How much higher the next label's energy is: at least 0, +∞ when no other label is possible. */
  readonly margin: number;
  /** E(x, y) for every y. */
  readonly energies: Float64Array;
  readonly certificate: "exact";
}

/**
 * Returns the label that fits `x` best, argmin_y E(x, y), with its margin to the next best.
 *
 * @example
 * ```ts
 * import { plainEnergy, predict } from "@basin/energy-core";
 *
 * const space = { kind: "joint", input: { kind: "reals", dimension: 1 }, labels: 3 } as const;
 * const nearest = plainEnergy(space, ({ x, y }: { x: Float64Array; y: number }) => (x[0] - y) ** 2);
 * console.log(predict(nearest, Float64Array.of(1.2)).label); // 1
 * ```
 *
 * @throws {CapabilityError} when the energy is not over labels.
 * @throws {EnergyValueError} for NaN and −∞, and when every label has energy +∞.
 */
export function predict<X>(energy: JointEnergy<X> | Energy<Labeled<X>>, x: X): Prediction {
  const { space } = energy;
  if (space.kind !== "joint") {
    throw new CapabilityError(
      `predict needs an energy over inputs and labels, this one is over ${space.kind}`,
    );
  }
  const energies = new Float64Array(space.labels);
  if (isJoint(energy)) energy.energies(x, energies);
  else for (let y = 0; y < space.labels; y++) energies[y] = energy.energy({ x, y });
  let label = 0;
  for (let y = 0; y < energies.length; y++) {
    if (checkEnergy(energies[y], `the energy of label ${y}`) < energies[label]) label = y;
  }
  if (energies[label] === Number.POSITIVE_INFINITY) {
    throw new EnergyValueError(`all ${space.labels} labels have energy +Infinity: none can be predicted`);
  }
  let margin = Number.POSITIVE_INFINITY;
  for (let y = 0; y < energies.length; y++) {
    if (y !== label) margin = Math.min(margin, energies[y] - energies[label]);
  }
  return { label, energy: energies[label], margin, energies, certificate: "exact" };
}
