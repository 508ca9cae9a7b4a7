import { digitClassifier, fashionMnist, halves, mnist, thin } from "@basin/datasets";
import { type OutlierDetectorJson, outlierDetector } from "@basin/jem/outliers";
import { findChromium } from "@basin/testing/chromium";
import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { bundledPage } from "../bundled-page.ts";

const executable = findChromium();
if (executable === undefined)
  console.warn("no chromium found: ONNX Runtime Web is not tried in it (BASIN_CHROMIUM names one)");

interface Window {
  judge(
    images: readonly number[],
    detector: OutlierDetectorJson,
  ): Promise<{ logits: number[]; outliers: boolean[] }>;
}

describe.skipIf(executable === undefined)("a classifier of digits in ONNX Runtime Web, in chromium", () => {
  const page = bundledPage(executable as string, "onnx", "judge");

  test("gives the logits and outliers that Node gives, and tells clothes from digits", async () => {
    const session = await ort.InferenceSession.create(digitClassifier());
    const run = async (images: Uint8Array) => {
      const input = Float32Array.from(images, (byte) => byte / 255);
      const { logits } = await session.run({
        images: new ort.Tensor("float32", input, [images.length / 784, 1, 28, 28]),
      });
      return logits;
    };
    const [heldOut, fresh] = halves(thin(mnist().test, 2000));
    const detector = outlierDetector({ logits: await run(heldOut.images) }, { seed: 1 });
    const images = [...thin(fresh, 50).images, ...thin(fashionMnist(), 50).images];
    const here = await run(Uint8Array.from(images));
    const there = await page().evaluate(
      ([pictures, json]) => (globalThis as unknown as Window).judge(pictures, json),
      [images, JSON.parse(JSON.stringify(detector)) as OutlierDetectorJson] as const,
    );
    expect(there.logits).toHaveLength(1000);
    for (const [i, value] of there.logits.entries()) expect(value).toBeCloseTo(Number(here.data[i]), 3);
    expect(there.outliers).toEqual(detector.judge({ logits: here }).outliers);
    const flagged = (from: number) => there.outliers.slice(from, from + 50).filter(Boolean).length;
    expect(flagged(0)).toBeLessThanOrEqual(10);
    expect(flagged(50)).toBeGreaterThanOrEqual(25);
  });
});
