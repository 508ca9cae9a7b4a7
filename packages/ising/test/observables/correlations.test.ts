import { correlationObserver, createLattice, createModel } from "@basin/ising";
import { describe, expect, it } from "vitest";

describe("correlationObserver", () => {
  it("gives the ring its closed form (t^r + t^(L−r)) / (1 + t^L) and its correlation length", async () => {
    const L = 32;
    const model = createModel("chain", L);
    const live = await createLattice(model, { algorithm: "swendsen-wang", seed: 4 });
    const observer = correlationObserver(model);
    live.sweep(100, { temperature: 1 });
    for (let draw = 0; draw < 20_000; draw++) {
      live.sweep(1, { temperature: 1 });
      observer.observe(live.spins());
    }
    const { correlation, standardError, correlationLength } = observer.result();
    const t = Math.tanh(1);
    for (let r = 1; r <= 16; r++) {
      const exact = (t ** r + t ** (L - r)) / (1 + t ** L);
      expect(Math.abs(correlation[r] - exact) / standardError[r]).toBeLessThan(5.41);
    }
    expect(correlation[0]).toBe(1);
    // S(0)/S(k) of the infinite chain's Lorentzian: 1 + 4 t sin²(k/2) / (1 − t)², up to t^L.
    const exact = Math.sqrt(t) / (1 - t);
    expect(Math.abs(correlationLength.mean - exact)).toBeLessThan(
      0.03 + 4.89 * correlationLength.standardError,
    );
  });

  it("sees every axis and every border", () => {
    const cubic = correlationObserver(createModel("cubic", [2, 4, 4]), { maxDistance: 1 });
    const stripes = Int8Array.from({ length: 32 }, (_, i) => (i & 1 ? 1 : -1));
    const open = correlationObserver(createModel("square", [3, 4], { boundary: "open" }), { maxDistance: 2 });
    for (let k = 0; k < 32; k++) {
      cubic.observe(stripes);
      open.observe(Int8Array.from({ length: 12 }, (_, i) => (i < 4 ? -1 : 1)));
    }
    expect(cubic.result().correlation[1]).toBeCloseTo((1 + 1 - 1) / 3, 12);
    // Columns: of 8 pairs one apart 4 differ, of 4 pairs two apart all; rows never.
    expect(open.result().correlation[1]).toBeCloseTo((0 + 1) / 2, 12);
    expect(open.result().correlation[2]).toBeCloseTo((-1 + 1) / 2, 12);
    expect(open.result().correlationLength.mean).toBeNaN();
  });

  it("refuses what does not fit", () => {
    const observer = correlationObserver(createModel("square", 4));
    expect(() => observer.observe(new Int8Array(15).fill(1))).toThrow("length 15, expected 16");
    expect(() => observer.result()).toThrow("correlations of 0 states");
    expect(() => correlationObserver(createModel("square", 4), { maxDistance: 4 })).toThrow(
      "maxDistance is 4",
    );
  });
});
