import { describe, expect, test } from "vitest";
import { checkTimeLimit, inLooks, type Look, missedWarning } from "../../src/run/looks.ts";

/** Looks of a run, at which draws they were taken, and why it stopped. */
async function looksOf(
  limits: { first: number; most: number },
  look: (made: number) => Look,
  run = async (upTo: number) => upTo,
) {
  const asked: number[] = [];
  const seen: number[] = [];
  const last = await inLooks(
    limits,
    (upTo) => {
      asked.push(upTo);
      return run(upTo);
    },
    (made) => {
      seen.push(made);
      return look(made);
    },
  );
  return { asked, seen, last };
}

describe("inLooks", () => {
  test("asks for as many draws as are wanted, at least 1.1 and at most 1.5 times those before", async () => {
    const wanted = [9, 1.01, 1.2, Number.NaN, 1];
    let k = 0;
    const { asked, last } = await looksOf({ first: 100, most: 1000 }, (made) => ({
      reached: made >= 297,
      wanted: wanted[k++],
    }));
    // 100 · 1.5, 150 · 1.1, 165 · 1.2 and, where that cannot be told, 198 · 1.5.
    expect(asked).toEqual([100, 150, 165, 198, 297]);
    expect(last).toEqual({ reason: "reached", looks: 5 });
  });

  test("takes the last look at the most draws, and says so where they are not enough", async () => {
    const never = () => ({ reached: false, wanted: 9 });
    const { asked, last } = await looksOf({ first: 100, most: 160 }, never);
    expect(asked).toEqual([100, 150, 160]);
    expect(last).toEqual({ reason: "most", looks: 3 });
    expect(await looksOf({ first: 100, most: 40 }, never)).toMatchObject({ asked: [40], last: { looks: 1 } });
  });

  test("looks at what there is where the time is up, and stops", async () => {
    const short = async (upTo: number) => Math.min(upTo, 130);
    const never = () => ({ reached: false, wanted: 9 });
    const { seen, last } = await looksOf({ first: 100, most: 1000 }, never, short);
    expect(seen).toEqual([100, 130]);
    expect(last).toEqual({ reason: "timeLimit", looks: 2 });
    const enough = await looksOf(
      { first: 100, most: 1000 },
      (made) => ({ reached: made === 130, wanted: 9 }),
      short,
    );
    expect(enough.last).toEqual({ reason: "reached", looks: 2 });
  });
});

test("a time limit is a number above 0, and the greatest number where there is none", () => {
  expect([checkTimeLimit(), checkTimeLimit(0.5)]).toEqual([Number.MAX_VALUE, 0.5]);
  for (const bad of [0, -1, Number.NaN]) expect(() => checkTimeLimit(bad)).toThrow("until.timeLimit");
});

test("the warning of a limit lists each goal that was missed, and is left out where none was", () => {
  expect(
    missedWarning("the time was up", ["essBulk 12 of 400", "rHat 1.2 of 1.01"], " in the worst"),
  ).toEqual([
    "the run stopped before it was good enough because the time was up: essBulk 12 of 400, rHat 1.2 of 1.01 in the worst.",
  ]);
  expect(missedWarning("the time was up", [])).toEqual([]);
});
