import { createRng } from "@basin/energy-core/random";
import { randomShifts } from "@basin/jem";
import { describe, expect, it } from "vitest";

describe("random shifts", () => {
  it.each([
    [[4, 5], 1],
    [[5, 6, 3], 2],
  ])("draw all shifts of %j by up to %i alike, and move every pixel with its channels", (shape, pixels) => {
    const [height, width, channels = 1] = shape;
    const size = height * width * channels;
    const rng = createRng(1);
    const rows = 2000;
    const image = Float32Array.from({ length: size }, (_, k) => k + 1);
    const inputs = new Float32Array(rows * size);
    for (let row = 0; row < rows; row++) inputs.set(image, row * size);
    randomShifts(shape, pixels)(inputs, new Int32Array(rows), rng);
    const counts = new Map<string, number>();
    for (let row = 0; row < rows; row++) {
      // The middle pixel stays inside and says where the image went.
      const middle = image[((height >> 1) * width + (width >> 1)) * channels];
      const at = inputs.subarray(row * size, (row + 1) * size).indexOf(middle) / channels;
      const [down, right] = [Math.floor(at / width) - (height >> 1), (at % width) - (width >> 1)];
      counts.set(`${down},${right}`, (counts.get(`${down},${right}`) ?? 0) + 1);
      const wrong = inputs.subarray(row * size, (row + 1) * size).findIndex((value, k) => {
        const [fromY, fromX] = [
          Math.floor(k / channels / width) - down,
          (Math.floor(k / channels) % width) - right,
        ];
        const inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
        return value !== (inside ? image[(fromY * width + fromX) * channels + (k % channels)] : 0);
      });
      expect(wrong).toBe(-1);
    }
    const shifts = (2 * pixels + 1) ** 2;
    expect(counts.size).toBe(shifts);
    // Each count is binomial; 4.5 of its standard errors.
    const p = 1 / shifts;
    for (const count of counts.values())
      expect(Math.abs(count - rows * p)).toBeLessThan(4.5 * Math.sqrt(rows * p * (1 - p)));
  });

  it("refuse a shape that is no image's, and shifts that leave nothing", () => {
    expect(() => randomShifts([784], 1)).toThrow(/shape is \[784\], expected \[height, width\]/);
    expect(() => randomShifts([4, -1], 0)).toThrow(/shape\[1\] is -1/);
    expect(() => randomShifts([4, 5], 4)).toThrow(/pixels/);
    expect(() => randomShifts([4, 5], 0.5)).toThrow(/pixels/);
  });
});
