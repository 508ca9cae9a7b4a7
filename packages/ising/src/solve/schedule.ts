import { ArgumentError, checkName, checkNumber } from "@basin/energy-core";
import { exp, log } from "@basin/energy-core/random";
import { exactSum } from "../problem/exact-sum.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";

/** How β goes from the hot to the cold end: evenly, by an even factor, or as given sweep by sweep. */
export type AnnealingSchedule = "linear" | "geometric" | ArrayLike<number>;

const SCHEDULES = ["linear", "geometric"] as const;

/**
 * Returns the default range [hot, cold] of inverse temperatures for annealing `problem`, in units of 1/energy and rounded
 * to three digits: hot = ½/f, with f the root mean square of the local field Σ_j J_ij σ_j + h_i of random spins, and
 * cold = 3/c, with c the root mean square of the J_ij and h_i that are not 0. It follows the scale of the problem, is the same for
 * its spin and its binary form, and does not depend on the names or the order of the variables.
 */
export function defaultInverseTemperatureRange(problem: SpinProblem): readonly [hot: number, cold: number] {
  const couplings = problem.couplings.values;
  const fields = problem.fields.filter((h) => h !== 0);
  const terms = couplings.length + fields.length;
  if (terms === 0) return [1, 1];
  // The largest value is taken out so that no square leaves the range of a double.
  let largest = 0;
  for (const value of couplings) largest = Math.max(largest, Math.abs(value));
  for (const value of fields) largest = Math.max(largest, Math.abs(value));
  const square = (value: number) => (value / largest) ** 2;
  const pairs = exactSum(couplings.map(square));
  const singles = exactSum(fields.map(square));
  const active = activeVariables(problem);
  const localField = Math.sqrt((2 * pairs + singles) / active) * largest;
  const term = Math.sqrt((pairs + singles) / terms) * largest;
  return [threeDigits(0.5 / localField), threeDigits(3 / term)];
}

/** Returns β of every sweep. */
export function inverseTemperatures(
  schedule: AnnealingSchedule,
  range: readonly [hot: number, cold: number],
  sweeps: number,
): Float64Array {
  if (typeof schedule !== "string") return givenSchedule(schedule, sweeps);
  checkName("schedule", schedule, SCHEDULES);
  const [hot, cold] = range;
  const betas = new Float64Array(sweeps);
  const ratio = schedule === "geometric" ? log(cold / hot) : 0;
  for (let s = 0; s < sweeps; s++) {
    const t = sweeps === 1 ? 1 : s / (sweeps - 1);
    betas[s] = schedule === "linear" ? hot + (cold - hot) * t : hot * exp(ratio * t);
  }
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

function activeVariables({ adjacency, fields }: SpinProblem): number {
  let active = 0;
  for (let i = 0; i < fields.length; i++) {
    if (adjacency.starts[i + 1] > adjacency.starts[i] || fields[i] !== 0) active++;
  }
  return active;
}

function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}
