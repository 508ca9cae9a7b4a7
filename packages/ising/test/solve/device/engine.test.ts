import { createRng } from "@basin/energy-core/random";
import type { GpuDevice } from "@basin/energy-core/webgpu";
import { boltzmann, gTest, spinStates } from "@basin/testing";
import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, test } from "vitest";
import { graphEngine } from "../../../src/solve/device/engine.ts";
import { type GraphPlan, graphPlan, rowWords, writeThresholds } from "../../../src/solve/device/plan.ts";
import { graphTwin } from "../../../src/solve/device/twin.ts";
import { generatorStates } from "../../../src/webgpu/seeds.ts";
import { randomProblem } from "../../reference.ts";
import { traceOf } from "./cases.ts";

const open = await softwareGpu();
const device = (await open?.()) as unknown as GpuDevice;
const WORDS = 3;

const plans: Record<string, GraphPlan> = {
  "one size": graphPlan(randomProblem(40, 1, { density: 0.2 })),
  "one size, held by no workgroup": {
    ...graphPlan(randomProblem(40, 2, { density: 0.1, weight: () => -3 })),
    ...{ held: false, bands: 5 },
  },
  "many sizes and fields": graphPlan(
    randomProblem(30, 3, { density: 0.3, fields: true, weight: (rng) => rng.index(19) - 9 }),
  ),
};

describe.skipIf(open === undefined)("annealing on a software GPU", () => {
  test.each(Object.entries(plans))("gives its twin's spins, generators and totals: %s", async (_, plan) => {
    const expected = await traceOf(graphTwin(plan, WORDS), plan);
    expect(await traceOf(await graphEngine(device, plan, WORDS), plan)).toEqual(expected);
    // The trace sees thresholds that are a thousandth off.
    expect(await traceOf(graphTwin(plan, WORDS), plan, 1.001)).not.toEqual(expected);
  });

  test("visits states as Boltzmann's law says, and as it does not at another β", async () => {
    const problem = randomProblem(6, 9, { fields: true, weight: (rng) => rng.index(5) - 2 });
    const counts = await visits(graphPlan(problem), 0.3);
    const energies = spinStates(6).map((state) => problem.energy(state));
    expect(gTest(counts, boltzmann(energies, 0.3)).pValue).toBeGreaterThan(1e-6);
    expect(gTest(counts, boltzmann(energies, 0.315)).pValue).toBeLessThan(1e-6);
  });
});

/** How often each state is seen by 4096 replicas, eight times. */
async function visits(plan: GraphPlan, beta: number): Promise<Float64Array> {
  const words = 128;
  const engine = await graphEngine(device, plan, words);
  const rng = createRng(5);
  const n = plan.problem.variables;
  engine.start(
    Uint32Array.from({ length: n * words }, () => rng.uint32()),
    generatorStates(rng, plan.bands * words),
  );
  const rows = new Uint32Array(16 * rowWords(plan));
  for (let s = 0; s < 16; s++) writeThresholds(rows, s * rowWords(plan), plan, beta);
  const counts = new Float64Array(2 ** n);
  engine.sweep(rows);
  for (let draw = 0; draw < 8; draw++) {
    engine.sweep(rows);
    const spins = await engine.spins();
    for (let r = 0; r < 32 * words; r++) {
      let state = 0;
      for (const [place, i] of plan.order.entries())
        state += ((spins[place * words + (r >> 5)] >>> (r & 31)) & 1) * 2 ** i;
      counts[state]++;
    }
  }
  engine.dispose();
  return counts;
}
