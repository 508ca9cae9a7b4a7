import { useWasm } from "@basin/energy-core/tensor";
import { experimentCells } from "@basin/jem/experiments";
import { beforeAll, expect, it } from "vitest";
import { densityMeasures } from "../../src/experiments/density.ts";

beforeAll(() => useWasm());

// Denoising learns the data convolved with noise, and neither score learns the weights of modes that lie apart.
const bars = experimentCells("density", { seed: 1, seeds: 1 }).filter(
  ({ method, problem }) => method === "pcd" || (method === "sliced" && problem === "two moons"),
);

it.each(bars.map((cell) => [cell.problem, cell.method, cell] as const))(
  "a net of %s by %s comes within 0.05 nats of the truth, and AIS holds its log Z",
  async (_problem, _method, cell) => {
    const found = await densityMeasures(cell);
    expect(found.kl).toBeLessThan(0.05);
    expect(found.held).toBe(1);
    expect(found.standardError).toBeLessThan(0.1);
  },
);

it("a net that has hardly been trained is far off", async () => {
  const { kl } = await densityMeasures({ ...bars[0], updates: 1 });
  expect(kl).toBeGreaterThan(1);
});
