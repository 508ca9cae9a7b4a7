import { type HiddenPart, imageMask } from "@basin/energy-core/data";
import { describe, expect, it } from "vitest";

/** A mask drawn row by row, known pixels as #. */
function drawn([height, width]: readonly [number, number], hidden: HiddenPart): string[] {
  const mask = imageMask([height, width], hidden);
  return Array.from({ length: height }, (_, y) =>
    mask
      .slice(y * width, (y + 1) * width)
      .map((known) => (known ? "#" : "."))
      .join(""),
  );
}

describe("imageMask", () => {
  it("hides each half, the middle row or column of an odd size with the part that begins there", () => {
    expect(drawn([3, 2], "lower")).toEqual(["##", "##", ".."]);
    expect(drawn([4, 2], "lower")).toEqual(["##", "##", "..", ".."]);
    expect(drawn([4, 2], "upper")).toEqual(["..", "..", "##", "##"]);
    expect(drawn([2, 4], "left")).toEqual(["..##", "..##"]);
    expect(drawn([2, 4], "right")).toEqual(["##..", "##.."]);
  });

  it("hides a share from below, and all outside a centered window", () => {
    expect(drawn([4, 1], "0.25" as HiddenPart)).toEqual(["#", "#", "#", "."]);
    expect(drawn([4, 4], "crop:0.5" as HiddenPart)).toEqual(["....", ".##.", ".##.", "...."]);
  });

  it("gives the numbers of a pixel its place", () => {
    expect(imageMask([2, 1, 3], "lower")).toEqual([true, true, true, false, false, false]);
  });

  it("refuses what is no part, a share above 1, and a single axis", () => {
    expect(() => imageMask([2, 2], "middle" as HiddenPart)).toThrow('the hidden part is "middle"');
    expect(() => imageMask([2, 2], "1.5" as HiddenPart)).toThrow('the hidden part is "1.5"');
    expect(() => imageMask([4], "lower")).toThrow("no part can be hidden");
    expect(() => imageMask([1e6, 1e6], "lower")).toThrow("the number of values is 1000000000000, expected");
  });
});
