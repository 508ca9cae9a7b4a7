import { minusLog2, Tape } from "@basin/energy-core/internal";
import type { LaneExports } from "./exports.ts";
import { LANES } from "./layout.ts";

const { fround } = Math;

/** The kernel of assembly/lanes.ts in plain TypeScript, over the same memory and with the same bits. */
export function laneTwin(buffer: ArrayBuffer): LaneExports {
  const words = new Int32Array(buffer);
  const floats = new Float32Array(buffer);
  return {
    laneFields(count, nodes, spins, starts, site) {
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < LANES; r++) {
          let sum = floats[(site >> 2) + i];
          for (let entry = words[(starts >> 2) + i]; entry < words[(starts >> 2) + i + 1]; entry += 8) {
            const spin = floats[((words[entry >> 2] - nodes + spins) >> 2) + r];
            sum = fround(sum + fround(spin * fround(floats[(entry >> 2) + 1] * 0.5)));
          }
          floats[(nodes >> 2) + LANES * i + r] = sum;
        }
      }
    },
    laneSweeps(count, nodes, spins, starts, betas, sweeps, tape) {
      const random = new Tape(words, tape);
      for (let s = 0; s < sweeps; s++) {
        const beta = floats[(betas >> 2) + s];
        for (let i = 0; i < count; i++) {
          const at = nextThresholds(random, words, floats);
          for (let r = 0; r < LANES; r++) {
            const own = (spins >> 2) + LANES * i + r;
            const field = floats[(nodes >> 2) + LANES * i + r];
            if (!(fround(fround(floats[own] * field) * beta) <= floats[at + r])) continue;
            floats[own] = -floats[own];
            for (let entry = words[(starts >> 2) + i]; entry < words[(starts >> 2) + i + 1]; entry += 8) {
              floats[(words[entry >> 2] >> 2) + r] += fround(floats[own] * floats[(entry >> 2) + 1]);
            }
          }
        }
      }
      random.save();
    },
  };
}

/** Returns the place of the next eight thresholds −log₂ u. A new tape holds them in place of its words. */
function nextThresholds(tape: Tape, words: Int32Array, floats: Float32Array): number {
  if (tape.need(2)) for (let at = tape.at; at < tape.at + 1024; at++) floats[at] = minusLog2(words[at]);
  tape.at += LANES;
  return tape.at - LANES;
}
