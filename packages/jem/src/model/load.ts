import { ArgumentError, BasinError } from "@basin/energy-core";
import * as tf from "@tensorflow/tfjs";

/** A `model.json` as tfjs and its converter write it. */
interface ModelFile extends tf.io.ModelJSON {
  readonly modelTopology: tf.io.ModelJSON["modelTopology"] & { readonly node?: unknown };
}

/**
 * Resolves to the model in a `model.json` of tfjs with its weight files, read from disk. In Node, tfjs reads files only
 * with tfjs-node. The contents of the file show its kind: layers, which can be trained, or a graph, the form of
 * converted TensorFlow models.
 *
 * @param path of `model.json`, of its folder, or a `file:` address.
 *
 * @example
 * ```ts
 * import { mkdir, writeFile } from "node:fs/promises";
 * import { jointEnergy, loadModel } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 2 })] });
 * await mkdir("net", { recursive: true });
 * await net.save(
 *   tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
 *     const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
 *     await writeFile("net/model.json", JSON.stringify({ modelTopology, weightsManifest }));
 *     await writeFile("net/weights.bin", new Uint8Array(weightData as ArrayBuffer));
 *     return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
 *   }),
 * );
 * console.log(jointEnergy(await loadModel("net")).reading.description);
 * ```
 *
 * @throws {BasinError} for a file that is missing, not a model, or truncated, naming it.
 */
export async function loadModel(path: string): Promise<tf.LayersModel | tf.GraphModel> {
  if (/^https?:/.test(path))
    throw new ArgumentError(`${path} is not a path: tf.loadLayersModel and tf.loadGraphModel read addresses`);
  const { readFile, stat } = await fileSystem();
  const plain = path.startsWith("file:") ? decodeURIComponent(new URL(path).pathname) : path;
  const isFolder = await stat(plain).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw new BasinError(`${plain} cannot be read: ${String((cause as Error).message)}`, { cause });
    },
  );
  const file = isFolder ? `${plain}/model.json` : plain;
  const read = async (name: string) =>
    readFile(name).catch((cause: unknown) => {
      throw new BasinError(`${name} cannot be read: ${String((cause as Error).message)}`, { cause });
    });
  const json = parse(file, await read(file));
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : ".";
  const artifacts = await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
    const files = manifest.flatMap(({ paths }) => paths.map((name) => `${folder}/${name}`));
    const parts = await Promise.all(files.map(read));
    const data = concatenate(parts);
    const specs = manifest.flatMap(({ weights }) => weights);
    const expected = specs.reduce((sum, spec) => sum + bytesOf(spec), 0);
    if (!Number.isNaN(expected) && data.byteLength !== expected)
      throw new BasinError(
        `${files.join(", ")}: ${data.byteLength} bytes of weights, ${file} expects ${expected}`,
      );
    return [specs, data];
  });
  const handler = tf.io.fromMemory(artifacts);
  const isGraph = json.format === "graph-model" || json.modelTopology.node !== undefined;
  return isGraph ? tf.loadGraphModel(handler) : tf.loadLayersModel(handler);
}

function parse(file: string, bytes: Uint8Array): ModelFile {
  let json: ModelFile;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new BasinError(`${file} is no JSON: ${(cause as Error).message.replaceAll("\n", " ")}`, { cause });
  }
  if (typeof json?.modelTopology === "object" && Array.isArray(json.weightsManifest)) return json;
  throw new BasinError(
    `${file} is not a model of tfjs: it has the keys ${Object.keys(json ?? {})
      .slice(0, 5)
      .join(", ")}, expected modelTopology and weightsManifest`,
  );
}

const BYTES: Readonly<Record<string, number>> = { bool: 1, complex64: 8, float16: 2, uint8: 1, uint16: 2 };

/** Strings state their lengths in the data itself, so that only the data knows. */
function bytesOf({ shape, dtype, quantization }: tf.io.WeightsManifestEntry): number {
  if (dtype === "string") return Number.NaN;
  return tf.util.sizeFromShape(shape) * (BYTES[quantization?.dtype ?? dtype] ?? 4);
}

function concatenate(parts: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

interface FileSystem {
  readFile(path: string): Promise<Uint8Array>;
  stat(path: string): Promise<{ isDirectory(): boolean }>;
}

function fileSystem(): Promise<FileSystem> {
  // A name that bundlers cannot see keeps the rest usable in browsers.
  const name = "node:fs/promises";
  return import(/* @vite-ignore */ name);
}

// The library is compiled with neither Node's nor the DOM's types.
declare const URL: new (address: string) => { readonly pathname: string };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };
