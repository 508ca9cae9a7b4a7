import { expect, test } from "vitest";
import { type CheckpointStore, checksum, keepRun, memoryCheckpoint } from "../../src/run/index.ts";

const identity = { format: "count", version: 2, fingerprint: () => ({ to: 10, seed: 3 }) };

test("a run goes on from the state that was saved last", async () => {
  const options = { checkpoint: memoryCheckpoint(), checkpointSeconds: 1000 };
  const first = await keepRun<number>(options, identity);
  expect([first.found, first.isKept, first.due]).toEqual([undefined, true, false]);
  await first.save(4);
  await first.save(5);
  await first.close();
  const second = await keepRun<number>(options, identity);
  expect(second.found).toBe(5);
  await second.close();
});

test("without a checkpoint nothing is kept, and the run is not even named", async () => {
  const keeper = await keepRun<number>({}, { ...identity, fingerprint: () => expect.unreachable() });
  await keeper.save(1);
  expect([keeper.found, keeper.isKept, keeper.due]).toEqual([undefined, false, false]);
  await keeper.close();
});

test("a save is due after the time between saves", async () => {
  const keeper = await keepRun<number>({ checkpoint: memoryCheckpoint(), checkpointSeconds: 0 }, identity);
  expect(keeper.due).toBe(true);
  await expect(keepRun({ checkpointSeconds: -1 }, identity)).rejects.toThrow("checkpointSeconds is -1");
});

test.each([
  [{ format: "sum" }, 'the checkpoint is of "count", expected one of "sum"'],
  [{ version: 3 }, 'the checkpoint of "count" has version 2, expected 3: another version of Basin wrote it'],
  [{ fingerprint: () => ({ to: 10, seed: 4 }) }, "its seed is 3, this one's is 4; remove it to start over"],
  [{ fingerprint: () => ({ to: 10 }) }, "its seed is 3, this one's is undefined"],
  [
    { fingerprint: () => ({ to: 10, seed: 3, kernel: "nuts" }) },
    "its kernel is undefined, this one's is nuts",
  ],
])("the checkpoint of another run is refused, naming the difference: %o", async (change, message) => {
  const checkpoint = memoryCheckpoint();
  const first = await keepRun<number>({ checkpoint }, identity);
  await first.save(1);
  await first.close();
  await expect(keepRun({ checkpoint }, { ...identity, ...change })).rejects.toThrow(message);
  // And the place is free again.
  await (await keepRun({ checkpoint }, identity)).close();
});

test("two runs do not share a checkpoint", async () => {
  const checkpoint = memoryCheckpoint();
  const first = await keepRun({ checkpoint }, identity);
  await expect(keepRun({ checkpoint }, identity)).rejects.toThrow("in use");
  await first.close();
  await (await keepRun({ checkpoint }, identity)).close();
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
  return { store, saved, waiting };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("saves follow one another, and those that wait for a slow disk give way to newer ones", async () => {
  const { store, saved, waiting } = slowStore();
  const keeper = await keepRun<number>({ checkpoint: store }, identity);
  const all = Promise.all([1, 2, 3, 4].map((n) => keeper.save(n)));
  expect(waiting).toHaveLength(1);
  waiting[0].end();
  await turn();
  expect(waiting).toHaveLength(2);
  waiting[1].end();
  await all;
  await keeper.close();
  expect(saved).toEqual([1, 4]);
});

test("a save that fails rejects, and does so at the end where nobody waited for it", async () => {
  const { store, waiting } = slowStore();
  const keeper = await keepRun<number>({ checkpoint: store }, identity);
  const message = "the checkpoint could not be saved (disk full); the one before it is untouched";
  const save = keeper.save(1);
  waiting[0].end(new Error("disk full"));
  await expect(save).rejects.toThrow(message);
  void keeper.save(2);
  waiting[1].end(new Error("disk full"));
  await turn();
  await expect(keeper.close()).rejects.toThrow(message);
  await (await keepRun({ checkpoint: store }, identity)).close();
});

test("a checksum tells arrays of one length apart, and sees the part of a buffer that a view shows", () => {
  const values = Float64Array.of(1, 2, 3);
  expect(checksum(values.subarray(1))).toBe(checksum(Float64Array.of(2, 3)));
  expect(checksum(values)).not.toBe(checksum(Float64Array.of(1, 2, 4)));
  expect(checksum("ä")).toBe(checksum(Uint8Array.of(0xc3, 0xa4)));
});
