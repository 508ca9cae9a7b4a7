import { expect, test } from "vitest";

test("the module of threads loads where there is no thread, and does nothing", async () => {
  expect(Object.keys(await import("../../src/run/worker.ts"))).toEqual([]);
});
