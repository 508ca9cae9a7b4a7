import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { shareOut, spread } from "../../src/internal/index.ts";
import { memoryCheckpoint, PoolError } from "../../src/run/index.ts";
import type { Parts } from "../../src/run/spread.ts";

const module = pathToFileURL(join(import.meta.dirname, "../fixtures/jobs.ts")).href;
const part = (here: (k: number) => number, name = "double"): Parts<number, number> => ({
  here,
  there: { module, function: name, argument: (k) => k },
});
const double = part((k) => 2 * k);

test("gives the same results here and in threads, and counts the parts", async () => {
  const results = [];
  for (const workers of [1, 2]) {
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(done / total);
    results.push(await spread(4, double, { workers, onProgress }));
    expect(seen).toEqual([0.25, 0.5, 0.75, 1]);
  }
  expect(results).toEqual([
    [0, 2, 4, 6],
    [0, 2, 4, 6],
  ]);
  expect(await spread(0, double)).toEqual([]);
});

test("an error of a part here is its own; one in a thread names the part", async () => {
  const error = new RangeError("part 2 fails");
  const broken = part((k) => {
    if (k === 2) throw error;
    return k;
  });
  await expect(spread(4, broken)).rejects.toBe(error);
  const failing = part((k) => k, "fail");
  const failure = await spread(2, failing, { workers: 2 }).catch((thrown) => thrown);
  expect(failure).toBeInstanceOf(PoolError);
  expect(failure.message).toMatch(/^job [01]: [01] cannot be done$/);
});

test.each([1, 2])("with %i workers, parts that are done are not done again", async (workers) => {
  const identity = { format: "double", version: 1, fingerprint: () => ({ seed: 5 }) };
  const options = { workers, checkpoint: memoryCheckpoint(), checkpointEvery: 0, identity };
  const broken = part((k) => {
    if (k === 3) throw new Error("power cut");
    return 2 * k;
  });
  await expect(spread(5, broken, { ...options, workers: 1 })).rejects.toThrow("power cut");
  const done: number[] = [];
  const onResult = (k: number) => done.push(k);
  const counted: number[] = [];
  const onProgress = ({ done }: { done: number }) => counted.push(done);
  const resumed = await spread(5, double, { ...options, onResult, onProgress });
  expect(resumed).toEqual([0, 2, 4, 6, 8]);
  expect(done.slice(0, 3)).toEqual([0, 1, 2]);
  expect(done.slice(3).sort()).toEqual([3, 4]);
  expect(counted).toEqual([4, 5]);
  // And a finished run is there at once.
  expect(
    await spread(
      5,
      part(() => expect.unreachable()),
      options,
    ),
  ).toEqual(resumed);
  await expect(spread(6, double, options)).rejects.toThrow("its parts is 5, this one's is 6");
});

test.each([1, 2])("a signal stops it, with %i workers", async (workers) => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const run = spread(50, double, {
    workers,
    signal: controller.signal,
    onProgress: ({ done }) => done === 3 && controller.abort(reason),
  });
  await expect(run).rejects.toBe(reason);
});

test("a checkpoint without an identity, and threads for work that stays here, are refused", async () => {
  await expect(spread(2, double, { checkpoint: memoryCheckpoint() })).rejects.toThrow("without the identity");
  await expect(spread(2, { here: (k) => k }, { workers: 2 })).rejects.toThrow("workers is 2, expected 1");
  expect(await spread(2, { here: (k) => k })).toEqual([0, 1]);
});

test("shares are nearly equal, in order, and together the whole", () => {
  expect(shareOut(7, 3)).toEqual([
    [0, 2],
    [2, 4],
    [4, 7],
  ]);
  expect(shareOut(2, 5)).toHaveLength(2);
  expect(shareOut(0, 5)).toEqual([[0, 0]]);
});
