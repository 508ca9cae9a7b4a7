import { now } from "@basin/energy-core/run";
import type { Walkers } from "../walkers/walkers.ts";

/** Milliseconds that a piece of work may take between two pauses. */
const PIECE_MS = 20;

/**
 * Moves walkers along a schedule, with one step at each β, and resolves at its end. It awaits `pause` about every 20
 * ms, which does not change the walkers.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { createRng } from "@basin/energy-core/random";
 * import { lift, metropolis } from "@basin/samplers";
 * import { followSchedule, geometricSchedule } from "@basin/samplers/temper";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * const walkers = await lift(metropolis()).walkers(pair, { groups: 2, streams: (group) => createRng(1).split(group) });
 * await followSchedule(walkers, geometricSchedule(0.1, 10, 50));
 * console.log(walkers.energies(new Float64Array(2))); // -1, -1
 * ```
 */
export async function followSchedule<X>(
  walkers: Walkers<X>,
  inverseTemperatures: Float64Array,
  pause: () => Promise<void> | void = () => {},
): Promise<void> {
  const follow =
    walkers.can.follow ??
    ((betas: Float64Array, from: number, to: number) => {
      for (let s = from; s < to; s++) walkers.step(1, betas[s]);
    });
  for (let s = 0, piece = 1; s < inverseTemperatures.length; ) {
    const end = Math.min(inverseTemperatures.length, s + piece);
    const begun = now();
    follow(inverseTemperatures, s, end);
    const took = now() - begun;
    if (took < PIECE_MS / 2) piece *= 2;
    else if (took > 2 * PIECE_MS) piece = Math.max(1, piece >> 1);
    s = end;
    await pause();
  }
}
