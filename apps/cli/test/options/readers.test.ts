import { expect, it } from "vitest";
import { numberList } from "../../src/options/readers.ts";

it("reads lists and ranges with both ends", async () => {
  expect(await numberList()("1.5:1.8:0.1,3")).toEqual([1.5, 1.6, 1.7, 1.8, 3]);
  for (const [text, message] of [
    ["", "number"],
    ["a", "number"],
    ["1:2", "Expected numbers a,b,c or ranges from:to:step."],
    ["2:1:0.1", "The range 2:1:0.1 needs from ≤ to and a step above 0."],
    ["1:2:0", "The range 1:2:0 needs from ≤ to and a step above 0."],
    ["1:1e9:1e-9", "The range 1:1e9:1e-9 has"],
  ])
    await expect(numberList()(text), text).rejects.toThrow(message);
  await expect(numberList()("2:2.6:4")).rejects.toThrow(
    /2:2.6:4 is from:to:step, and its step is longer than the range/,
  );
});
