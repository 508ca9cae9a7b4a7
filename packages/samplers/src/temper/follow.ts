import { now } from "@basin/energy-core/internal";
import type { Walkers } from "../walkers/walkers.ts";

/** Milliseconds that a piece of work may take between two pauses. */
const PIECE_MS = 20;

/**
 * Moves walkers along a schedule, with one step at each β, and resolves at its end. It awaits `pause` about every 20
 * ms, which does not change the walkers.
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
