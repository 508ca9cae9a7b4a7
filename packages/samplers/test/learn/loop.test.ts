import { memoryCheckpoint } from "@basin/energy-core/run";
import { finiteWatch } from "@basin/samplers/internal";
import { cosineRate, DivergenceError, type Learner, learn } from "@basin/samplers/learn";
import { describe, expect, it, vi } from "vitest";

/** Counts its updates; `losses` says what each sees, by the number of calls so far. */
function counter(loss: (call: number) => number = () => 1) {
  let [count, calls, diverted] = [0, 0, 0];
  const rates: number[] = [];
  const learner: Learner<number, { loss: number }> & { readonly count: number; readonly diverted: number } = {
    get count() {
      return count;
    },
    get diverted() {
      return diverted;
    },
    update: ({ learningRate }) => {
      rates.push(learningRate);
      count++;
      return { loss: loss(++calls) };
    },
    save: () => count,
    restore: (state) => {
      count = state;
    },
    divert: (times) => {
      diverted = times + 1;
    },
  };
  return { learner, rates };
}

describe("the loop of all training", () => {
  it("tells a learning rate the share of its epochs, and reports every update", async () => {
    const shares: number[] = [];
    const learningRate = (share: number, update: number, updates: number) => {
      shares.push(share);
      return update / updates;
    };
    const seen: [number, number, number][] = [];
    const { learner, rates } = counter((call) => 10 * call);
    const done = await learn(learner, {
      ...{ updates: 6, updatesAnEpoch: 3, learningRate },
      onProgress: ({ done, total, loss }) => seen.push([done, total, loss]),
    });
    expect(shares).toEqual([0, 1 / 3 / 2, 2 / 3 / 2, 1 / 2, (1 + 1 / 3) / 2, (1 + 2 / 3) / 2]);
    expect(rates).toEqual([0, 1, 2, 3, 4, 5].map((k) => k / 6));
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((k) => [k, 6, 10 * k]));
    expect(done).toMatchObject({ updates: 6, resumedFrom: 0, backOffs: [], last: { loss: 60 } });
  });

  it("goes on from a checkpoint where it was stopped, and has nothing left to do at its end", async () => {
    const checkpoint = memoryCheckpoint();
    const identity = { format: "count", version: 1, fingerprint: () => ({ to: 10 }) };
    const run = (onProgress?: (at: { done: number }) => void, signal?: AbortSignal) => {
      const { learner, rates } = counter();
      const options = { updates: 10, learningRate: 1, checkpoint, identity, signal, onProgress };
      return learn(learner, options).then(({ resumedFrom }) => ({
        resumedFrom,
        count: learner.count,
        rates,
      }));
    };
    const control = new AbortController();
    const stopped = run(({ done }) => done === 4 && control.abort(new Error("enough")), control.signal);
    await expect(stopped).rejects.toThrow("enough");
    expect(await run()).toMatchObject({ resumedFrom: 4, count: 10, rates: [1, 1, 1, 1, 1, 1] });
    expect(await run()).toMatchObject({ resumedFrom: 10, count: 10, rates: [] });
  });

  it("goes back from a divergence to a good state with half the rate, and stops when that is used up", async () => {
    const { learner, rates } = counter((call) => (call === 5 || call === 6 ? Number.NaN : 1));
    const options = { updates: 6, learningRate: 1, goodEvery: 2, backOff: 2 };
    const { backOffs } = await learn(learner, options);
    // The state at 4 is given up once it was gone back to.
    expect(backOffs).toMatchObject([
      { update: 5, resumedFrom: 4, learningRate: 0.5, reason: "loss is NaN" },
      { update: 5, resumedFrom: 2, learningRate: 0.25 },
    ]);
    expect(learner.diverted).toBe(2);
    expect(rates.at(-1)).toBe(0.25);
    const lost = counter((call) => (call > 3 ? Number.NaN : 1));
    const failing = learn(lost.learner, { ...options, backOff: 0, advice: () => "feed it better" });
    await expect(failing).rejects.toThrow(DivergenceError);
    await expect(failing).rejects.toThrow("training diverged at update 4: loss is NaN; feed it better");
    expect(lost.learner.count).toBe(2);
  });

  it("plans for 96 % of its time as soon as it knows the time of 40 updates", async () => {
    let clock = 0;
    const now = vi.spyOn(performance, "now").mockImplementation(() => clock);
    const { learner } = counter();
    const totals: number[] = [];
    const millisecond = {
      ...learner,
      update: (at: Parameters<typeof learner.update>[0]) => {
        clock++;
        return learner.update(at);
      },
    };
    const options = { updates: Infinity, timeLimit: 200, learningRate: cosineRate(1) };
    const { updates } = await learn(millisecond, {
      ...options,
      onProgress: ({ total }) => totals.push(total),
    });
    now.mockRestore();
    expect(totals).toEqual([...new Array(39).fill(Infinity), ...new Array(154).fill(193)]);
    expect(updates).toBe(193);
  });

  it("refuses a checkpoint that nothing identifies, and a rate that is no number", async () => {
    const { learner } = counter();
    const bad = learn(learner, { updates: 1, learningRate: 1, checkpoint: memoryCheckpoint() });
    await expect(bad).rejects.toThrow("needs an identity");
    await expect(learn(learner, { updates: 1, learningRate: () => Number.NaN })).rejects.toThrow(
      "learningRate is NaN",
    );
  });
});

it("a cosine falls to its final share at the last update, after a rise", () => {
  const rate = cosineRate(2, { final: 0.1, warmup: 3 });
  const at = (update: number, updates = 101) => rate(0, update, updates);
  expect([at(0), at(2)].map((value) => value / 2)).toEqual([
    expect.closeTo(0.25, 3),
    expect.closeTo(0.75, 2),
  ]);
  expect(at(50)).toBeCloseTo(2 * 0.55, 12);
  expect(at(100)).toBeCloseTo(0.2, 12);
  expect(at(5000, Infinity)).toBe(2);
});

it("the watch over finite figures names the one that is not, or is beyond its limit", () => {
  const watch = finiteWatch(5);
  expect(watch.look({ loss: 5, name: "x" })).toBeUndefined();
  expect(watch.look({ gap: Number.NaN })).toBe("gap is NaN");
  expect(watch.look({ loss: -6 })).toBe("loss is -6, beyond ±5");
});
