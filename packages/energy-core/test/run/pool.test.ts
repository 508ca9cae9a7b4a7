import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { runJobs } from "../../src/internal/index.ts";
import { openPool, PoolError, WorkerError } from "../../src/run/index.ts";

const module = pathToFileURL(join(import.meta.dirname, "../fixtures/counter.ts")).href;
const job = (name: string, argument: unknown = 1) => ({ module, function: name, argument });

describe("a pool of threads that stay", () => {
  test("keeps the state of each thread between calls, and apart", async () => {
    const pool = openPool({ workers: 2 });
    expect(await pool.callAll((w) => job("add", 10 * (w + 1)))).toEqual([10, 20]);
    expect(await Promise.all([pool.call(0, job("add")), pool.call(1, job("add"))])).toEqual([11, 21]);
    pool.close();
  });

  test("runs the calls of one thread one after the other, though each waits inside", async () => {
    const pool = openPool();
    const seen: unknown[] = [];
    const calls = [1, 2, 3].map((n) => pool.call(0, job("addLater", n), (value) => seen.push(value)));
    expect(await Promise.all(calls)).toEqual([1, 3, 6]);
    expect(seen).toEqual([0, 1, 3]);
    pool.close();
  });

  test("goes on after a call that throws or cannot be sent, with the words of the thread", async () => {
    const pool = openPool();
    const failure: WorkerError = await pool.call<never>(0, job("fail", 7)).catch((error) => error);
    expect(failure).toBeInstanceOf(WorkerError);
    expect(failure).toMatchObject({ message: "7 is too much", worker: 0, died: false });
    expect(failure.cause).toMatchObject({ name: "RangeError" });
    await expect(
      pool.call(
        0,
        job("add", () => 1),
      ),
    ).rejects.toThrow("could not be cloned");
    expect(await pool.call(0, job("add"))).toBe(1);
    pool.close();
  });

  test("a thread that dies fails its calls, those that wait and those to come, and no others", async () => {
    const pool = openPool({ workers: 2 });
    const calls = [pool.call(0, job("die")), pool.call(0, job("add"))];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ message: "its thread died (exit code 3)", died: true });
    }
    await expect(pool.call(0, job("add"))).rejects.toThrow("its thread died");
    expect(await pool.call(1, job("add"))).toBe(1);
    pool.close();
  });

  test("closing rejects what waits; a signal does so with its reason", async () => {
    const pool = openPool();
    const call = pool.call(0, job("addLater"));
    pool.close();
    await expect(call).rejects.toThrow("the pool was closed");
    await expect(pool.call(0, job("add"))).rejects.toThrow("the pool was closed");
    const controller = new AbortController();
    const watched = openPool({ signal: controller.signal });
    const other = watched.call(0, job("addLater"));
    controller.abort(new Error("enough"));
    await expect(other).rejects.toThrow("enough");
    expect(() => openPool({ signal: controller.signal })).toThrow("enough");
    expect(() => openPool({ workers: 0 })).toThrow("workers is 0");
  });

  test("serves runJobs and stays open, also after a job that failed", async () => {
    const pool = openPool({ workers: 2 });
    const jobs = Array.from({ length: 5 }, () => job("add"));
    expect(await runJobs(jobs, { pool })).toHaveLength(5);
    const failure = await runJobs([job("fail")], { pool }).catch((error) => error);
    expect(failure).toBeInstanceOf(PoolError);
    const [first, second] = await pool.callAll<number>(job("add", 0));
    expect(first + second).toBe(5);
    pool.close();
  });
});
