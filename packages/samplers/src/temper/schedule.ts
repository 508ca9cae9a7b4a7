import { ArgumentError, checkNumber } from "@basin/energy-core";

/**
 * Returns `steps` values of β rising geometrically from `from` to `to`, both above 0.
 *
 * @example
 * ```ts
 * import { geometricSchedule } from "@basin/samplers/temper";
 *
 * console.log(geometricSchedule(1, 100, 3)); // 1, 10, 100
 * ```
 */
export function geometricSchedule(from: number, to: number, steps: number): Float64Array {
  checkNumber("from", from, { above: 0 });
  checkNumber("to", to, { min: from });
  checkNumber("steps", steps, { min: 2, integer: true });
  return Float64Array.from({ length: steps }, (_, t) => from * (to / from) ** (t / (steps - 1)));
}

/** @throws {ArgumentError} for fewer than two values, and values that are negative or fall. */
export function checkSchedule(schedule: ArrayLike<number>): void {
  if (schedule.length < 2)
    throw new ArgumentError(`the schedule has ${schedule.length} values, expected at least 2`);
  for (let k = 0; k < schedule.length; k++) {
    checkNumber(`schedule[${k}]`, schedule[k], { min: 0 });
    if (k > 0 && schedule[k] < schedule[k - 1]) {
      throw new ArgumentError(`the schedule must not fall, but ${schedule[k]} follows ${schedule[k - 1]}`);
    }
  }
}
