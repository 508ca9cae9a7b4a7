import {
  expBelow,
  layOut,
  log32,
  minusLog2,
  nextWord,
  seedLanes,
  seedTape,
  TAPE_BYTES,
  Tape,
} from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, it } from "vitest";

describe("nextWord", () => {
  it("gives the words of the reference implementation of xoshiro128++", () => {
    const words = Int32Array.of(1, 2, 3, 4);
    expect(Array.from({ length: 6 }, () => nextWord(words, 0, 1))).toEqual([
      641, 1573767, 3222811527, 3517856514, 836907274, 4247214768,
    ]);
  });

  it("runs a generator in a lane of a group as it runs one alone", () => {
    const group = new Int32Array(40);
    seedLanes(group, 8, createRng(3), 8);
    for (let lane = 0; lane < 8; lane++) {
      const at = 8 + 16 * (lane >> 2) + (lane & 3);
      const alone = Int32Array.from({ length: 4 }, (_, w) => group[at + 4 * w]);
      for (let k = 0; k < 5; k++) expect(nextWord(group, at, 4)).toBe(nextWord(alone, 0, 1));
    }
  });
});

describe("Tape", () => {
  const block = 64;
  const seeded = (at: number) => {
    const words = new Int32Array((at + TAPE_BYTES) >> 2);
    seedTape(words, createRng(7), at);
    return words;
  };

  it("hands out the words of its sixteen generators in turn, wherever its block lies", () => {
    const [words, far] = [seeded(0), seeded(block)];
    const generators = words.slice(0, 64);
    const [tape, other] = [new Tape(words), new Tape(far, block)];
    for (let k = 0; k < 3000; k++) {
      const lane = k % 16;
      const expected = nextWord(generators, 16 * (lane >> 2) + (lane & 3), 4);
      expect(words[tape.next()] >>> 0).toBe(expected);
      expect(far[other.next()] >>> 0).toBe(expected);
    }
  });

  it("goes on where it was saved, and refills when asked for more than is left", () => {
    const words = seeded(block);
    const tape = new Tape(words, block);
    expect(tape.need(2)).toBe(true);
    expect(tape.need(256)).toBe(false);
    tape.at += 4 * 255;
    expect(tape.need(1)).toBe(false);
    tape.save();
    const again = new Tape(words, block);
    expect(again.at).toBe(tape.at);
    expect(again.need(2)).toBe(true);
  });
});

describe("float lanes", () => {
  const largest = (of: (x: number) => number, xs: readonly number[]) => Math.max(...xs.map(of));
  const steps = (count: number, of: (k: number) => number) =>
    Array.from({ length: count }, (_, k) => Math.fround(of(k / count)));

  it("expBelow is e^x to 2.5e-7 of it, and 0 below −87", () => {
    const error = (x: number) => Math.abs(expBelow(x) / Math.exp(x) - 1);
    expect(
      largest(
        error,
        steps(20_000, (u) => -87 * u),
      ),
    ).toBeLessThan(2.5e-7);
    expect([expBelow(0), expBelow(-87.01), expBelow(-Infinity), expBelow(Number.NaN)]).toEqual([1, 0, 0, 0]);
  });

  it("log32 is ln x to 2e-7 of it or of 1, from the smallest normal float on", () => {
    const error = (x: number) => Math.abs(log32(x) - Math.log(x)) / Math.max(1, -Math.log(x));
    expect(
      largest(
        error,
        steps(20_000, (u) => 2 ** (-126 * u)),
      ),
    ).toBeLessThan(2e-7);
    expect(log32(1)).toBe(0);
  });

  it("minusLog2 is −log₂ u to 3e-6 for every word", () => {
    const error = (word: number) => Math.abs(minusLog2(word) + Math.log2(((word >>> 1) | 1) / 2 ** 31));
    const words = [
      0,
      1,
      2,
      3,
      2 ** 31,
      2 ** 32 - 1,
      ...Array.from({ length: 20_000 }, (_, k) => k * 214_739),
    ];
    expect(largest(error, words)).toBeLessThan(3e-6);
  });
});

describe("layOut", () => {
  it("puts named regions one after the other, each at a multiple of 16 bytes", () => {
    expect(layOut({ tape: 20, spins: 16, none: 0, rest: 1 })).toEqual({
      tape: 0,
      spins: 32,
      none: 48,
      rest: 48,
      bytes: 64,
    });
  });

  it("begins where it is told, with another alignment where one is given", () => {
    expect(layOut({ a: 1, b: 1 }, { start: 100, align: 64 })).toEqual({ a: 128, b: 192, bytes: 256 });
  });
});
