import { type BulkRng, bulkRng, createRng, laneSeeds } from "@basin/energy-core/random";

const LANES = 8;

/** Returns a function that gives one generator, seeded afresh by a key of at most 53 bits: nothing is carried from one key to the next. */
export function keyedNoise(): (key: number) => BulkRng {
  const generator = bulkRng(createRng(0));
  const state = new Uint32Array(4 * LANES);
  return (key) => {
    const seeds = laneSeeds(createRng(key), LANES);
    for (let lane = 0; lane < LANES; lane++)
      for (let word = 0; word < 4; word++)
        state[16 * (lane >> 2) + 4 * word + (lane & 3)] = seeds[4 * lane + word];
    generator.restore(state);
    return generator;
  };
}
