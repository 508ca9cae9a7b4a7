import { seedLanes } from "@basin/energy-core/internal";
import { type BulkRng, bulkRng, createRng } from "@basin/energy-core/random";

const LANES = 8;

/**
 * Returns a function that gives one generator, seeded afresh by a key of at most 53 bits: nothing is carried from one
 * key to the next.
 */
export function keyedNoise(): (key: number) => BulkRng {
  const generator = bulkRng(createRng(0));
  const state = new Uint32Array(4 * LANES);
  return (key) => {
    seedLanes(state, 0, createRng(key), LANES);
    generator.restore(state);
    return generator;
  };
}
