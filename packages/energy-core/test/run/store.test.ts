import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serialize } from "node:v8";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { type Checkpoint, fileCheckpoint, memoryCheckpoint } from "../../src/run/index.ts";

const folder = mkdtempSync(join(tmpdir(), "basin-store-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.restoreAllMocks());

const value = (n: number): Checkpoint => ({
  format: "test",
  version: 1,
  run: { seed: 3 },
  state: { n, x: Float64Array.of(1, Number.NaN, -0, 1 / 3), spins: Int8Array.of(1, -1) },
});
let files = 0;
const fresh = () => join(folder, `run-${files++}`);

/** Makes the k-th call of an operation fail, counted over all of them. */
function failAt(k: number): () => number {
  let calls = 0;
  const act =
    <A extends unknown[], R>(name: string, work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (calls++ === k) throw new Error(`no ${name}`);
      return work(...args);
    };
  const open = act("open", async (path: string, flags: string) => {
    const handle = await promises.open(path, flags);
    return {
      // Half of it reaches the disk before it is full.
      writeFile: async (data: Uint8Array) => {
        const fails = calls === k;
        if (fails) await handle.writeFile(data.subarray(0, data.length >> 1));
        await act("space", () => (fails ? Promise.resolve() : handle.writeFile(data)))();
      },
      sync: act("flush", () => handle.sync()),
      close: () => handle.close().then(act("close", async () => {})),
    };
  });
  const broken = { ...promises, open, rename: act("rename", promises.rename) };
  const real = process.getBuiltinModule.bind(process);
  vi.spyOn(process, "getBuiltinModule").mockImplementation(((name: string) =>
    name === "node:fs/promises" ? broken : real(name)) as typeof process.getBuiltinModule);
  return () => calls;
}

test("a file gives back typed arrays and numbers bit by bit, and a missing one is none", async () => {
  const store = fileCheckpoint(fresh());
  expect(await store.load()).toBeUndefined();
  await store.save(value(1));
  expect(await store.load()).toEqual(value(1));
  await store.save(value(2));
  expect(await store.load()).toEqual(value(2));
});

test("whichever step of a save fails, the old checkpoint stands and nothing is left beside it", async () => {
  const path = fresh();
  const store = fileCheckpoint(path);
  await store.save(value(1));
  const messages: string[] = [];
  for (let k = 0; ; k++) {
    const calls = failAt(k);
    const failure = await store.save(value(2)).catch((error: Error) => error);
    vi.restoreAllMocks();
    if (failure === undefined) {
      expect(calls()).toBe(k);
      break;
    }
    messages.push(failure.message);
    expect(await store.load()).toEqual(value(1));
    const beside = readdirSync(folder).filter((name) => name.includes("partial"));
    expect(beside).toEqual([]);
  }
  expect(messages).toEqual(["no open", "no space", "no flush", "no close", "no rename"]);
  expect(await store.load()).toEqual(value(2));
});

test("a save of one process does not touch the neighbor of another's", async () => {
  const path = fresh();
  const other = `${path}.partial`;
  writeFileSync(other, "half a checkpoint");
  await Promise.all([1, 2, 3].map((n) => fileCheckpoint(path).save(value(n))));
  expect(readFileSync(other, "utf8")).toBe("half a checkpoint");
  expect([1, 2, 3].map(value)).toContainEqual(await fileCheckpoint(path).load());
});

test("every flipped bit of the checksum's part is found, and so is a file cut short", async () => {
  const path = fresh();
  await fileCheckpoint(path).save(value(1));
  const whole = readFileSync(path);
  for (let at = 16; at < whole.length; at++) {
    const bytes = Uint8Array.from(whole);
    bytes[at] ^= 1 << (at % 8);
    writeFileSync(path, bytes);
    await expect(fileCheckpoint(path).load()).rejects.toThrow(
      `the checkpoint ${path} is damaged: its checksum is`,
    );
  }
  writeFileSync(path, whole.subarray(0, -1));
  await expect(fileCheckpoint(path).load()).rejects.toThrow("is damaged");
});

test.each([
  ["text", new TextEncoder().encode("hello"), "it does not begin with BASINRUN; remove it to start over"],
  [
    "a checkpoint of the first form",
    serialize({ version: 1, run: {} }),
    "is not a checkpoint of this version of Basin",
  ],
  [
    "a later layout",
    Uint8Array.from([..."BASINRUN"].map((c) => c.charCodeAt(0)).concat([2, 0, 0, 0, 0, 0, 0, 0])),
    "has version 2 of the layout, expected 1",
  ],
])("%s is refused with a sentence", async (_, bytes, message) => {
  const path = fresh();
  writeFileSync(path, bytes);
  await expect(fileCheckpoint(path).load()).rejects.toThrow(message);
});

test("a store in memory keeps the last checkpoint and one run at a time", async () => {
  const store = memoryCheckpoint();
  await store.save(value(1));
  await store.save(value(2));
  expect(await store.load()).toEqual(value(2));
  const release = await store.lock();
  await expect(store.lock()).rejects.toThrow("in use by another run");
  await release();
  await (await store.lock())();
});
