import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { centered } from "../../../src/demos/jem/centered.ts";
import { judge, type Loaded, load, measure, start, walk } from "../../../src/demos/jem/jobs.ts";
import { pictureCount, schema } from "../../../src/demos/jem/settings.ts";
import { initialSettings } from "../../../src/demos/shared/settings.ts";

const folder = join(import.meta.dirname, "../../../src/demos/jem/model");
const initial = initialSettings(schema);
const pixels = 784;
let loaded: Loaded;
beforeAll(async () => {
  const weights = new Uint8Array(readFileSync(join(folder, "weights.bin")));
  await expect(load(weights.slice(1))).rejects.toThrow("weights.bin is damaged or was changed");
  loaded = await load(weights);
});
const picture = (k: number) => loaded.pictures.slice(k * pixels, (k + 1) * pixels);

/** Walks to the end of the settings. */
async function walked(settings: Partial<typeof initial>, from: Float32Array) {
  const plan = { ...initial, ...settings };
  const { seed, keep } = plan;
  let way = await walk({ from: start({ settings: plan, picture: from, chain: 0 }), steps: 50, seed, keep });
  while (way.done < plan.steps) way = await walk({ from: way, steps: 50, seed, keep });
  return way;
}

describe("the model of digits that ships with the site", () => {
  test("is what the page on it says, by its hash", () => {
    const page = readFileSync(join(folder, "../../../../../../docs/credits.md"), "utf8");
    const hash = createHash("sha256")
      .update(readFileSync(join(folder, "weights.bin")))
      .digest("hex");
    expect(page).toContain(hash);
  });

  test("reads a digit of each class, and calls none of them an outlier", async () => {
    expect(loaded.names).toHaveLength(pictureCount);
    for (let label = 0; label < 10; label++) {
      const { probabilities, outlier } = await judge({ picture: picture(label), keep: 0.99 });
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(label);
      expect(outlier).toBe(false);
    }
  });

  test.each([11, 12, 13])("calls picture %i, which is no digit, an outlier", async (k) => {
    const { energy, threshold, outlier } = await judge({ picture: picture(k), keep: 0.95 });
    expect(outlier).toBe(true);
    expect(energy).toBeGreaterThan(threshold);
  });

  test("keeps the share of fresh digits that it states, and is as accurate as training reported", async () => {
    const { kept, accuracy, auroc } = await measure({ keep: 0.9 });
    expect(Math.abs(kept.mean - kept.exact)).toBeLessThan(4.89 * kept.standardError);
    expect(kept.exact).toBeCloseTo(0.9, 2);
    expect(Math.abs(accuracy.mean - accuracy.exact)).toBeLessThan(4.89 * accuracy.standardError);
    expect(auroc.mean).toBeGreaterThan(0.6);
  });
});

describe("chains", () => {
  test("from noise become digits of their class", async () => {
    for (const digit of ["3", "7"] as const) {
      const { picture: drawn, judgment } = await walked({ digit }, picture(0));
      expect(judgment.probabilities[Number(digit)]).toBeGreaterThan(0.9);
      expect(judgment.outlier).toBe(false);
      expect(drawn.some((value) => value > 0.5)).toBe(true);
    }
  });

  test("with a half held keep it to the bit, and complete it as the digit that it was", async () => {
    const whole = picture(7);
    const { picture: drawn, judgment } = await walked({ task: "complete", hide: "right" }, whole);
    for (let k = 0; k < pixels; k++) if (k % 28 < 14) expect(drawn[k]).toBe(whole[k]);
    expect(judgment.probabilities[7]).toBeGreaterThan(0.5);
  });

  test("repeat themselves for a seed", async () => {
    const [one, two] = [await walked({ steps: 50 }, picture(0)), await walked({ steps: 50 }, picture(0))];
    expect(two.rows).toEqual(one.rows);
    expect((await walked({ steps: 50, seed: 2 }, picture(0))).rows).not.toEqual(one.rows);
  });
});

test("a drawing is moved to the middle, and an empty one stays", () => {
  const corner = new Float32Array(pixels);
  for (const k of [0, 1, 28, 29]) corner[k] = 1;
  const middle = centered(corner);
  expect([...middle.keys()].filter((k) => middle[k] === 1)).toEqual([377, 378, 405, 406]);
  expect(centered(new Float32Array(pixels))).toEqual(new Float32Array(pixels));
});
