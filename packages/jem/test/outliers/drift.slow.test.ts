import { expect, it } from "vitest";
import { falseAlarms, limit } from "./drift-streams.ts";

it.each([100, 1000])(
  "of %i held-out scores, alarms over 100 000 undrifted rows are one in a hundred or fewer",
  (n) => {
    const alarms = falseAlarms(n, 100_000, 500);
    console.log(`${n} held-out scores: ${alarms} of 500 streams of 100 000 rows raised a false alarm`);
    expect(alarms).toBeLessThanOrEqual(limit(500));
  },
);
