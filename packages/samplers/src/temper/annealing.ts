import { checkNumber, type Energy } from "@basin/energy-core";
import { checkOptions, seedOf } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { KernelState, StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import type { Initial } from "../run/initial.ts";
import { inBatches } from "../walkers/batches.ts";
import type { Walkers } from "../walkers/walkers.ts";
import { checkSchedule } from "./schedule.ts";
import { type AnyKernel, rejectingFor, walkerKernel } from "./start.ts";

/** Options of {@link simulatedAnnealing}. */
export interface SimulatedAnnealingOptions<X> extends RunOptions {
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /** β of every step, in order. {@link geometricSchedule} makes the usual one. */
  inverseTemperatures: ArrayLike<number>;
  /** Number of independent descents, rounded up to whole groups of the kernel. Default 1. */
  reads?: number;
  /** Where reads start. */
  initial?: Initial<X>;
}

/** What one read found. */
export interface Annealed<X> {
  /** The best state met. */
  readonly state: X;
  readonly energy: number;
  /** The seed of all reads. */
  readonly seed: number;
}

/**
 * Resolves to the best state of each read, best first. Walkers step along a schedule of rising β (Kirkpatrick, Gelatt &
 * Vecchi 1983). The states are not samples at any temperature.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { metropolis } from "@basin/samplers";
 * import { geometricSchedule, simulatedAnnealing } from "@basin/samplers/temper";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * const [best] = await simulatedAnnealing(pair, metropolis(), { seed: 1, inverseTemperatures: geometricSchedule(0.1, 10, 50), reads: 4 });
 * console.log(best.energy); // -1
 * ```
 */
export async function simulatedAnnealing<
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
  C extends object,
>(
  energy: Energy<X, C>,
  kernel: AnyKernel<NoInfer<X>, NoInfer<C>, S, I>,
  options: SimulatedAnnealingOptions<NoInfer<X>>,
): Promise<Annealed<X>[]> {
  checkOptions("simulatedAnnealing", options, "seed inverseTemperatures reads initial signal onProgress");
  const { inverseTemperatures, initial } = options;
  const reads = checkNumber("reads", options.reads ?? 1, { min: 1, integer: true });
  checkSchedule(inverseTemperatures);
  const seed = seedOf(options);
  const root = createRng(seed);
  const pace = pacer(options);
  const moves = walkerKernel(kernel);
  // What throws is no state to find, so that nothing is left to tell.
  const [moving] = rejectingFor(energy, kernel);
  const count = moves.group * Math.ceil(reads / moves.group);
  const total = count * inverseTemperatures.length;
  const best: X[] = [];
  await inBatches(
    moving,
    moves,
    { count, streams: (group) => root.split(group), initial },
    async (walkers, first) => {
      const states = await lowestStates(walkers, inverseTemperatures, async (done) => {
        if (pace.due)
          await pace.breathe(() => ({
            done: Math.min(total, first * inverseTemperatures.length + done * walkers.count),
            total,
          }));
      });
      best.push(...states.slice(0, count - first));
    },
  );
  // What a cursor has accumulated is not quite the energy of the state.
  const found = best.map((state) => ({ state, energy: energy.energy(state), seed }));
  return found.sort((a, b) => a.energy - b.energy);
}

/** Resolves to the lowest state that each walker meets on the way. */
async function lowestStates<X>(
  walkers: Walkers<X>,
  betas: ArrayLike<number>,
  pause: (done: number) => Promise<void>,
): Promise<X[]> {
  const energies = walkers.energies(new Float64Array(walkers.count));
  const lowest = energies.slice();
  const best = Array.from(energies, (_, w) => walkers.read(w));
  for (let t = 0; t < betas.length; t++) {
    walkers.step(1, betas[t]);
    walkers.energies(energies);
    for (let w = 0; w < energies.length; w++) {
      if (!(energies[w] < lowest[w])) continue;
      lowest[w] = energies[w];
      walkers.read(w, best[w]);
    }
    await pause(t + 1);
  }
  return best;
}
