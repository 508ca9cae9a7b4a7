import type { SolveExports } from "./exports.ts";

/** assembly/solve/ladder.ts in plain TypeScript, over the same memory and with the same bits. */
export function ladderTwin(buffer: ArrayBuffer): Omit<SolveExports, "sweeps"> {
  const words = new Int32Array(buffer);
  return {
    bring(from, to, count, complement) {
      words.copyWithin(to >> 2, from >> 2, (from >> 2) + 4 * count);
      if (complement === 0) return;
      for (let at = to >> 2, end = at + 4 * count; at < end; at++) words[at + (complement >> 2)] = ~words[at];
    },
    countSatisfied(from, end, counts, levels) {
      words.fill(0, counts >> 2, (counts >> 2) + 4 * levels);
      for (let term = from >> 2; term < end >> 2; term += 4) {
        const [a, b, turn, size] = words.subarray(term, term + 4);
        for (let w = 0; w < 4; w++) {
          const satisfied = words[(a >> 2) + w] ^ words[(b >> 2) + w] ^ turn;
          for (let level = 0; size >>> level !== 0; level++) {
            if ((size >>> level) & 1) addBit(words, (counts >> 2) + 4 * level + w, satisfied);
          }
        }
      }
    },
    exchange(a, b, count, mask) {
      for (let at = 0; at < 4 * count; at++) {
        const turn = (words[(a >> 2) + at] ^ words[(b >> 2) + at]) & words[(mask >> 2) + (at & 3)];
        words[(a >> 2) + at] ^= turn;
        words[(b >> 2) + at] ^= turn;
      }
    },
    moveClusters(count, nodes, starts, neighbors, clusters, agree, most) {
      for (let pass = 0; pass < most; pass++) {
        let fresh = 0;
        for (let step = 0; step < count; step++) {
          const i = (pass & 1) === 0 ? step : count - 1 - step;
          const [from, to] = words.subarray((starts >> 2) + i, (starts >> 2) + i + 2);
          for (let w = 0; w < 4; w++) {
            const word = words[(nodes >> 2) + 4 * i + w];
            const partner = ((word & 0x55555555) << 1) | ((word >>> 1) & 0x55555555);
            const own = (clusters >> 2) + 4 * i + w;
            let near = 0;
            for (let k = from; k < to; k++)
              near |= words[(clusters >> 2) + 4 * words[(neighbors >> 2) + k] + w];
            const joins = (word ^ partner ^ words[(agree >> 2) + w]) & ~words[own] & near;
            words[own] |= joins;
            fresh |= joins;
          }
        }
        if (fresh !== 0) continue;
        for (let at = 0; at < 4 * count; at++) words[(nodes >> 2) + at] ^= words[(clusters >> 2) + at];
        return pass + 1;
      }
      return -1;
    },
  };
}

function addBit(words: Int32Array, at: number, bit: number): void {
  let carry = bit;
  for (let to = at; carry !== 0; to += 4) {
    const before = words[to];
    words[to] = before ^ carry;
    carry &= before;
  }
}
