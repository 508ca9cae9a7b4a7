import { philox4x32, seedLanes } from "@basin/energy-core/internal";
import { bulkRng, createRng, type Rng, restoreRng } from "@basin/energy-core/random";
import type { Source } from "./battery.ts";

/** Takes one word from each generator in turn. */
function interleaved(generators: readonly Rng[]): Source {
  let at = -1;
  return () => {
    at = (at + 1) % generators.length;
    return generators[at].uint32();
  };
}

function lanes(seed: number, count: number): Rng[] {
  const words = new Uint32Array(4 * count);
  seedLanes(words, 0, createRng(seed), count);
  const word = (lane: number, w: number) => words[16 * (lane >> 2) + 4 * w + (lane & 3)];
  return Array.from({ length: count }, (_, lane) =>
    restoreRng([0, 0, ...[0, 1, 2, 3].map((w) => word(lane, w))]),
  );
}

/** Every way in which the packages draw words from one seed. */
export const streams: Readonly<Record<string, () => Source>> = {
  "one stream": () => {
    const rng = createRng(1);
    return () => rng.uint32();
  },
  "1000 split streams in turn": () => {
    const parent = createRng(2);
    return interleaved(Array.from({ length: 1000 }, (_, label) => parent.split(label)));
  },
  "the first words of split after split": () => {
    const parent = createRng(3);
    let label = 0;
    return () => parent.split(label++).uint32();
  },
  "consecutive seeds in turn": () => interleaved(Array.from({ length: 1000 }, (_, seed) => createRng(seed))),
  "16 lanes in turn": () => interleaved(lanes(4, 16)),
  "Philox blocks of counters": () => {
    let [counter, word] = [0, 4];
    let block = philox4x32([0, 0, 0, 0], [5, 0]);
    return () => {
      if (word === 4) [block, word] = [philox4x32([counter++, 0, 0, 0], [5, 0]), 0];
      return block[word++];
    };
  },
  "bulk uniform fills, three to a word": () => {
    const bulk = bulkRng(createRng(6));
    const buffer = new Float32Array(4096);
    let at = buffer.length;
    const next = () => {
      if (at === buffer.length) {
        bulk.fillUniform(buffer);
        at = 0;
      }
      return buffer[at++] * 16777216;
    };
    // The upper 11, 11 and 10 bits of three 24-bit uniforms.
    return () => (((next() >>> 13) << 21) | ((next() >>> 13) << 10) | (next() >>> 14)) >>> 0;
  },
};

/** Generators with known faults, which the battery must find. */
export const faulty: Readonly<Record<string, () => Source>> = {
  "a linear congruential generator": () => {
    let x = 1;
    return () => {
      x = (Math.imul(x, 1664525) + 1013904223) | 0;
      return x >>> 0;
    };
  },
  "xorshift128 without a scrambler": () => {
    let [a, b, c, d] = [123456789, 362436069, 521288629, 88675123];
    return () => {
      const t = a ^ (a << 11);
      [a, b, c] = [b, c, d];
      d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
      return d >>> 0;
    };
  },
  "two streams that overlap, 100 words apart": () => {
    const [x, y] = [createRng(1), createRng(1)];
    for (let i = 0; i < 100; i++) y.uint32();
    let at = 0;
    return () => (at++ % 2 === 0 ? x.uint32() : y.uint32());
  },
  "a low bit with probability 0.55": () => {
    const rng = createRng(1);
    return () => {
      const word = rng.uint32();
      return rng.bernoulli(0.1) ? (word | 1) >>> 0 : word;
    };
  },
};
