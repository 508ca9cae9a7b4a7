import { describe, expect, it } from "vitest";
import { battery } from "./random/battery.ts";
import { faulty, streams } from "./random/streams.ts";

// 4 streams × 12 tests: 1e-8 keeps the file's false alarms below 1e-6. The slow file runs all streams, longer.
const LIMIT = 1e-8;

describe("the streams of the generator pass the battery", () => {
  it.each([
    "one stream",
    "1000 split streams in turn",
    "16 lanes in turn",
    "bulk uniform fills, three to a word",
  ])("%s", (name) => {
    for (const [test, p] of Object.entries(battery(streams[name](), 1))) {
      expect(p, `${test}: p = ${p}`).toBeGreaterThan(LIMIT);
    }
  });
});

describe("the battery finds faults", () => {
  it.each(Object.keys(faulty))("%s", (name) => {
    const worst = Math.min(...Object.values(battery(faulty[name](), 1)));
    expect(worst).toBeLessThan(LIMIT);
  });
});
