import { memoryCheckpoint, type Progress } from "@basin/energy-core/run";
import { classMachine, restrictedBoltzmannMachine, trainRbm } from "@basin/ising/learn";
import { crowdedSchedule } from "@basin/samplers/temper";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { annealedLogPartition } from "../src/learn/partition.ts";
import type { TrainRbmOptions } from "../src/learn/train.ts";

const data = Array.from({ length: 70 }, (_, k) => Array.from({ length: 12 }, (_, i) => ((k * i) % 7) / 7));
const labels = Uint8Array.from({ length: 70 }, (_, k) => k % 3);

// Every look at the clock takes 7 ms, so that breaths fall where they fall on any machine.
let clock = 0;
beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => {
    clock += 7;
    return clock;
  });
});
afterEach(() => void vi.restoreAllMocks());

/** Runs again and again, each time stopped at its first breath, until it gets through. */
async function interrupted<R>(run: (stop: AbortSignal, onProgress: (at: Progress) => void) => Promise<R>) {
  const seen: number[] = [];
  for (;;) {
    const controller = new AbortController();
    try {
      const result = await run(controller.signal, ({ done }) => {
        seen.push(done);
        controller.abort(new Error("stopped"));
      });
      return { result, seen };
    } catch (error) {
      expect((error as Error).message).toBe("stopped");
    }
  }
}

test.each<[string, Partial<TrainRbmOptions>]>([
  ["persistent chains", { chains: 13 }],
  ["contrastive divergence, with labels", { method: "cd", steps: 2, labels }],
])("a training by %s that is stopped on the way ends in the same parameters", async (_, change) => {
  const options = { seed: 5, epochs: 4, batchSize: 10, learningRate: 0.05, ...change };
  const fresh = () =>
    options.labels
      ? classMachine({ visible: 12, hidden: 5, labels: 3, seed: 2 })
      : restrictedBoltzmannMachine({ visible: 12, hidden: 5, seed: 2 });
  const parameters = (machine: ReturnType<typeof fresh>) => machine.machine.parameters;
  const whole = fresh();
  const report = await trainRbm(whole, data, options);
  const checkpoint = memoryCheckpoint();
  const machine = fresh();
  const { result, seen } = await interrupted((signal, onProgress) =>
    trainRbm(machine, data, { ...options, checkpoint, signal, onProgress }),
  );
  // In the middle of an epoch of seven updates, too.
  expect(seen.filter((done) => done % 7 !== 0).length).toBeGreaterThan(3);
  expect(parameters(machine)).toEqual(parameters(whole));
  expect(result.chains).toEqual(report.chains);
  const figures = ({ epochs }: typeof report) => epochs.map(({ seconds: _, ...rest }) => rest);
  expect(figures(result)).toEqual(figures(report));
  const other = trainRbm(fresh(), data, { ...options, checkpoint, momentum: 0.9 });
  await expect(other).rejects.toThrow("its momentum is 0.5, this one's is 0.9");
});

test("an annealed estimate of log Z that is stopped on the way, up and down, is the same", async () => {
  const machine = restrictedBoltzmannMachine({ visible: 12, hidden: 5, weightScale: 0.5, seed: 3 });
  const options = { seed: 1, chains: 8, settle: 20, inverseTemperatures: crowdedSchedule(61) };
  const whole = await annealedLogPartition(machine, options);
  const checkpoint = memoryCheckpoint();
  const { result, seen } = await interrupted((signal, onProgress) =>
    annealedLogPartition(machine, { ...options, checkpoint, signal, onProgress }),
  );
  expect(seen.some((done) => done < 8 * 60)).toBe(true);
  expect(seen.some((done) => done > 8 * 80)).toBe(true);
  expect(result).toEqual(whole);
  const other = annealedLogPartition(machine, { ...options, checkpoint, settle: 21 });
  await expect(other).rejects.toThrow("its settle is 20, this one's is 21");
});
