import { memoryCheckpoint } from "@basin/energy-core/run";
import { describe, expect, test, vi } from "vitest";
import { heatBath, metropolis, nuts, sample, summary, warnings } from "../../src/index.ts";
import { GROWTH } from "../../src/run/looks.ts";
import { gaussian, spinGlass } from "../fixtures/energies.ts";
import { stopRule } from "./stop-rule.ts";

const bowl = gaussian([
  [2, 0.5],
  [0.5, 1],
]);

test("chains of known autocorrelation stop where they should, and their intervals cover", async () => {
  const { covered, short, overshoot } = await stopRule(1, 0.5, 100);
  // Four standard errors of a share of 100 about 93 to 97 %, and about 5 %.
  expect(covered).toBeGreaterThan(0.86);
  expect(short).toBeLessThan(0.14);
  expect(overshoot).toBeLessThanOrEqual(GROWTH);
});

describe("sample until it is good enough", () => {
  test("returns the first draws of a longer run, bit for bit, and says why it stopped", async () => {
    const draws = await sample(bowl, nuts(), { seed: 3, until: { essBulk: 900, essTail: 500, rHat: 1.05 } });
    const { stopped } = draws;
    expect(stopped?.reason).toBe("reached");
    expect(stopped?.essBulk).toBeGreaterThanOrEqual(900);
    expect(stopped?.rHat).toBeLessThanOrEqual(1.05);
    const rows = Object.values(summary(draws));
    expect(stopped?.essBulk).toBe(Math.min(...rows.map((row) => row.essBulk)));
    const longer = await sample(bowl, nuts(), { seed: 3, draws: draws.draws + 70 });
    for (const [k, { positions, stats }] of draws.chains.entries()) {
      expect(positions).toEqual(longer.chains[k].positions.slice(0, positions.length));
      expect(stats.energy).toEqual(longer.chains[k].stats.energy.slice(0, draws.draws));
    }
  });
  test("does so for spins, whose cursors are made anew every hundred draws", async () => {
    const glass = spinGlass(4, 6);
    const draws = await sample(glass, heatBath(), { seed: 2, warmup: 20, until: { essBulk: 700 } });
    const longer = await sample(glass, heatBath(), { seed: 2, warmup: 20, draws: draws.draws + 130 });
    for (const [k, { positions }] of draws.chains.entries())
      expect(positions).toEqual(longer.chains[k].positions.slice(0, positions.length));
  });
  test("looks at draws, and then at half as many more while much is missing", async () => {
    const { draws, stopped, chains } = await sample(bowl, nuts(), {
      seed: 1,
      draws: 40,
      until: { essBulk: 1e9, maxDraws: 60 },
    });
    expect(draws).toBe(60);
    expect(stopped).toMatchObject({ reason: "maxDraws", looks: 2 });
    expect(chains[0].positions).toHaveLength(120);
  });
  test("warns where a limit came first", async () => {
    const draws = await sample(bowl, nuts(), { seed: 1, until: { essBulk: 1e9, maxDraws: 100 } });
    expect(warnings(draws)[0]).toMatch(
      /^the run stopped before it was good enough because maxDraws is 100: essBulk \d+\.?\d* of 1000000000 in the worst coordinate\.$/,
    );
    const timed = await sample(bowl, nuts(), { seed: 1, until: { essBulk: 1e9, timeLimit: 1e-3 } });
    expect(timed.stopped?.reason).toBe("timeLimit");
    expect(timed.draws).toBeGreaterThanOrEqual(4);
    for (const { positions } of timed.chains) expect(positions).toHaveLength(2 * timed.draws);
  });
  test("goes on from a checkpoint to the same bits", async () => {
    const options = { seed: 5, until: { essBulk: 1500 } };
    const whole = await sample(bowl, nuts(), options);
    // Every look at the clock takes a millisecond, so that breaths fall where they fall on any machine.
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => clock++);
    const checkpoint = memoryCheckpoint();
    const controller = new AbortController();
    const stopped = sample(bowl, nuts(), {
      ...options,
      checkpoint,
      signal: controller.signal,
      onProgress: ({ chains }) => {
        if (chains.every(({ phase }) => phase !== "warmup")) controller.abort();
      },
    });
    await expect(stopped).rejects.toThrow("This operation was aborted");
    vi.restoreAllMocks();
    const again = await sample(bowl, nuts(), { ...options, checkpoint });
    expect(again.stopped).toEqual(whole.stopped);
    expect(again.chains.map(({ positions }) => positions)).toEqual(
      whole.chains.map(({ positions }) => positions),
    );
  });
});

test.each([
  ["nothing asked", {}, "asks for nothing"],
  ["an R-hat of 1", { rHat: 1 }, "until.rHat"],
  ["a word it does not know", { ess: 400 }, "ess"],
])("%s is refused", async (_, until, message) => {
  await expect(sample(bowl, nuts(), { seed: 1, until: until as object })).rejects.toThrow(message);
});

test("R-hat of one chain and draws that are not kept are refused", async () => {
  const until = { rHat: 1.01 };
  await expect(sample(bowl, nuts(), { seed: 1, chains: 1, until })).rejects.toThrow("two chains");
  await expect(sample(bowl, nuts(), { seed: 1, keep: false, until })).rejects.toThrow("keep: false");
  await expect(sample(spinGlass(3, 1), metropolis(), { seed: 1, draws: 2, until })).rejects.toThrow("draws");
});
