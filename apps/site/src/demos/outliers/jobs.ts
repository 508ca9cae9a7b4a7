import { ArgumentError, detector, outlierMetrics } from "@basin/energy-core";
import { type JointModel, jointEnergy, loadModel, parseModel, probabilities, scores } from "@basin/jem";
import * as tf from "@tensorflow/tfjs";
import { lawOfKept } from "../shared/kept.ts";
import { type ImageShape, imageShape, readPicture } from "./picture.ts";
import type { Settings } from "./settings.ts";

/** Images that go through the model at a time. */
const together = 32;

/** A model for the page. */
export interface Opened extends ImageShape {
  readonly labels: number;
  /** What the outputs were taken for. */
  readonly reading: string;
}

/** What the model says of images. */
export interface Scored {
  /** Place of each among those that were given. */
  readonly places: readonly number[];
  readonly energies: Float64Array;
  readonly classes: Int32Array;
  readonly shares: Float64Array;
  /** Those that were left out, each with why. */
  readonly refused: readonly { readonly name: string; readonly why: string }[];
}

/** A share with its error, and what it should be. */
interface Share {
  readonly mean: number;
  readonly standardError: number;
  readonly exact?: number;
}

/** Images to judge, held against those that the model knows. */
export interface Compared {
  readonly threshold: number;
  readonly warning?: string;
  readonly outliers: readonly boolean[];
  /** Share of every other known image below the τ that the others set. */
  readonly kept?: Share;
  readonly auroc?: Share;
}

let model: JointModel;
let shape: ImageShape;

/**
 * Opens the model of the files: those of tfjs, beside `basin.json` where `basin jem train` wrote them.
 *
 * @throws {ArgumentError} for files that are no model, and for a model that does not take images.
 */
export async function open({
  files,
  settings,
}: {
  files: readonly File[];
  settings: Settings;
}): Promise<Opened> {
  const { backend, outputs } = settings;
  if (!(await tf.setBackend(backend))) throw new ArgumentError("this browser gives pages no graphics card");
  const onnx = files.find(({ name }) => name.endsWith(".onnx"));
  if (onnx !== undefined)
    throw new ArgumentError(
      `${onnx.name} is an ONNX model, which needs a runtime, and this page runs no code but its own: in Node or a page of yours, give the logits of onnxruntime-web to outlierDetector of @basin/jem/outliers (the page Outliers has the program)`,
    );
  const described = files.filter(({ name }) => name.endsWith(".json") && name !== "basin.json");
  if (described.length !== 1)
    throw new ArgumentError(
      `expected one model.json and the files that it names, found ${listed(described.length > 1 ? described : files)}`,
    );
  const read = async (name: string) => {
    const file = name === "model.json" ? described[0] : files.find((other) => other.name === baseName(name));
    return file && new Uint8Array(await file.arrayBuffer());
  };
  const trained = files.some(({ name }) => name === "basin.json");
  model = trained
    ? (await parseModel(read)).energy
    : jointEnergy(await loadModel(read), { ...(outputs !== "structure" && { output: outputs }) });
  shape = imageShape(model.space.shape);
  return { ...shape, labels: model.labels, reading: model.reading.description };
}

function listed(files: readonly File[]): string {
  const names = files.slice(0, 4).map(({ name }) => name);
  return `${names.join(", ")}${files.length > 4 ? ` and ${files.length - 4} more` : ""}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Scores image files a few at a time, and reports how many are done. */
export async function score(
  { files, settings }: { files: readonly File[]; settings: Settings },
  report: (done: number) => void,
): Promise<Scored> {
  const places: number[] = [];
  const refused: { name: string; why: string }[] = [];
  const energies: number[] = [];
  const classes: number[] = [];
  const shares: number[] = [];
  for (let from = 0; from < files.length; from += together) {
    const pictures: Uint8Array[] = [];
    for (const [k, file] of files.slice(from, from + together).entries()) {
      try {
        pictures.push(await readPicture(file, shape, settings.sizes === "stretch"));
        places.push(from + k);
      } catch (error) {
        if (!(error instanceof ArgumentError)) throw error;
        refused.push({ name: file.name, why: error.message });
      }
    }
    const inputs = inputsOf(pictures, settings.pixels);
    energies.push(...(pictures.length > 0 ? scores(model, inputs) : []));
    for (const row of rowsOf(pictures.length > 0 ? probabilities(model, inputs) : new Float64Array())) {
      shares.push(Math.max(...row));
      classes.push(row.indexOf(Math.max(...row)));
    }
    report(Math.min(files.length, from + together));
  }
  return {
    ...{ places, refused, energies: Float64Array.from(energies) },
    ...{ classes: Int32Array.from(classes), shares: Float64Array.from(shares) },
  };
}

function inputsOf(pictures: readonly Uint8Array[], pixels: Settings["pixels"]): Uint8Array | Float32Array {
  const { height, width, channels } = shape;
  const bytes = new Uint8Array(pictures.length * height * width * channels);
  for (const [k, picture] of pictures.entries()) bytes.set(picture, k * picture.length);
  if (pixels === "model") return bytes;
  return Float32Array.from(bytes, (byte) => (pixels === "signed" ? byte / 127.5 - 1 : byte));
}

function rowsOf(values: Float64Array): Float64Array[] {
  const { labels } = model;
  return Array.from({ length: values.length / labels }, (_, k) =>
    values.subarray(k * labels, (k + 1) * labels),
  );
}

/** Compares energies of images to judge with those of images that the model knows. */
export function compare({
  known,
  judged,
  keep,
}: {
  known: Float64Array;
  judged: Float64Array;
  keep: number;
}): Compared {
  if (known.length === 0)
    return { threshold: Number.POSITIVE_INFINITY, outliers: Array.from(judged, () => false) };
  const { threshold, warning, isOutlier } = detector(known, { keep });
  const [setting, fresh] = [0, 1].map((odd) => known.filter((_, k) => k % 2 === odd));
  const half = fresh.length > 0 ? detector(setting, { keep }) : undefined;
  const enough = known.length > 1 && judged.length > 1;
  const { auroc, aurocStandardError } = enough
    ? outlierMetrics(known, judged, { resamples: 20, seed: 1 })
    : { auroc: undefined, aurocStandardError: undefined };
  return {
    ...{ threshold, warning, outliers: Array.from(judged, isOutlier) },
    ...(half?.warning === undefined &&
      half && {
        kept: {
          mean: fresh.filter((energy) => !half.isOutlier(energy)).length / fresh.length,
          ...lawOfKept(keep, setting.length, fresh.length),
        },
      }),
    ...(auroc !== undefined && { auroc: { mean: auroc, standardError: aurocStandardError! } }),
  };
}
