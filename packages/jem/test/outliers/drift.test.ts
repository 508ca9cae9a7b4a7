import { createRng } from "@basin/energy-core/random";
import { driftWatch } from "@basin/jem/outliers";
import { describe, expect, it } from "vitest";
import { falseAlarms, limit, uniforms } from "./drift-streams.ts";

describe("driftWatch", () => {
  it.each([100, 1000])(
    "with %i held-out scores raises the alarm in no more than one undrifted stream of a hundred",
    (n) => {
      expect(falseAlarms(n, 10_000, 200)).toBeLessThanOrEqual(limit(200));
    },
  );

  it("does so because it counts the uncertainty of the held-out set, without which a third of streams alarm", () => {
    // The same bets against the share 0.05, as if that were known.
    let alarms = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const rng = createRng(seed);
      const threshold = uniforms(rng, 100).sort()[95];
      let capital = 1;
      let reached = false;
      for (let t = 0; t < 10_000 && !reached; t++) {
        capital *= rng.uniform() > threshold ? 1.5 / (1 + 0.5 * 0.05) : 1 / (1 + 0.5 * 0.05);
        reached = capital >= 100;
      }
      if (reached) alarms++;
    }
    expect(alarms / 200).toBeGreaterThan(0.2);
  });

  it("sees a doubled share within 2000 rows in 9 streams of 10, of 1000 held-out scores after 1000 rows", () => {
    let seen = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const rng = createRng(1000 + seed);
      const watch = driftWatch(uniforms(rng, 1000), 0.95, { seed });
      watch.update(uniforms(rng, 1000));
      // Above 0.95, the share of 1 − (1 − u)/2 is twice that of u.
      if (watch.update(uniforms(rng, 2000).map((u) => 1 - (1 - u) / 2)).alarmFor === "more") seen++;
    }
    // 85 of 100 is 1.7 standard errors below 90.
    expect(seen).toBeGreaterThanOrEqual(85);
  });

  it("sees a share that is gone within 350 rows in 9 streams of 10, and says that it is fewer", () => {
    let seen = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const rng = createRng(1000 + seed);
      const watch = driftWatch(uniforms(rng, 1000), 0.95, { seed });
      watch.update(uniforms(rng, 1000));
      if (watch.update(uniforms(rng, 350).map((u) => 0.8 * u)).alarmFor === "fewer") seen++;
    }
    expect(seen).toBeGreaterThanOrEqual(85);
  });

  it("is a fair bet: evidence is 1 on average over held-out sets, threshold, ties and rows", () => {
    // Of scores 0 to 3, ties are the rule. The mean over all streams is that of a martingale from 1.
    let [sum, square, count] = [0, 0, 4000];
    for (let seed = 1; seed <= count; seed++) {
      const rng = createRng(seed);
      const draws = (n: number) => Float64Array.from({ length: n }, () => rng.index(4));
      const { evidence } = driftWatch(draws(19), 0.9, { seed }).update(draws(6));
      sum += evidence;
      square += evidence ** 2;
    }
    const [mean, spread] = [sum / count, Math.sqrt(square / count - (sum / count) ** 2)];
    expect(spread).toBeGreaterThan(0.1);
    expect(Math.abs(mean - 1)).toBeLessThan((4.89 * spread) / Math.sqrt(count));
  });

  it("gives the same in pieces as at once, and says how many held-out scores it needs", () => {
    const rng = createRng(3);
    const [heldOut, stream] = [uniforms(rng, 200), uniforms(rng, 500)];
    const pieces = driftWatch(heldOut, 0.9, { seed: 1 });
    pieces.update(stream.subarray(0, 123));
    expect(pieces.update(stream.subarray(123))).toEqual(driftWatch(heldOut, 0.9, { seed: 1 }).update(stream));
    expect(() => driftWatch(heldOut.subarray(0, 5), 0.95)).toThrow(
      /5 held-out energies cannot bound 0.95.*19 are needed/,
    );
    expect(() => pieces.update([Number.NaN])).toThrow(/score 0 is NaN/);
  });
});
