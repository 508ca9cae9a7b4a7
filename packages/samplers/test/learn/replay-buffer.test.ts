import { createRng } from "@basin/energy-core/random";
import { ReplayBuffer } from "@basin/samplers/internal";
import { describe, expect, it } from "vitest";

describe("ReplayBuffer", () => {
  it("gives back what was put in and restarts the share that was asked for", () => {
    const rng = createRng(9);
    const buffer = new ReplayBuffer(new Float32Array(100), 2, (_, out) => out.fill(-1), rng, 0.1);
    const states = new Float32Array(20);
    for (let k = 0; k < 400; k++) {
      const places = buffer.draw(rng, states);
      states.fill(1);
      buffer.put(places, states);
    }
    expect([...buffer.states].every((value) => value === 1)).toBe(true);
    let fresh = 0;
    const draws = 20_000;
    for (let k = 0; k < draws / 10; k++) {
      buffer.draw(rng, states);
      for (let i = 0; i < 20; i += 2) if (states[i] === -1) fresh++;
    }
    expect(Math.abs(fresh / draws - 0.1)).toBeLessThan(4.89 * Math.sqrt(0.09 / draws));
    expect(() => buffer.put(Uint32Array.of(1), new Float32Array(3))).toThrow(/length 3, expected 2/);
  });
});
