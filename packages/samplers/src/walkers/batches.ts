import { checkOptions } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { givenState } from "../run/initial.ts";
import type { WalkerKernel, WalkerOptions, Walkers } from "./walkers.ts";

/** Walkers of groups of one that are moved at a time: so few that their states stay in the processor's cache. */
export const BATCH = 32;

/**
 * Visits independent walkers in batches, rounded up to whole groups: one group of many walkers, or several of one.
 * `first` is the number of the first walker in a batch; the last batch may have more walkers than requested. A visit
 * that resumes from a checkpoint begins at the batch of `from`.
 */
export async function inBatches<E, X, W extends Walkers<X>>(
  energy: E,
  kernel: WalkerKernel<E, X, W>,
  options: Omit<WalkerOptions<X>, "groups"> & { count: number; from?: number },
  visit: (walkers: W, first: number) => Promise<void>,
): Promise<W> {
  checkOptions("inBatches", options, "streams initial count from");
  const { count, streams, initial, from = 0 } = options;
  let first = from;
  const own = (group: number) => streams(first / kernel.group + group);
  const start = initial && ((rng: Rng, walker: number) => givenState(initial, rng, first + walker));
  const groups = kernel.group === 1 ? Math.min(count, BATCH) : 1;
  const walkers = await kernel.walkers(energy, { groups, streams: own, initial: start });
  while (first < count) {
    await visit(walkers, first);
    first += walkers.count;
    if (first < count) walkers.start(own, start);
  }
  walkers.dispose();
  return walkers;
}
