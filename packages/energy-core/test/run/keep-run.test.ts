import { expect, test } from "vitest";
import { checksum } from "../../src/internal/index.ts";
import {
  type CheckpointOptions,
  type CheckpointStore,
  keepRun,
  memoryCheckpoint,
  type RunKeeper,
} from "../../src/run/index.ts";

const identity = { format: "count", version: 2, fingerprint: () => ({ to: 10, seed: 3 }) };
const keep = <R>(options: CheckpointOptions, run: (keeper: RunKeeper<number>) => Promise<R>, change = {}) =>
  keepRun<number, R>(options, { ...identity, ...change }, run);
const found = async (keeper: RunKeeper<number>) => keeper.found;
const saveOne = (keeper: RunKeeper<number>) => keeper.save(1);

test("a run goes on from the state that was saved last", async () => {
  const options = { checkpoint: memoryCheckpoint(), checkpointEvery: 1_000_000 };
  const first = await keep(options, async (keeper) => {
    await keeper.save(4);
    await keeper.save(5);
    return [keeper.found, keeper.isKept, keeper.due];
  });
  expect(first).toEqual([undefined, true, false]);
  expect(await keep(options, found)).toBe(5);
});

test("without a checkpoint nothing is kept, and the run is not even named", async () => {
  const run = async (keeper: RunKeeper<number>) => {
    await keeper.save(1);
    return [keeper.found, keeper.isKept, keeper.due];
  };
  expect(await keep({}, run, { fingerprint: () => expect.unreachable() })).toEqual([undefined, false, false]);
});

test("a save is due after the time between saves", async () => {
  const options = { checkpoint: memoryCheckpoint(), checkpointEvery: 0 };
  expect(await keep(options, async (keeper) => keeper.due)).toBe(true);
  await expect(keep({ checkpointEvery: -1 }, found)).rejects.toThrow("checkpointEvery is -1");
});

test.each([
  [{ format: "sum" }, 'the checkpoint is of "count", expected one of "sum"'],
  [{ version: 3 }, 'the checkpoint of "count" has version 2, expected 3: another version of Basin wrote it'],
  [{ fingerprint: () => ({ to: 10, seed: 4 }) }, "its seed is 3, this one's is 4; remove it to start over"],
  [{ fingerprint: () => ({ to: 10 }) }, "its seed is 3, this one's is undefined"],
  [{ fingerprint: () => ({ to: 10, seed: 3, rule: "a" }) }, "its rule is undefined, this one's is a"],
])("the checkpoint of another run is refused, naming the difference: %o", async (change, message) => {
  const options = { checkpoint: memoryCheckpoint() };
  await keep(options, saveOne);
  await expect(keep(options, async () => expect.unreachable(), change)).rejects.toThrow(message);
  // And the place is free again.
  expect(await keep(options, found)).toBe(1);
});

test("two runs do not share a checkpoint; it is free when a run has failed", async () => {
  const options = { checkpoint: memoryCheckpoint() };
  const failing = keep(options, async (keeper) => {
    await expect(keep(options, found)).rejects.toThrow("in use");
    await keeper.save(7);
    throw new Error("power cut");
  });
  await expect(failing).rejects.toThrow("power cut");
  expect(await keep(options, found)).toBe(7);
});

/** A store whose saves end when they are told to. */
function slowStore() {
  const saved: unknown[] = [];
  const waiting: { end(error?: Error): void }[] = [];
  const store: CheckpointStore = {
    ...memoryCheckpoint(),
    save: ({ state }) =>
      new Promise((resolve, reject) =>
        waiting.push({
          end(error) {
            if (error) reject(error);
            else resolve(void saved.push(state));
          },
        }),
      ),
  };
  return { options: { checkpoint: store }, saved, waiting };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("saves follow one another, and those that wait for a slow disk give way to newer ones", async () => {
  const { options, saved, waiting } = slowStore();
  const run = keep(options, async (keeper) => {
    for (const n of [1, 2, 3, 4]) void keeper.save(n);
  });
  await turn();
  expect(waiting).toHaveLength(1);
  waiting[0].end();
  await turn();
  expect(waiting).toHaveLength(2);
  waiting[1].end();
  // The run ends when its last save has.
  await run;
  expect(saved).toEqual([1, 4]);
});

test("a save that fails rejects, and fails the run where nobody waited for it", async () => {
  const message = "the checkpoint could not be saved (disk full); the one before it is untouched";
  const { options, waiting } = slowStore();
  for (const [k, wait] of [true, false].entries()) {
    const run = keep(options, async (keeper) => {
      const save = keeper.save(k);
      if (wait) await expect(save).rejects.toThrow(message);
    });
    await turn();
    waiting[k].end(new Error("disk full"));
    await expect(run).rejects.toThrow(message);
  }
});

test("what a run fails by comes before a save that fails", async () => {
  const { options, waiting } = slowStore();
  const run = keep(options, async (keeper) => {
    void keeper.save(1);
    throw new Error("power cut");
  });
  await turn();
  waiting[0].end(new Error("disk full"));
  await expect(run).rejects.toThrow("power cut");
});

test("a checksum tells arrays of one length apart, and sees the part of a buffer that a view shows", () => {
  const values = Float64Array.of(1, 2, 3);
  expect(checksum(values.subarray(1))).toBe(checksum(Float64Array.of(2, 3)));
  expect(checksum(values)).not.toBe(checksum(Float64Array.of(1, 2, 4)));
  expect(checksum("ä")).toBe(checksum(Uint8Array.of(0xc3, 0xa4)));
});
