import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { decode } from "fast-png";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeGray } from "../../src/pictures.ts";
import { bars, COUNT, idx, jem, jemRefused, jemResult, scratchFolder, short } from "../jem-data.ts";

const { at } = scratchFolder();
const { images, labels } = bars(1);
const few = ["--count", "4", "--steps", "2", "--seed", "1"];

beforeAll(async () => {
  writeFileSync(at("labels.idx"), idx([COUNT], labels));
  // Red bars on blue.
  const colors = Uint8Array.from({ length: 3 * images.length }, (_, k) =>
    k % 3 === 0 ? images[Math.floor(k / 3)] : k % 3 === 2 ? 255 - images[Math.floor(k / 3)] : 0,
  );
  for (const [name, shape, bytes] of [
    ["color", [6, 6, 3], colors],
    ["flat", [36], images],
    ["tiny", [6, 6], images.subarray(0, 36 * 12)],
  ] as const) {
    const count = name === "tiny" ? 12 : COUNT;
    writeFileSync(at(`${name}.idx`), idx([count, ...shape], bytes));
    writeFileSync(at(`${name}-labels.idx`), idx([count], labels.subarray(0, count)));
    const data = ["--data", at(`${name}.idx`), "--labels", at(`${name}-labels.idx`)];
    await jemResult("train", ...data, ...short, "--updates", "20", "--out", at(name));
  }
});

describe("models of color images", () => {
  it("draw in color", async () => {
    await jemResult("generate", at("color"), ...few, "--png", at("color/samples.png"), "--no-judge");
    const sheet = decode(readFileSync(at("color/samples.png")));
    expect(sheet).toMatchObject({ width: 14, height: 30, channels: 3 });
    await jemResult("complete", at("color"), ...few, "--png", at("color/completed.png"), "--mask", "right");
    const { width, height, channels, data } = decode(readFileSync(at("color/completed.png")));
    expect([width, height, channels]).toEqual([30, 30, 3]);
    // Whole test images: no green, and as much red as blue lacks.
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < width; x++) {
        const [red, green, blue] = data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3);
        if (x % 8 < 6) expect([green, red + blue]).toEqual([0, 255]);
        else expect([red, green, blue]).toEqual([128, 128, 128]);
      }
  });

  it("are judged on the outliers that such images have, and told of the others", async () => {
    const byDefault = await jemResult("evaluate", at("color"), "--attacked", "0");
    expect(byDefault.outliers.map(({ outliers }: { outliers: string }) => outliers)).toEqual([
      "inverted",
      "noise",
    ]);
    expect(byDefault.leftOut).toEqual(["rotated", "shuffled"]);
    const text = await jem("evaluate", at("flat"), "--attacked", "0");
    expect(text.stdout).toMatch(/^left out: rotated, shuffled, which need images \[height, width\]/m);
    const message = /rotated needs images \[height, width\] of one channel, these have shape \[6, 6, 3\]/;
    await jemRefused(message, "evaluate", at("color"), "--ood", "rotated");
  });
});

describe("models of inputs that are no images", () => {
  it("draw no pictures", async () => {
    const message = /--png draws images \[height, width\] .* inputs of shape \[36\]; leave --png out/;
    await jemRefused(message, "generate", at("flat"), ...few, "--png", at("flat/samples.png"));
    expect(existsSync(at("flat/samples.png"))).toBe(false);
    await jemRefused(/inputs of shape \[36\] are not images/, "complete", at("flat"), ...few);
    expect(await jemResult("generate", at("flat"), ...few, "--no-judge")).toMatchObject({ classes: [0, 1] });
  });
});

describe("few images", () => {
  it("leave out what they do not define", async () => {
    expect((await jemResult("complete", at("tiny"), ...few)).images).toBe(1);
    const text = await jem("complete", at("tiny"), ...few);
    expect(text.stdout).toMatch(
      /^1 test image \(all there are; 4 were asked for\) with the part lower hidden/,
    );
    const one = ["--count", "1", "--class", "0", "--steps", "2"];
    const drawn = await jemResult("generate", at("flat"), ...one);
    expect(drawn).not.toHaveProperty("frechet");
    expect(drawn.nearestTrainingInput.samples).toBeGreaterThan(0);
    expect((await jem("generate", at("tiny"), ...one)).stdout).toMatch(/Fréchet distance .* left out/);
  });

  it("have no standard error", async () => {
    writeFileSync(at("one.png"), encodeGray({ width: 6, height: 6, pixels: images.slice(0, 36) }));
    const args = ["evaluate", at("tiny"), "--ood", at("one.png"), "--attacked", "0"];
    const { code, stdout } = await jem(...args);
    expect(code).toBe(0);
    expect(stdout).not.toContain("NaN");
    expect(stdout).not.toMatch(/energy .*±/);
    const [{ scores }] = (await jemResult(...args)).outliers;
    expect(scores[0]).not.toHaveProperty("aurocStandardError");
  });
});
