import { describe, expect, test } from "vitest";
import { checkLadder, checkPopulations, settings } from "../fixtures/gaussian-settings.ts";

describe("kernels tune themselves to Gaussians of sd 0.01, 0.1 and 10", () => {
  const warned: string[] = [];
  test.each(settings)("in populations: $kernel, sd $deviation, dimension $dimension", async (setting) => {
    if ((await checkPopulations(setting, 40)).length > 0) warned.push(JSON.stringify(setting));
  });
  test.each(settings)("on ladders: $kernel, sd $deviation, dimension $dimension", async (setting) => {
    if ((await checkLadder(setting)).length > 0) warned.push(JSON.stringify(setting));
  });
  test("and at most 4 of the 48 warn", () => {
    expect(warned.length, warned.join("; ")).toBeLessThanOrEqual(4);
  });
});
