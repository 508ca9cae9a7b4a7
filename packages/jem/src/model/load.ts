import { ArgumentError, BasinError } from "@basin/energy-core";
import { decodeText } from "@basin/energy-core/internal";
import * as tf from "@tensorflow/tfjs";

/** A `model.json` as tfjs and its converter write it. */
interface ModelFile extends tf.io.ModelJSON {
  readonly modelTopology: tf.io.ModelJSON["modelTopology"] & { readonly node?: unknown };
}

/** Returns a file by its name, or undefined where there is none. */
export type ReadFile = (name: string) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/**
 * Resolves to the model in a `model.json` of tfjs with its weight files: from disk, which tfjs itself reads only with
 * tfjs-node, or from wherever a function has them, such as files that were dropped on a page. The contents of the file
 * show its kind: layers, which can be trained, or a graph, the form of converted TensorFlow models.
 *
 * @param from the path of `model.json` or of its folder, a `file:` address, or a function that returns `model.json` and
 * the files that it names.
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
export async function loadModel(from: string | ReadFile): Promise<tf.LayersModel | tf.GraphModel> {
  if (typeof from === "function")
    return assemble("model.json", async (name) => {
      const bytes = await from(name);
      if (bytes === undefined) throw new BasinError(`${name} is missing`);
      return bytes;
    });
  if (/^https?:/.test(from))
    throw new ArgumentError(`${from} is not a path: tf.loadLayersModel and tf.loadGraphModel read addresses`);
  const { readFile, stat } = await fileSystem();
  const plain = from.startsWith("file:") ? decodeURIComponent(new URL(from).pathname) : from;
  const unreadable = (name: string) => (cause: unknown) => {
    throw new BasinError(`${name} cannot be read: ${String((cause as Error).message)}`, { cause });
  };
  const isFolder = await stat(plain).then((found) => found.isDirectory(), unreadable(plain));
  return assemble(isFolder ? `${plain}/model.json` : plain, (name) => readFile(name).catch(unreadable(name)));
}

async function assemble(
  file: string,
  read: (name: string) => Promise<Uint8Array>,
): Promise<tf.LayersModel | tf.GraphModel> {
  const json = parse(file, await read(file));
  const folder = file.slice(0, file.lastIndexOf("/") + 1);
  const artifacts = await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
    const files = manifest.flatMap(({ paths }) => paths.map((name) => `${folder}${name}`));
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
    json = JSON.parse(decodeText(bytes));
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
