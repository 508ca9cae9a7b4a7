import { createRng } from "@basin/energy-core/random";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { type ModernMemory, modernMemory } from "@basin/hopfield";
import { gpuModern } from "@basin/hopfield/webgpu";
import { limitedTo, softwareGpu } from "@basin/testing/gpu";
import { describe, expect, it } from "vitest";

const open = await softwareGpu();
const device = (await open?.()) as unknown as GpuDevice;

function gaussians(rows: number, columns: number, seed: number): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => Math.fround(rng.normal())));
}

const patterns = gaussians(150, 20, 1);
const queries = patterns.slice(0, 30).map((row, k) => row.map((x, i) => x + 0.3 * Math.sin(k + 2 * i)));
const known = patterns[0].map((_, i) => i % 3 !== 0);

/** The means of one step by the definitions, in double precision. */
function means(
  { sharpness, similarity, separation }: ModernMemory,
  values: number[][],
  x: number[],
  on?: boolean[],
) {
  const distances = patterns.map((p) =>
    p.reduce((sum, v, i) => sum + (on?.[i] === false ? 0 : (v - x[i]) ** 2), 0),
  );
  const dots = patterns.map((p) => p.reduce((sum, v, i) => sum + (on?.[i] === false ? 0 : v * x[i]), 0));
  const scores = similarity === "dot" ? dots : distances.map((d) => -0.5 * d);
  const most = Math.max(...scores);
  const weights = scores.map((score) =>
    separation === "log-sum-exp"
      ? Math.exp(sharpness * (score - most))
      : Number(0.5 * sharpness * -2 * score < 1),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  return values[0].map((_, c) =>
    total === 0 ? 0 : weights.reduce((sum, w, p) => sum + w * values[p][c], 0) / total,
  );
}

function largestGap(found: Float32Array, expected: number[][]): number {
  return expected.flat().reduce((most, value, k) => Math.max(most, Math.abs(value - found[k])), 0);
}

const largest = (rows: number[][]) => Math.max(...rows.flat().map(Math.abs));

describe.skipIf(open === undefined)("modern memories on a software GPU", () => {
  it("attend within 1e-4 of the definitions, in both similarities and separations", async () => {
    const values = gaussians(150, 7, 3);
    for (const options of [
      { sharpness: 0.5, similarity: "dot", values },
      { sharpness: 2, values },
      { sharpness: 0.08, separation: "log-sum-relu", values },
    ] as const) {
      const memory = modernMemory(patterns, options);
      const onGpu = await gpuModern(memory, { device });
      for (const on of [undefined, known]) {
        const retrieved = await onGpu.retrieve(queries, { known: on });
        const expected = queries.map((x) => means(memory, patterns, x, on));
        expect(largestGap(retrieved.states.data, expected)).toBeLessThan(1e-4 * largest(patterns));
        expect([...retrieved.nearest]).toEqual([...memory.retrieve(queries, { known: on }).nearest]);
        const associated = await onGpu.associate(queries, { known: on });
        const answers = queries.map((x) => means(memory, values, x, on));
        expect(largestGap(associated.states.data, answers)).toBeLessThan(1e-4 * largest(values));
      }
      onGpu.dispose();
    }
  });

  it("recall what the CPU recalls, with energies in double precision, in as many steps", async () => {
    for (const options of [{ sharpness: 3 }, { sharpness: 0.12, separation: "log-sum-relu" }] as const) {
      const memory = modernMemory(patterns, options);
      const onGpu = await gpuModern(memory, { device });
      for (const settings of [{}, { known }, { maxSteps: 1 }]) {
        const found = await onGpu.recallAll(queries, settings);
        for (const [k, { state, energy, nearest, ...rest }] of found.entries()) {
          const own = memory.recall(queries[k], settings);
          expect(largestGap(own.state as never, [[...state]])).toBeLessThan(1e-4 * largest(patterns));
          expect(energy).toBe(memory.energy(state));
          expect(rest).toEqual({ steps: own.steps, converged: own.converged });
          // A mean of two patterns is as near to both, but for rounding.
          const distances = patterns.map((p) => p.reduce((sum, v, i) => sum + (v - state[i]) ** 2, 0));
          expect(distances[nearest]).toBeCloseTo(Math.min(...distances), 4);
        }
      }
      onGpu.dispose();
    }
  });

  it("say that no pattern of log-sum-ReLU is near, and divide queries where a device binds little", async () => {
    const memory = modernMemory(patterns, { sharpness: 1, separation: "log-sum-relu" });
    const small = limitedTo(device, 4 * 150 * 20);
    const onGpu = await gpuModern(memory, { device: small });
    const far = queries.map((x, k) => (k === 3 ? x.map(() => 50) : x));
    const [near, lost] = (await onGpu.recallAll(far)).slice(2, 4);
    expect(lost).toMatchObject({ converged: false, steps: 1, energy: Number.POSITIVE_INFINITY });
    expect(near.converged).toBe(true);
    onGpu.dispose();
    const refused = gpuModern(memory, { device: limitedTo(device, 4 * 150 * 19) });
    await expect(refused).rejects.toThrow(
      "the patterns takes 12000 bytes, and this device binds at most 11400",
    );
  });
});

describe("a modern memory for a device", () => {
  it("answers on the CPU where it is told to, and refuses what it does not know", async () => {
    const memory = modernMemory(patterns, { sharpness: 2 });
    const here = await gpuModern(memory, { device: "cpu" });
    expect(here.device).toBe("cpu");
    const many = [...queries, ...queries];
    expect(await here.retrieve(many, { known })).toEqual(memory.retrieve(many, { known }));
    expect(await here.recallAll(queries)).toEqual(queries.map((x) => memory.recall(x)));
    await expect(here.retrieve([[1, 2]])).rejects.toThrow("queries[0]");
    await expect(here.recallAll(queries, { tolerance: -1 })).rejects.toThrow("tolerance is -1");
    await expect(gpuModern({} as never)).rejects.toThrow("a memory made by modernMemory");
  });
});
