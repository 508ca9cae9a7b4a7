import { ArgumentError } from "@basin/energy-core";
import { checkOptions, decodeText, encodeText } from "@basin/energy-core/internal";
import * as tf from "@tensorflow/tfjs";
import type { JointModel } from "./contract.ts";
import { jointEnergy } from "./joint-energy.ts";
import type { ReadFile } from "./load.ts";

/** What a model's files say beside the model: plain JSON of the caller's choice. */
export type Notes = Readonly<Record<string, unknown>>;

const CARD = "basin.json";
const WEIGHTS = "weights.bin";
const TOPOLOGY = "model.json";

/**
 * Resolves to the files of a model by name: `model.json` and `weights.bin` as tfjs itself writes them, and `basin.json`
 * with the head, the notes and the SHA-256 of both.
 *
 * @param notes anything that JSON holds, returned by {@link parseModel}.
 *
 * @example
 * ```ts
 * import { denseNetwork, formatModel, jointEnergy, parseModel } from "@basin/jem";
 *
 * const files = await formatModel(jointEnergy(denseNetwork([4], { outputs: 2, seed: 0 })), { trained: "never" });
 * const { energy, notes } = await parseModel((name) => files.get(name));
 * console.log(energy.labels, notes.trained); // 2 never
 * ```
 *
 * @throws {ArgumentError} for a model that is not made of layers.
 */
export async function formatModel(
  { classifier, head }: JointModel,
  notes: Notes = {},
): Promise<Map<string, Uint8Array>> {
  if (classifier === undefined)
    throw new ArgumentError("the model is not made of tf.layers, so it has no files");
  const files = new Map<string, Uint8Array>();
  await classifier.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const manifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
      const topology = {
        ...{ format: "layers-model", generatedBy: "basin", convertedBy: null },
        ...{ modelTopology, weightsManifest: manifest },
      };
      files.set(WEIGHTS, new Uint8Array(tf.io.concatenateArrayBuffers([weightData].flat() as ArrayBuffer[])));
      files.set(TOPOLOGY, encodeText(JSON.stringify(topology)));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }),
  );
  const sums: Record<string, string> = {};
  for (const [name, bytes] of files) sums[name] = await sha256(bytes);
  const card = { ...notes, format: "basin-jem", version: 1, head, files: sums };
  return files.set(CARD, encodeText(`${JSON.stringify(card, undefined, 2)}\n`));
}

/**
 * Resolves to a model from the files of {@link formatModel}, with their notes.
 *
 * @param read returns a file by its name, or undefined where there is none.
 * @param options `folder` is what messages begin with.
 *
 * @example
 * ```ts
 * import { denseNetwork, formatModel, jointEnergy, parseModel } from "@basin/jem";
 *
 * const files = await formatModel(jointEnergy(denseNetwork([4], { outputs: 2, seed: 0 })));
 * console.log((await parseModel((name) => files.get(name))).energy.head); // logits
 * ```
 *
 * @throws {ArgumentError} if there is no model, and for changed files, naming them.
 */
export async function parseModel(
  read: ReadFile,
  options: { folder?: string } = {},
): Promise<{ energy: JointModel; notes: Notes }> {
  checkOptions("parseModel", options, "folder");
  const { folder = "the model" } = options;
  const text = await read(CARD);
  if (text === undefined)
    throw new ArgumentError(`${folder} holds no trained model (there is no ${CARD} in it)`);
  const { format, version, head, files, ...notes } = parseCard(text, `${folder}/${CARD}`);
  const checked = async (name: string) => {
    const bytes = await read(name);
    const found = bytes === undefined ? "missing" : await sha256(bytes);
    if (bytes !== undefined && found === files[name]) return bytes;
    throw new ArgumentError(
      `${folder}/${name} is damaged or was changed: its SHA-256 is ${found.slice(0, 16)}…, ` +
        `${CARD} says ${String(files[name]).slice(0, 16)}…`,
    );
  };
  const { modelTopology, weightsManifest } = JSON.parse(decodeText(await checked(TOPOLOGY)));
  const weightData = Uint8Array.from(await checked(WEIGHTS)).buffer;
  const [{ weights: weightSpecs }] = weightsManifest;
  const network = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  return { energy: jointEnergy(network, { head }), notes };
}

interface Card extends Record<string, unknown> {
  readonly head: JointModel["head"];
  readonly files: Readonly<Record<string, string>>;
}

function parseCard(bytes: Uint8Array, path: string): Card {
  let card: Card;
  try {
    card = JSON.parse(decodeText(bytes));
  } catch (cause) {
    const why = (cause as Error).message.replaceAll("\n", " ");
    throw new ArgumentError(`${path} is damaged: ${why}`, { cause });
  }
  if (card?.format === "basin-jem" && card.version === 1 && typeof card.files === "object") return card;
  throw new ArgumentError(`${path} does not describe a model of this version`);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The library is compiled with neither Node's nor the DOM's types.
declare const crypto: {
  readonly subtle: { digest(name: string, bytes: Uint8Array): Promise<ArrayBuffer> };
};
