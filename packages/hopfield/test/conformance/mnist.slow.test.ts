import { createRng } from "@basin/energy-core/random";
import { modernMemory } from "@basin/hopfield";
import { describe, expect, it } from "vitest";
import { upperHalf as known, PIXELS, train } from "../digits.ts";

const TRIALS = 1000;
const rng = createRng(1);
const chosen = Array.from({ length: TRIALS }, () => rng.index(train.count));

/** Share of the trials in which the stored image nearest to the retrieved one is the one that was masked. */
function recovered(images: Float32Array, sharpness: number, flips: number): number {
  const memory = modernMemory({ data: images, shape: [train.count, PIXELS] }, { sharpness });
  const probes = new Float32Array(TRIALS * PIXELS);
  for (const [t, k] of chosen.entries()) {
    for (let i = 0; i < PIXELS; i++) {
      const value = images[k * PIXELS + i];
      probes[t * PIXELS + i] = rng.bernoulli(flips) ? -value : value;
    }
  }
  const { states } = memory.retrieve({ data: probes, shape: [TRIALS, PIXELS] }, { known });
  const { nearest } = memory.retrieve(states);
  const right = chosen.filter((k, t) => nearest[t] === k || sameImage(images, k, nearest[t])).length;
  console.log(`${right} of ${TRIALS} at flips ${flips}`);
  return right / TRIALS;
}

function sameImage(images: Float32Array, a: number, b: number): boolean {
  for (let i = 0; i < PIXELS; i++) if (images[a * PIXELS + i] !== images[b * PIXELS + i]) return false;
  return true;
}

describe("60 000 MNIST images in a modern memory", () => {
  it("come back from their upper halves on gray values", () => {
    const gray = Float32Array.from(train.images, (byte) => byte / 255);
    expect(recovered(gray, 100, 0)).toBeGreaterThanOrEqual(0.99);
  });

  it("come back from their upper halves on spins with 10 % of them flipped", () => {
    const spins = Float32Array.from(train.images, (byte) => (byte > 127 ? 1 : -1));
    expect(recovered(spins, 1, 0.1)).toBeGreaterThanOrEqual(0.93);
  });
});
