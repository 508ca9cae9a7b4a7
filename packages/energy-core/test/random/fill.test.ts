import { basename, join } from "node:path";
import { bulkRng, createRng } from "@basin/energy-core/random";
import { kolmogorovSmirnov, upperGamma, zThreshold } from "@basin/testing";
import { buildPackage } from "@basin/wasm-build";
import { describe, expect, it } from "vitest";

const normalCdf = (x: number) => {
  const tail = 0.5 * upperGamma(0.5, 0.5 * x * x);
  return x > 0 ? 1 - tail : tail;
};

describe("bulkRng", () => {
  it("gives the same bits in wasm and TypeScript, for any length and after a restore", () => {
    const wasm = bulkRng(createRng(5), { kernel: "wasm" });
    const twin = bulkRng(createRng(5), { kernel: "typescript" });
    expect([wasm.kernel, twin.kernel]).toEqual(["wasm", "typescript"]);
    for (const length of [0, 1, 7, 8, 9, 1003, 8192, 8193, 20_001]) {
      expect(wasm.fillNormal(new Float32Array(length), -3, 0.7)).toEqual(
        twin.fillNormal(new Float32Array(length), -3, 0.7),
      );
      expect(wasm.fillUniform(new Float32Array(length), -1, 4)).toEqual(
        twin.fillUniform(new Float32Array(length), -1, 4),
      );
    }
    const saved = wasm.save();
    expect(saved).toEqual(twin.save());
    const next = wasm.fillNormal(new Float32Array(50));
    const other = bulkRng(createRng(99));
    other.restore(saved);
    expect(other.fillNormal(new Float32Array(50))).toEqual(next);
    expect(() => other.restore([1])).toThrow(/state has 32 words, got 1/);
    expect(() => other.fillNormal(next, 0, -1)).toThrow(/standardDeviation is -1/);
    expect(() => bulkRng(createRng(1), { kernel: "gpu" as never })).toThrow(
      /unknown kernel "gpu"; known: auto/,
    );
  });

  it("is seeded by the stream it is given, and by nothing drawn from it", () => {
    const rng = createRng(8);
    const first = bulkRng(rng).fillNormal(new Float32Array(64));
    rng.normal();
    expect(bulkRng(rng).fillNormal(new Float32Array(64))).toEqual(first);
    expect(bulkRng(rng.split(1)).fillNormal(new Float32Array(64))).not.toEqual(first);
  });

  it("draws the standard normal distribution, its tail included", () => {
    const n = 1 << 20;
    const draws = bulkRng(createRng(11)).fillNormal(new Float32Array(n));
    expect(kolmogorovSmirnov(draws.subarray(0, 200_000), normalCdf).pValue).toBeGreaterThan(1e-6);
    // Means and variances of x, x², x³, x⁴ are exact; two tails are binomial.
    const z = zThreshold(6);
    for (const [k, [truth, variance]] of [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ].entries()) {
      const mean = draws.reduce((sum, x) => sum + x ** (k + 1), 0) / n;
      expect(Math.abs(mean - truth)).toBeLessThan(z * Math.sqrt(variance / n));
    }
    for (const edge of [2, 3.5]) {
      const p = 2 * (1 - normalCdf(edge));
      const share = draws.filter((x) => Math.abs(x) > edge).length / n;
      expect(Math.abs(share - p)).toBeLessThan(z * Math.sqrt(p / n));
    }
  });

  it("draws neighbors, and the two halves of a pair, independently", () => {
    const n = 1 << 18;
    const draws = bulkRng(createRng(12)).fillNormal(new Float32Array(n));
    const z = zThreshold(16);
    for (const lag of [1, 2, 3, 4, 5, 6, 7, 8]) {
      let [products, squares] = [0, 0];
      for (let i = 0; i + lag < n; i++) {
        products += draws[i] * draws[i + lag];
        squares += (draws[i] ** 2 - 1) * (draws[i + lag] ** 2 - 1);
      }
      expect(Math.abs(products)).toBeLessThan(z * Math.sqrt(n));
      expect(Math.abs(squares)).toBeLessThan(z * 2 * Math.sqrt(n));
    }
  });

  it("runs the committed module that its source compiles to", async () => {
    const outcomes = await buildPackage(join(import.meta.dirname, "../.."), true);
    const modules = outcomes.map(({ file, status }) => [basename(file), status]);
    expect(modules).toContainEqual(["fill.generated.ts", "current"]);
    expect(outcomes.filter(({ status }) => status !== "current")).toEqual([]);
  });
});
