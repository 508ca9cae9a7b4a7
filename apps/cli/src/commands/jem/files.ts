import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { JointEnergy } from "@basin/jem";
import type * as TF from "@tensorflow/tfjs";
import { toJson, writeWhole } from "../../output.ts";
import { loadSplit, type Split } from "./images.ts";

/** What a folder's `basin.json` says of the model in it. */
export interface ModelCard {
  readonly format: "basin-jem";
  readonly version: 1;
  readonly head: JointEnergy["head"];
  readonly data: string;
  readonly labelsFile?: string;
  readonly shape: readonly number[];
  readonly classes: number;
  /** Absent from cards of before classes had names; {@link namesOf}. */
  readonly classNames?: readonly string[];
  readonly arch: string;
  readonly seed: number;
  /** How samples were drawn in training. */
  readonly sampler: Readonly<Record<string, unknown>>;
  readonly trained: Readonly<Record<string, unknown>>;
  /** SHA-256 of each file of the model. */
  readonly files: Readonly<Record<string, string>>;
}

const CARD = "basin.json";
const WEIGHTS = "weights.bin";
const TOPOLOGY = "model.json";

export function hasModel(folder: string): boolean {
  return existsSync(join(folder, CARD));
}

/** Writes a model as tfjs itself would, `model.json` with `weights.bin`, and beside them what they are and their checksums. */
export async function saveModel(
  tf: typeof TF,
  folder: string,
  network: TF.LayersModel,
  card: Omit<ModelCard, "format" | "version" | "files">,
): Promise<void> {
  await network.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weights = new Uint8Array(tf.io.concatenateArrayBuffers([weightData].flat() as ArrayBuffer[]));
      const topology = JSON.stringify({
        format: "layers-model",
        generatedBy: "basin",
        convertedBy: null,
        modelTopology,
        weightsManifest: [{ paths: [WEIGHTS], weights: weightSpecs }],
      });
      const files = { [TOPOLOGY]: sha256(topology), [WEIGHTS]: sha256(weights) };
      writeWhole(join(folder, WEIGHTS), weights);
      writeWhole(join(folder, TOPOLOGY), topology);
      writeWhole(join(folder, CARD), `${toJson({ format: "basin-jem", version: 1, ...card, files })}\n`);
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
    }),
  );
}

/** Loads a model and its card. @throws {ArgumentError} for a folder without one, and for files that are not what was written. */
export async function loadModel(
  tf: typeof TF,
  folder: string,
): Promise<{ model: JointEnergy; card: ModelCard }> {
  const card = readCard(folder);
  const [topology, weights] = [TOPOLOGY, WEIGHTS].map((name) => checked(folder, name, card.files[name]));
  const { jointEnergy } = await import("@basin/jem");
  const { modelTopology, weightsManifest } = JSON.parse(topology.toString("utf8"));
  const network = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0].weights,
      weightData: Uint8Array.from(weights).buffer,
    }),
  );
  return { model: jointEnergy(network, { head: card.head }), card };
}

/** Returns the names of a model's classes; numbers where they have none. */
export function namesOf({ classes, classNames }: ModelCard): readonly string[] {
  return classNames ?? Array.from({ length: classes }, (_, label) => String(label));
}

/** Returns the images that a model was trained and is to be tested on. */
export function imagesOf(card: ModelCard): Promise<Split> {
  return loadSplit(card.data, card.labelsFile, card);
}

export function readCard(folder: string): ModelCard {
  const path = join(folder, CARD);
  if (!existsSync(path))
    throw new ArgumentError(`${folder} holds no trained model (there is no ${CARD} in it)`);
  let card: ModelCard;
  try {
    card = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ArgumentError(`${path} is damaged: ${oneLine(cause)}`, { cause });
  }
  if (card?.format !== "basin-jem" || card.version !== 1 || typeof card.files !== "object")
    throw new ArgumentError(`${path} does not describe a model of this version`);
  return card;
}

/** The message of a parser, which may quote lines of what it read. */
export function oneLine(error: unknown): string {
  return (error as Error).message.replaceAll("\n", " ");
}

function checked(folder: string, name: string, expected: string): Buffer {
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const found = sha256(bytes);
  if (found === expected) return bytes;
  throw new ArgumentError(
    `${path} is damaged or was changed: its SHA-256 is ${found.slice(0, 16)}…, ${CARD} says ${String(expected).slice(0, 16)}…`,
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
