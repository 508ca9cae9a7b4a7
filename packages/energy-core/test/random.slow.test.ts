import { describe, expect, it } from "vitest";
import { battery } from "./random/battery.ts";
import { streams } from "./random/streams.ts";

const LIMIT = 1e-8;

describe("the streams of the generator pass the long battery", () => {
  it.each(Object.keys(streams))("%s", (name) => {
    for (const [test, p] of Object.entries(battery(streams[name](), 40))) {
      expect(p, `${test}: p = ${p}`).toBeGreaterThan(LIMIT);
    }
  });
});
