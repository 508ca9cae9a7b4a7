import { checkOptions } from "./check-options.ts";
import { ArgumentError, checkEnergy, checkName, checkNumber } from "./errors.ts";
import { freeEnergy, softmin } from "./gibbs.ts";
import { toVector, type VectorLike } from "./matrix.ts";

/**
 * The loss functionals of the table in LeCun, Chopra, Hadsell, Ranzato & Huang, "A Tutorial on Energy-Based Learning"
 * (2006), table 1.
 */
export type LossName =
  | "energy"
  | "perceptron"
  | "hinge"
  | "log"
  | "lvq2"
  | "mce"
  | "square-square"
  | "square-exponential"
  | "nll"
  | "mee";

/** The parameters of a loss. */
export interface LossOptions {
  /** m, above 0: the gap that margin losses ask for. Default 1. */
  margin?: number;
  /** β, above 0, of `"nll"` and `"mee"`. Default 1. */
  inverseTemperature?: number;
  /** γ, above 0: the scale of `"square-exponential"`'s push. Default 1. */
  push?: number;
}

/** The loss of one sample and its derivatives by the energies. */
export interface LossValue {
  readonly loss: number;
  /** ∂loss/∂E(y) for every answer y. In training, a positive value lowers that energy, a negative one raises it. */
  readonly gradient: Float64Array;
}

/** Every {@link LossName}. */
export const lossNames: readonly LossName[] = [
  "energy",
  "perceptron",
  "hinge",
  "log",
  "lvq2",
  "mce",
  "square-square",
  "square-exponential",
  "nll",
  "mee",
];

/**
 * Returns a loss of the energies of all answers to one input, with its exact derivatives. With e = E(correct) and
 * w = min over the other answers (the most offending incorrect answer):
 * energy e; perceptron e − min_y E(y); hinge max(0, m + e − w); log ln(1 + exp(e − w)); lvq2 min(m, max(0, e − w));
 * mce 1/(1 + exp(w − e)); square-square e² + max(0, m − w)²; square-exponential e² + γ exp(−w);
 * nll e + (1/β) ln Σ_y exp(−βE(y)); mee 1 − exp(−βe)/Σ_y exp(−βE(y)).
 *
 * At a kink the derivative is the one of the flat side; among equal offenders the lowest index is pushed.
 *
 * @param energies E(y) of every answer, finite.
 * @param correct index of the correct answer.
 *
 * @example
 * ```ts
 * import { loss } from "@basin/energy-core";
 *
 * console.log(loss("hinge", [0.2, 0.5, 3], 0)); // 0.7, [1, −1, 0]
 * ```
 *
 * @throws {ArgumentError} for an unknown loss (listing the known), fewer than two answers or options out of range.
 * @throws {EnergyValueError} for energies that are NaN or −∞.
 */
export function loss(
  name: LossName,
  given: VectorLike,
  correct: number,
  options: LossOptions = {},
): LossValue {
  checkOptions("loss", options, "margin inverseTemperature push");
  checkName("loss", name, lossNames);
  const energies = toVector(given, "energies");
  if (energies.length < 2)
    throw new ArgumentError(`${energies.length} energies were given, expected at least two`);
  checkNumber("correct", correct, { min: 0, max: energies.length - 1, integer: true });
  for (let y = 0; y < energies.length; y++) {
    if (checkEnergy(energies[y], `energy ${y}`) === Number.POSITIVE_INFINITY) {
      throw new ArgumentError(`energy ${y} is Infinity; a loss needs finite energies`);
    }
  }
  if (name === "nll" || name === "mee") return probabilistic(name, energies, correct, options);
  let offender = correct === 0 ? 1 : 0;
  for (let y = 0; y < energies.length; y++) {
    if (y !== correct && energies[y] < energies[offender]) offender = y;
  }
  const margin = checkNumber("margin", options.margin ?? 1, { above: 0 });
  const push = checkNumber("push", options.push ?? 1, { above: 0 });
  const [value, good, bad] = pairwise(name, energies[correct], energies[offender], margin, push);
  const gradient = new Float64Array(energies.length);
  gradient[correct] = good;
  gradient[offender] = bad;
  return { loss: value, gradient };
}

/** Value, derivative by e, derivative by w. */
function pairwise(
  name: Exclude<LossName, "nll" | "mee">,
  e: number,
  w: number,
  m: number,
  push: number,
): [number, number, number] {
  const gap = e - w;
  switch (name) {
    case "energy":
      return [e, 1, 0];
    case "perceptron":
      return gap > 0 ? [gap, 1, -1] : [0, 0, 0];
    case "hinge":
      return m + gap > 0 ? [m + gap, 1, -1] : [0, 0, 0];
    case "log": {
      const slope = sigmoid(gap);
      return [Math.max(0, gap) + Math.log1p(Math.exp(-Math.abs(gap))), slope, -slope];
    }
    case "lvq2":
      return gap <= 0 ? [0, 0, 0] : gap >= m ? [m, 0, 0] : [gap, 1, -1];
    case "mce": {
      const value = sigmoid(gap);
      const slope = value * (1 - value);
      return [value, slope, -slope];
    }
    case "square-square": {
      const short = Math.max(0, m - w);
      return [e * e + short * short, 2 * e, -2 * short];
    }
    case "square-exponential": {
      const pushed = push * Math.exp(-w);
      return [e * e + pushed, 2 * e, -pushed];
    }
  }
}

function probabilistic(
  name: "nll" | "mee",
  energies: ArrayLike<number>,
  correct: number,
  options: LossOptions,
): LossValue {
  const beta = checkNumber("inverseTemperature", options.inverseTemperature ?? 1, { above: 0 });
  const p = softmin(energies, { inverseTemperature: beta });
  if (name === "nll") {
    // The two phases of the gradient: pull the correct answer down, push every answer up by its probability.
    const gradient = p.map((share, y) => (y === correct ? 1 : 0) - share);
    return { loss: energies[correct] - freeEnergy(energies, { inverseTemperature: beta }), gradient };
  }
  const good = p[correct];
  return { loss: 1 - good, gradient: p.map((share, y) => beta * good * ((y === correct ? 1 : 0) - share)) };
}

function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
