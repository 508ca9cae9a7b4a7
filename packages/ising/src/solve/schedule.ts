import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkName } from "@basin/energy-core/internal";
import { geometricSchedule, linearSchedule } from "@basin/samplers/temper";
import { ExactSum, exactSum } from "../problem/exact-sum.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";

/**
 * How β goes from the hot to the cold end: "linear" in equal steps, "geometric" by a constant factor, "adaptive" at
 * constant thermodynamic speed, measured in a pilot run.
 */
export type ScheduleName = "linear" | "geometric" | "adaptive";

/** Every value of {@link ScheduleName}. */
export const scheduleNames: readonly ScheduleName[] = ["linear", "geometric", "adaptive"];

/**
 * Returns the default range [hot, cold] of inverse temperatures for annealing `problem`, in units of 1/energy and
 * rounded to three digits: hot = 1.3/F and cold = 8/f. Among random spins, the local field of spin i has size f_i =
 * (Σ_j J_ij² + h_i²)^½. F is the root mean square of the f_i and f their median, over the spins with f_i > 0.
 *
 * The range scales with the problem, is the same for its spin and its binary form, and does not depend on the names or
 * the order of the variables. Its two constants were chosen by measurement on the G-set. A problem without couplings
 * and fields gets [1, 1].
 */
export function defaultInverseTemperatures(problem: SpinProblem): readonly [hot: number, cold: number] {
  const largest = largestWeight(problem);
  if (largest === 0) return [1, 1];
  const squares = fieldSquares(problem, largest)
    .filter((square) => square > 0)
    .sort();
  const meanSquare = exactSum(squares) / squares.length;
  const hot = 1.3 / (Math.sqrt(meanSquare) * largest);
  const cold = 8 / (Math.sqrt(squares[(squares.length - 1) >> 1]) * largest);
  return [threeDigits(Math.min(hot, cold)), threeDigits(cold)];
}

function largestWeight({ couplings, fields }: SpinProblem): number {
  let largest = 0;
  for (const value of couplings.values) largest = Math.max(largest, Math.abs(value));
  for (const value of fields) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/**
 * Returns f_i² in units of `scale`², which keeps squares within the range of a double. The order of terms does not
 * change the sum.
 */
function fieldSquares({ adjacency, fields, variables }: SpinProblem, scale: number): Float64Array {
  const { starts, values } = adjacency;
  const squares = new Float64Array(variables);
  for (let i = 0; i < variables; i++) {
    const sum = new ExactSum();
    sum.add((fields[i] / scale) ** 2);
    for (let k = starts[i]; k < starts[i + 1]; k++) sum.add((values[k] / scale) ** 2);
    squares[i] = sum.value();
  }
  return squares;
}

/**
 * Returns the β of every sweep if that needs no pilot run. @throws {ArgumentError} for a list of the wrong length, and
 * for a list together with a schedule.
 */
export function inverseTemperaturesOf(
  { schedule, inverseTemperatures: given }: HowToAnneal,
  range: readonly [hot: number, cold: number],
  sweeps: number,
): Float64Array {
  if (schedule !== undefined) checkName<ScheduleName>("schedule", schedule, scheduleNames);
  if (given === undefined || given.length === 2)
    return (schedule === "linear" ? linearSchedule : geometricSchedule)(...range, sweeps);
  if (schedule !== undefined)
    throw new ArgumentError(
      `inverseTemperatures has ${given.length} entries, expected [hot, cold] beside a schedule`,
    );
  if (given.length !== sweeps) {
    throw new ArgumentError(
      `inverseTemperatures has ${given.length} entries, expected [hot, cold] or one for each of ${sweeps} sweeps`,
    );
  }
  for (let s = 0; s < sweeps; s++) checkNumber(`inverseTemperatures[${s}]`, given[s], { min: 0 });
  return Float64Array.from(given);
}

/** The inverse temperatures of an annealing run. */
interface HowToAnneal {
  readonly schedule?: ScheduleName;
  readonly inverseTemperatures?: ArrayLike<number>;
}

/** Returns both ends of the given inverse temperatures, checking a pair, or the default ends. */
export function resolveRange(
  problem: SpinProblem,
  given: ArrayLike<number> | undefined,
): readonly [hot: number, cold: number] {
  if (given === undefined) return defaultInverseTemperatures(problem);
  if (given.length === 2) {
    checkNumber("inverseTemperatures[0]", given[0], { above: 0 });
    checkNumber("inverseTemperatures[1]", given[1], { min: given[0] });
  }
  return [given[0], given[given.length - 1]];
}

export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
