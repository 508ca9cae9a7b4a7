import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { useWasm } from "@basin/energy-core/tensor";
import { jointEnergy, loadModel, scores } from "@basin/jem";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder = "";
beforeAll(async () => {
  await useWasm();
  folder = await mkdtemp(join(tmpdir(), "models-"));
});
afterAll(() => rm(folder, { recursive: true }));

const net = () =>
  tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [3], units: 5, activation: "relu" }),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });

/** Saves a model as tfjs does, its weights cut into so many files. */
async function save(name: string, model: tf.LayersModel, shards: number): Promise<string> {
  const at = join(folder, name);
  await mkdir(at, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const bytes = new Uint8Array(weightData as ArrayBuffer);
      const size = Math.ceil(bytes.length / shards);
      const paths = Array.from({ length: shards }, (_, k) => `group1-shard${k + 1}of${shards}.bin`);
      for (const [k, path] of paths.entries())
        await writeFile(join(at, path), bytes.subarray(k * size, (k + 1) * size));
      const weightsManifest = [{ paths, weights: weightSpecs }];
      await writeFile(join(at, "model.json"), JSON.stringify({ modelTopology, weightsManifest }));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" as const } };
    }),
  );
  return at;
}

describe("loadModel", () => {
  it("reads layers and weights from a folder, a file, an address or a function, whatever the weights are cut into", async () => {
    const model = net();
    const x = Float32Array.of(0.1, -2, 3);
    const expected = scores(jointEnergy(model), x);
    for (const shards of [1, 3]) {
      const at = await save(`net${shards}`, model, shards);
      for (const path of [at, `${at}/`, join(at, "model.json"), pathToFileURL(join(at, "model.json")).href])
        expect(scores(jointEnergy(await loadModel(path)), x)).toEqual(expected);
      const read = (name: string) => readFile(join(at, name));
      expect(scores(jointEnergy(await loadModel(read)), x)).toEqual(expected);
    }
    await expect(loadModel(() => undefined)).rejects.toThrow("model.json is missing");
  });

  it("says what is the matter with a file that is missing, cut short or something else", async () => {
    const at = await save("broken", net(), 2);
    await expect(loadModel(join(folder, "nowhere"))).rejects.toThrow(/nowhere cannot be read: ENOENT/);
    await expect(loadModel("https://example.org/model.json")).rejects.toThrow(
      /is not a path: tf\.loadLayersModel/,
    );
    await writeFile(join(at, "group1-shard2of2.bin"), Uint8Array.of(1, 2, 3));
    await expect(loadModel(at)).rejects.toThrow(
      /shard2of2\.bin: \d+ bytes of weights, .*model\.json expects 128/,
    );
    await rm(join(at, "group1-shard2of2.bin"));
    await expect(loadModel(at)).rejects.toThrow(/shard2of2\.bin cannot be read: ENOENT/);
    await writeFile(join(at, "model.json"), "{");
    await expect(loadModel(at)).rejects.toThrow(/model\.json is no JSON/);
    await writeFile(join(at, "model.json"), '{"layers": []}');
    await expect(loadModel(at)).rejects.toThrow(
      /is not a model of tfjs: it has the keys layers, expected modelTopology/,
    );
  });
});
