import { digitClassifier, fashionMnist, halves, mnist, thin } from "@basin/datasets";
import { outlierMetrics } from "@basin/energy-core";
import { type OutlierData, outlierDetector } from "@basin/jem/outliers";
import * as ort from "onnxruntime-web";
import { beforeAll, describe, expect, it } from "vitest";

describe("a classifier of digits in ONNX Runtime Web", () => {
  let session: ort.InferenceSession;
  beforeAll(async () => {
    session = await ort.InferenceSession.create(digitClassifier());
  });

  const run = async (images: Uint8Array): Promise<OutlierData & { logits: ort.Tensor }> => {
    const input = Float32Array.from(images, (byte) => byte / 255);
    const { logits, features } = await session.run({
      images: new ort.Tensor("float32", input, [images.length / 784, 1, 28, 28]),
    });
    return { logits, features };
  };

  it("reads digits that it was not trained on, 97 of 100", async () => {
    const { images, labels, count } = thin(mnist().test, 1000);
    const { logits } = await run(images);
    const rows = Array.from({ length: count }, (_, i) =>
      Array.from(logits.data.slice(10 * i, 10 * i + 10) as Float32Array),
    );
    const right = rows.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
    expect(right / count).toBeGreaterThan(0.97);
  });

  it.each(["energy", "relative-mahalanobis", "neighbors"] as const)(
    "tells clothes from digits by %s of its tensors as they are, and keeps the digits that were asked for",
    async (score) => {
      const [heldOut, fresh] = halves(thin(mnist().test, 4000));
      const held = await run(heldOut.images);
      const clothes = await run(thin(fashionMnist(), 1000).images);
      const detector = outlierDetector(held, { score, keep: 0.95, seed: 1 });
      const [inside, outside] = [detector.judge(await run(fresh.images)), detector.judge(clothes)];
      expect(outlierMetrics(inside.scores, outside.scores, { resamples: 20, seed: 1 }).auroc).toBeGreaterThan(
        0.9,
      );
      expect(inside.outliers.filter(Boolean).length / 2000).toBeLessThan(0.07);
      expect(outside.outliers.filter(Boolean).length / 1000).toBeGreaterThan(0.4);
    },
  );
});
