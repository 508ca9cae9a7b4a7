import { checkNumber, type Energy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import type { Kernel, KernelState } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { type Initial, initialState } from "../run/initial.ts";
import { checkSchedule } from "./schedule.ts";

/** Options of {@link simulatedAnnealing}. */
export interface SimulatedAnnealingOptions<X extends StateArray> {
  seed: number;
  /** β of every step, in order. {@link geometricSchedule} makes the usual one. */
  schedule: ArrayLike<number>;
  /** Independent descents. Default 1. */
  reads?: number;
  /** Where reads start. */
  initial?: Initial<X>;
}

/** What one read found. */
export interface Annealed<X> {
  /** The best state met. */
  readonly state: X;
  readonly energy: number;
}

/**
 * Returns the best state met by each read, best first: a kernel is stepped along a schedule of rising β (Kirkpatrick, Gelatt & Vecchi
 * 1983). The states are not samples of any temperature.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { metropolis } from "@basin/samplers";
 * import { geometricSchedule, simulatedAnnealing } from "@basin/samplers/temper";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * const [best] = simulatedAnnealing(pair, metropolis(), { seed: 1, schedule: geometricSchedule(0.1, 10, 50), reads: 4 });
 * console.log(best.energy); // -1
 * ```
 */
export function simulatedAnnealing<X extends StateArray, S extends KernelState<X>, C extends object>(
  energy: Energy<X, C>,
  kernel: Kernel<NoInfer<Energy<X, C>>, NoInfer<X>, S>,
  options: SimulatedAnnealingOptions<NoInfer<X>>,
): Annealed<X>[] {
  const { schedule } = options;
  const reads = checkNumber("reads", options.reads ?? 1, { min: 1, integer: true });
  checkSchedule(schedule);
  const root = createRng(options.seed);
  const found = Array.from({ length: reads }, (_, read) => {
    const rng = root.split(read);
    const bound = kernel.bind(energy);
    const state = initialState(energy as Energy<X>, bound, options.initial, rng, read);
    let best = { state: state.position.slice() as X, energy: state.energy };
    for (let t = 0; t < schedule.length; t++) {
      bound.step(rng, state, schedule[t]);
      if (state.energy < best.energy) best = { state: state.position.slice() as X, energy: state.energy };
    }
    // What the cursor has accumulated is not quite the energy of the state.
    return { state: best.state, energy: energy.energy(best.state) };
  });
  return found.sort((a, b) => a.energy - b.energy);
}
