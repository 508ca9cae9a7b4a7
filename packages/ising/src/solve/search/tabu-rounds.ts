import { TabuWalk } from "../tabu.ts";
import type { Search } from "./search.ts";

/**
 * Runs `reads` tabu searches from random spins with `sweeps` flips a spin. With a time limit it runs as many as fit.
 * Each of these starts from the best state with some spins drawn anew, or every fourth time from random spins.
 */
export async function tabuRounds(search: Search): Promise<void> {
  const { problem, limits, rng } = search;
  const { variables } = problem;
  const timed = limits.timeLimit !== undefined;
  const reads = limits.reads ?? (timed ? Number.POSITIVE_INFINITY : 32);
  const sweeps = limits.sweeps ?? 20;
  const tenure = Math.min(20, variables >> 2);
  const flipsAtATime = Math.max(1, Math.floor(3e7 / Math.max(1, variables)));
  for (let read = 0; read < reads && !search.over; read++) {
    const stream = rng.split(read);
    const from = timed && read % 4 !== 0 ? search.best?.state : undefined;
    const share = from === undefined ? 1 : 0.02 + 0.3 * stream.uniform();
    const start = Int8Array.from({ length: variables }, (_, i) => {
      if (from !== undefined && !stream.bernoulli(share)) return from[i];
      return stream.bernoulli(0.5) ? 1 : -1;
    });
    const walk = new TabuWalk(problem, start, tenure, stream);
    for (let left = sweeps * variables; left > 0 && !search.over; left -= flipsAtATime) {
      walk.run(Math.min(left, flipsAtATime));
      search.offer(walk.best);
      await search.breathe();
    }
    search.ends.add(walk.best, problem.energy(walk.best));
    search.count(1, sweeps);
    // A problem without spins makes no flips to breathe between.
    await search.breathe();
  }
}
