import { createModel, simulateTempering } from "@basin/ising";
import { assertMean, spinStates } from "@basin/testing";
import { describe, expect, it } from "vitest";

const glass = createModel("square", 4, { disorder: "gaussian", disorderSeed: 7, boundary: "open" });

/** ⟨E⟩ and the moments ⟨q²⟩, ⟨q⁴⟩ of two independent replicas, over all states and pairs of them. */
function enumerated(temperature: number) {
  const weights: number[] = [];
  const codes: number[] = [];
  let [z, e] = [0, 0];
  let code = 0;
  for (const x of spinStates(16)) {
    const energy = glass.energy(x);
    const w = Math.exp(-energy / temperature);
    z += w;
    e += w * energy;
    weights.push(w);
    codes.push(code++);
  }
  // p ∗ p by differences: the overlap of a and b is that of a xor b, a Walsh–Hadamard convolution.
  const spectrum = Float64Array.from(weights, (w) => w / z);
  for (let h = 1; h < spectrum.length; h *= 2) {
    for (let i = 0; i < spectrum.length; i += 2 * h) {
      for (let k = i; k < i + h; k++)
        [spectrum[k], spectrum[k + h]] = [spectrum[k] + spectrum[k + h], spectrum[k] - spectrum[k + h]];
    }
  }
  // Σ_i σ_i σ_i: ⟨q²⟩ = N⁻² Σ_ij ⟨σ_i σ_j⟩², and ⟨q⁴⟩ with four sites: characters of up to four bits.
  let [q2, q4] = [0, 0];
  for (let a = 0; a < 16; a++) {
    for (let b = 0; b < 16; b++) {
      q2 += spectrum[(1 << a) ^ (1 << b)] ** 2;
      for (let c = 0; c < 16; c++)
        for (let d = 0; d < 16; d++) q4 += spectrum[(1 << a) ^ (1 << b) ^ (1 << c) ^ (1 << d)] ** 2;
    }
  }
  q2 /= 16 ** 2;
  q4 /= 16 ** 4;
  return { energy: e / z / 16, q2, binder: 0.5 * (3 - q4 / q2 ** 2) };
}

describe("temper", () => {
  const temperatures = [0.4, 0.7, 1.2, 2];
  const options = { temperatures, sweeps: 20_000, replicas: 2, seed: 3 } as const;

  it.each(["metropolis", "heat-bath", "wolff"] as const)(
    "gives a glass its exact energy and overlap at every level, by %s",
    async (algorithm) => {
      const { levels, swapRates, roundTrips, warnings } = await simulateTempering(glass, {
        ...options,
        algorithm,
      });
      expect(levels.map(({ temperature }) => temperature)).toEqual([2, 1.2, 0.7, 0.4]);
      for (const { temperature, energyPerSite, overlap } of levels) {
        const exact = enumerated(temperature);
        assertMean(energyPerSite, exact.energy, { comparisons: 36 });
        if (overlap === undefined) throw new Error("no overlap");
        assertMean({ ...overlap.susceptibility }, 16 * exact.q2, { comparisons: 36 });
        assertMean({ ...overlap.binder }, exact.binder, { comparisons: 36 });
        expect(Math.abs(overlap.mean.mean)).toBeLessThan(6 * overlap.mean.standardError);
      }
      for (const rate of swapRates) expect(rate).toBeGreaterThan(0.3);
      expect(roundTrips).toBeGreaterThan(100);
      expect(warnings).toEqual([]);
    },
  );

  it("repeats to the bit", async () => {
    const short = { ...options, sweeps: 100, warmup: 10 };
    const [a, b] = await Promise.all([simulateTempering(glass, short), simulateTempering(glass, short)]);
    expect(b).toEqual(a);
    expect((await simulateTempering(glass, { ...short, seed: 4 })).levels[0].series).not.toEqual(
      a.levels[0].series,
    );
  });

  it("warns of rungs too far apart", async () => {
    const { warnings } = await simulateTempering(createModel("square", 32), {
      temperatures: [1.5, 4],
      sweeps: 200,
      seed: 1,
    });
    expect(warnings.join()).toContain("put a temperature between them");
  });

  it.each([
    [{ temperatures: [] }, "temperatures is empty"],
    [{ temperatures: [1, 1] }, "temperature 1 is given twice"],
    [{ temperatures: [1, 0] }, "temperatures[1] is 0"],
    [{ temperatures: [1], replicas: 3 as 2 }, "replicas is 3"],
    [{ temperatures: [1], algorithm: "magic" as "wolff" }, "known: metropolis"],
  ])("refuses %o", async (bad, message) => {
    await expect(simulateTempering(glass, bad)).rejects.toThrow(message);
  });
});
