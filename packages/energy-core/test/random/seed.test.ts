import { describe, expect, it, vi } from "vitest";
import { seedOf } from "../../src/random/seed.ts";

describe("seedOf", () => {
  it("returns the seed that was given", () => {
    expect(seedOf({ seed: 0 })).toBe(0);
    expect(seedOf({ seed: 2 ** 53 - 1, checkpoint: {} })).toBe(2 ** 53 - 1);
  });

  it("draws 32 bits of the system's entropy without one", () => {
    const drawn = vi.spyOn(crypto, "getRandomValues").mockImplementation((words) => {
      (words as Uint32Array).set([4_000_000_007]);
      return words;
    });
    expect(seedOf({})).toBe(4_000_000_007);
    drawn.mockRestore();
  });

  it.each([-1, 0.5, 2 ** 53, "3", null])("refuses %s", (seed) => {
    expect(() => seedOf({ seed: seed as number })).toThrow(/^seed is .*, expected an integer at least 0/);
  });

  it("refuses to draw for a run with a checkpoint", () => {
    expect(() => seedOf({ checkpoint: {} })).toThrow("checkpoint was given without seed, expected both");
  });
});
