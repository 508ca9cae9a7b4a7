import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { keepRun, memoryCheckpoint, type Part, PoolError, shareOut, spread } from "../../src/run/index.ts";

const part = (here: (k: number) => number): Part<number, number> => ({
  module: pathToFileURL(join(import.meta.dirname, "../fixtures/jobs.ts")).href,
  function: "double",
  here,
  argument: (k) => k,
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
  const failure = await spread(2, { ...broken, function: "fail" }, { workers: 2 }).catch((thrown) => thrown);
  expect(failure).toBeInstanceOf(PoolError);
  expect(failure.message).toMatch(/^job [01]: [01] cannot be done$/);
});

test.each([1, 2])("with %i workers, parts that are done are not done again", async (workers) => {
  const options = { checkpoint: memoryCheckpoint(), checkpointSeconds: 0 };
  const identity = { format: "double", version: 1, fingerprint: () => ({ count: 5 }) };
  const keep = () => keepRun<readonly (number | undefined)[]>(options, identity);
  const broken = part((k) => {
    if (k === 3) throw new Error("power cut");
    return 2 * k;
  });
  await expect(spread(5, broken, { keeper: await keep() })).rejects.toThrow("power cut");
  const done: number[] = [];
  const onResult = (k: number) => done.push(k);
  const counted: number[] = [];
  const onProgress = ({ done }: { done: number }) => counted.push(done);
  const resumed = await spread(5, double, { workers, keeper: await keep(), onResult, onProgress });
  expect(resumed).toEqual([0, 2, 4, 6, 8]);
  expect(done.sort()).toEqual([3, 4]);
  expect(counted).toEqual([4, 5]);
  // And a finished run is there at once.
  const again = await spread(
    5,
    part(() => expect.unreachable()),
    { workers, keeper: await keep() },
  );
  expect(again).toEqual(resumed);
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

test("shares are nearly equal, in order, and together the whole", () => {
  expect(shareOut(7, 3)).toEqual([
    [0, 2],
    [2, 4],
    [4, 7],
  ]);
  expect(shareOut(2, 5)).toHaveLength(2);
  expect(shareOut(0, 5)).toEqual([[0, 0]]);
});
