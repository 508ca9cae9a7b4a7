import { seedLanes } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";

/** Returns the states of generators that the key of `rng` seeds, four words each. */
export function generatorStates(rng: Rng, generators: number): Uint32Array {
  const fours = Math.ceil(generators / 4);
  const lanes = new Uint32Array(16 * fours);
  seedLanes(lanes, 0, rng, 4 * fours);
  const words = new Uint32Array(4 * generators);
  for (let k = 0; k < words.length; k++) words[k] = lanes[16 * (k >> 4) + 4 * (k & 3) + ((k >> 2) & 3)];
  return words;
}
