import { ArgumentError, checkName, checkNumber } from "@basin/energy-core";
import { exp, log } from "@basin/energy-core/random";
import { ExactSum, exactSum } from "../problem/exact-sum.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";

/**
 * How β goes from the hot to the cold end: evenly, by an even factor, at constant thermodynamic speed (measured in a pilot run), or as
 * given sweep by sweep.
 */
export type AnnealingSchedule = ScheduleName | ArrayLike<number>;

/** The schedules that go by a name. */
export type ScheduleName = "linear" | "geometric" | "adaptive";

/** Every value of {@link ScheduleName}. */
export const scheduleNames: readonly ScheduleName[] = ["linear", "geometric", "adaptive"];

/**
 * Returns the default range [hot, cold] of inverse temperatures for annealing `problem`, in units of 1/energy and rounded
 * to three digits: hot = 1.3/F and cold = 8/f, with f_i = (Σ_j J_ij² + h_i²)^½ the size of the local field of spin i among
 * random spins, F its root mean square and f its median, over the spins that have one.
 *
 * It follows the scale of the problem, is the same for its spin and its binary form, and does not depend on the names or
 * the order of the variables. The two numbers were chosen by measurement on the G-set. A problem without couplings and fields
 * has [1, 1].
 *
 * @example
 * ```ts
 * import { defaultInverseTemperatureRange, spinProblem } from "@basin/ising";
 *
 * const pair = spinProblem({ variables: 2, couplings: [[0, 1, 1]] });
 * console.log(defaultInverseTemperatureRange(pair)); // [1.3, 8]
 * ```
 */
export function defaultInverseTemperatureRange(problem: SpinProblem): readonly [hot: number, cold: number] {
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

/** f_i² in units of `scale`², which keeps squares within the range of a double; summed so that no order of terms shows. */
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

/** Returns β of every sweep, for the schedules that need no pilot run. */
export function inverseTemperatures(
  schedule: Exclude<AnnealingSchedule, "adaptive">,
  range: readonly [hot: number, cold: number],
  sweeps: number,
): Float64Array {
  if (typeof schedule !== "string") return givenSchedule(schedule, sweeps);
  checkName<ScheduleName>("schedule", schedule, scheduleNames);
  const [hot, cold] = range;
  const betas = new Float64Array(sweeps);
  const ratio = schedule === "geometric" ? log(cold / hot) : 0;
  for (let s = 0; s < sweeps; s++) {
    const t = sweeps === 1 ? 1 : s / (sweeps - 1);
    betas[s] = schedule === "linear" ? hot + (cold - hot) * t : hot * exp(ratio * t);
  }
  betas[sweeps - 1] = cold;
  return betas;
}

/** Returns the range given or the default one, checked. */
export function resolveRange(
  problem: SpinProblem,
  range: readonly [number, number] | undefined,
): readonly [number, number] {
  if (range === undefined) return defaultInverseTemperatureRange(problem);
  if (range.length !== 2) {
    throw new ArgumentError(`inverseTemperatureRange has ${range.length} entries, expected [hot, cold]`);
  }
  checkNumber("inverseTemperatureRange[0]", range[0], { above: 0 });
  checkNumber("inverseTemperatureRange[1]", range[1], { min: range[0] });
  return range;
}

function givenSchedule(schedule: ArrayLike<number>, sweeps: number): Float64Array {
  if (schedule.length !== sweeps) {
    throw new ArgumentError(
      `schedule has ${schedule.length} inverse temperatures, expected one for each of ${sweeps} sweeps`,
    );
  }
  for (let s = 0; s < sweeps; s++) checkNumber(`schedule[${s}]`, schedule[s], { min: 0 });
  return Float64Array.from(schedule);
}

export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
