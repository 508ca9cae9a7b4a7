import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRng } from "@basin/energy-core/random";
import { useWasm } from "@basin/energy-core/tensor";
import { jointEnergy, loadModel, probabilities, scores } from "@basin/jem";
import * as tf from "@tensorflow/tfjs";
import { MobileNetV2Model } from "nsfwjs/models/mobilenet_v2";
import { MobileNetV2MidModel } from "nsfwjs/models/mobilenet_v2_mid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SIDE = 224;
const SIZE = SIDE * SIDE * 3;
const GIB = 2 ** 30;

const folder = mkdtempSync(join(tmpdir(), "nsfw-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => useWasm());

type Bundled = typeof MobileNetV2Model;
interface Topology {
  readonly weightsManifest: readonly { readonly paths: readonly string[] }[];
}

/** Writes a model that comes as JavaScript to the files that it was made of. */
async function written(model: Bundled): Promise<string> {
  const at = join(folder, model.name);
  mkdirSync(at, { recursive: true });
  const json = (await model.modelJson()).default as unknown as Topology;
  writeFileSync(join(at, "model.json"), JSON.stringify(json));
  for (const [i, path] of json.weightsManifest.flatMap(({ paths }) => paths).entries())
    writeFileSync(join(at, path), Buffer.from((await model.weightBundles[i]()).default, "base64"));
  return at;
}

/** Smooth colors that no two images share. */
function images(count: number): Uint8Array {
  const rng = createRng(3);
  const out = new Uint8Array(count * SIZE);
  for (let n = 0; n < count; n++) {
    const [a, b, c] = [rng.uniform(), rng.uniform(), rng.uniform()];
    for (let p = 0; p < SIZE; p++)
      out[n * SIZE + p] = 128 + 120 * Math.sin(0.05 * a * (p % 700) + b * (p % 3) + (c * p) / 9000);
  }
  return out;
}

describe.each([
  ["layers", MobileNetV2Model],
  ["graph", MobileNetV2MidModel as unknown as Bundled],
] as const)("nsfwjs's model of %s", (kind, bundled) => {
  it("is read from disk up to its softmax, with the probabilities that it predicts and a right gradient", async () => {
    const loaded = await loadModel(await written(bundled));
    const model = jointEnergy(loaded);
    expect(model).toMatchObject({
      labels: 5,
      reading: { outputs: "softmax" },
      space: { shape: [SIDE, SIDE, 3] },
    });
    expect(model.reading.description).toContain(`a ${kind === "graph" ? "graph model" : "model of layers"}`);
    const x = Float32Array.from(images(2), (byte) => byte / 255);
    const predicted = (loaded.predict(tf.tensor4d(x, [2, SIDE, SIDE, 3])) as tf.Tensor).dataSync();
    for (const [i, p] of probabilities(model, x).entries()) expect(p).toBeCloseTo(predicted[i], 4);
    const gradient = tf.tidy(() =>
      tf
        .grad((y: tf.Tensor) => model.can.batch.energies(y).sum())(
          tf.tensor4d(x.subarray(0, SIZE), [1, SIDE, SIDE, 3]),
        )
        .dataSync(),
    ) as Float32Array;
    const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    expect(scores(model, x, "approximate-mass")[0] / norm).toBeCloseTo(1, 4);
    const step = 0.02;
    const moved = [1, -1].map((sign) =>
      x.slice(0, SIZE).map((v, i) => v + (sign * step * gradient[i]) / norm),
    );
    const [up, down] = moved.map((rows) => scores(model, rows)[0]);
    expect((up - down) / (2 * step) / norm).toBeCloseTo(1, 1);
  });

  it("scores 500 images of 224² in less than 1 GiB of the backend's memory, gradients of 50 among them", async () => {
    const model = jointEnergy(await loadModel(await written(bundled)));
    const many = images(500);
    const energies = scores(model, many);
    expect(energies).toHaveLength(500);
    expect(energies.every(Number.isFinite)).toBe(true);
    expect(scores(model, many.subarray(0, 50 * SIZE), "approximate-mass").every((g) => g > 0)).toBe(true);
    const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
    console.log(
      `${kind}: ${(wasm.HEAPU8.byteLength / GIB).toFixed(2)} GiB of wasm memory, ${(process.memoryUsage().rss / GIB).toFixed(2)} GiB of process`,
    );
    expect(wasm.HEAPU8.byteLength).toBeLessThan(GIB);
  });
});
