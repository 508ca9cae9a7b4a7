import { enumerate, labels, plainEnergy } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { describe, expect, it } from "vitest";

describe("labels", () => {
  it("are qⁿ states, each of which has n(q − 1) moves to all states that differ in one site", () => {
    const space = labels(3, 4);
    expect([space.name, space.dimension, space.count, space.moves.count]).toEqual([
      "3 sites of 4 labels",
      3,
      64,
      9,
    ]);
    const x = Uint8Array.of(3, 0, 2);
    const reached = Array.from({ length: 9 }, (_, move) => {
      const y = x.slice();
      space.moves.apply(y, move);
      expect(space.distance(x, y)).toBe(1);
      return String(y);
    });
    expect(new Set(reached).size).toBe(9);
  });

  it("go up to 256 of them", () => {
    const space = labels(1, 256);
    const drawn = new Set(Array.from({ length: 4000 }, (_, k) => space.random(createRng(k))[0]));
    expect(drawn.size).toBe(256);
    space.check(Uint8Array.of(255));
    expect(() => labels(1, 257)).toThrow("q is 257, expected an integer at least 2 and at most 256");
    expect(() => labels(1, 1)).toThrow("q is 1");
    expect(() => labels(-1, 3)).toThrow("dimension is -1");
  });

  it("name the site that holds none of them", () => {
    expect(() => labels(2, 3).check(Uint8Array.of(1, 3))).toThrow(
      "state has 3 at 1, expected an integer from 0 to 2",
    );
    expect(() => labels(3, 3).check(Uint8Array.of(1, 2))).toThrow("state has length 2, expected 3");
  });

  it("are enumerated: proper colorings of a ring of n sites number (q − 1)ⁿ + (−1)ⁿ (q − 1)", () => {
    for (const [n, q] of [
      [3, 3],
      [5, 3],
      [6, 4],
    ]) {
      const ring = plainEnergy(labels(n, q), (x) =>
        x.reduce((sum, label, i) => sum + Number(label === x[(i + 1) % n]), 0),
      );
      const { minimum, degeneracy } = enumerate(ring);
      expect([minimum, degeneracy]).toEqual([0, (q - 1) ** n + (-1) ** n * (q - 1)]);
    }
  });
});
