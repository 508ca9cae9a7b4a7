import { softwareGpu } from "@basin/testing/gpu";
import { describe, expect, it } from "vitest";
import { manyRuns } from "./cases.ts";

const open = await softwareGpu();

describe.skipIf(open === undefined)("a thousand runs on a software GPU", () => {
  it("leave no buffer and have the same bits", async () => {
    const { live, made, ends } = await manyRuns((await open?.()) as never, 1000);
    expect([live, ends]).toEqual([0, 1]);
    expect(made).toBeGreaterThan(5000);
  });
});
