import { afterEach, expect, test, vi } from "vitest";
import { followSignal } from "../../src/internal/index.ts";
import { type Progress, pacer } from "../../src/run/index.ts";

afterEach(() => void vi.restoreAllMocks());

test("a breath is due after a slice of time and not before, and then again", async () => {
  let clock = 100;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const pace = pacer({});
  clock += 39;
  expect([pace.due, pace.elapsed]).toEqual([false, 39]);
  clock += 1;
  expect(pace.due).toBe(true);
  await pace.breathe();
  expect(pace.due).toBe(false);
  clock += 40;
  expect([pace.due, pace.elapsed]).toEqual([true, 80]);
});

test("a breath reports, and then lets events have their turn", async () => {
  const seen: (Progress | string)[] = [];
  const pace = pacer({ onProgress: (progress) => seen.push(progress) });
  setImmediate(() => seen.push("event"));
  await pace.breathe(() => ({ done: 1, total: 2 }));
  await pace.breathe();
  pace.report(() => ({ done: 2, total: 2 }));
  expect(seen).toEqual([{ done: 1, total: 2 }, "event", { done: 2, total: 2 }]);
});

/** A run whose states are numbers from 1 on. */
function savingWhen(due: boolean, isKept = true) {
  const saved: number[] = [];
  const save = async (state: number) => void saved.push(state);
  return { saved, saving: { keeper: { isKept, due, save }, state: () => saved.length + 1 } };
}

test("an abort makes a breath due, saves whatever the clock says, and rejects with the reason", async () => {
  const controller = new AbortController();
  const { saved, saving } = savingWhen(false);
  const pace = pacer({ signal: controller.signal }, saving);
  await pace.breathe();
  expect(saved).toEqual([]);
  controller.abort(new Error("enough"));
  expect(pace.due).toBe(true);
  await expect(pace.breathe()).rejects.toThrow("enough");
  expect(saved).toEqual([1]);
  expect(() => pacer({ signal: controller.signal })).toThrow("enough");
});

test("a breath saves when that is due, and asks no state of a run that is not kept", async () => {
  const { saved, saving } = savingWhen(true);
  const pace = pacer({}, saving);
  await pace.breathe();
  await pace.breathe();
  expect(saved).toEqual([1, 2]);
  const { keeper } = savingWhen(true, false).saving;
  await pacer({}, { keeper, state: () => expect.unreachable() }).breathe();
});

test("a signal that follows another takes its reason, until it is released", () => {
  const [first, second] = [new AbortController(), new AbortController()];
  const [followed, released] = [followSignal(first.signal), followSignal(second.signal)];
  first.abort(new Error("followed"));
  expect(followed.signal).toMatchObject({ aborted: true, reason: new Error("followed") });
  expect(followSignal(first.signal).signal.reason).toEqual(new Error("followed"));
  released.release();
  second.abort();
  expect(released.signal.aborted).toBe(false);
  released.abort("by itself");
  expect(released.signal).toMatchObject({ aborted: true, reason: "by itself" });
});
