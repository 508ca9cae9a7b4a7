import { expect, test } from "vitest";
import { imageShape, shadesOf } from "../../../src/demos/outliers/picture.ts";

const gray = { height: 1, width: 2, channels: 1 } as const;
const color = { ...gray, channels: 3 } as const;

test.each([
  [
    [28, 20, 1],
    [28, 20, 1],
  ],
  [
    [32, 24, 3],
    [32, 24, 3],
  ],
  [
    [8, 9],
    [8, 9, 1],
  ],
  [[784], [28, 28, 1]],
  [[3072], [32, 32, 3]],
])("an input of shape %j is an image of %j", (shape, [height, width, channels]) => {
  expect(imageShape(shape)).toEqual({ height, width, channels });
});

test.each([[[10]], [[32, 32, 4]], [[3, 32, 32]], [[2, 8, 8, 3]]])(
  "inputs of shape %j are no images",
  (shape) => {
    expect(() => imageShape(shape)).toThrow(`[${shape.join(", ")}], which are no images`);
  },
);

test("shades are one a pixel in gray and three in color", () => {
  const pixels = Uint8ClampedArray.of(7, 7, 7, 255, 9, 9, 9, 255);
  expect(shadesOf(pixels, gray)).toEqual(Uint8Array.of(7, 9));
  expect(shadesOf(pixels, color)).toEqual(Uint8Array.of(7, 7, 7, 9, 9, 9));
});

test("color is refused where the model takes gray, and what shows through everywhere", () => {
  expect(() => shadesOf(Uint8ClampedArray.of(7, 8, 7, 255), gray)).toThrow("is in color (3 channels)");
  expect(() => shadesOf(Uint8ClampedArray.of(7, 7, 7, 254), color)).toThrow("show through");
});
