import { detector, outlierMetrics } from "@basin/energy-core";
import { type HiddenPart, imageMask } from "@basin/energy-core/data";
import { encodeText } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { completeBatch } from "@basin/energy-core/tensor";
import {
  accuracy,
  type JointModel,
  type MadeOutliers,
  makeOutliers,
  parseModel,
  probabilities,
  recipeSampler,
  scores,
} from "@basin/jem";
import * as tf from "@tensorflow/tfjs";
import { digitSide, loadDigits } from "../shared/digits.ts";
import { lawOfKept } from "../shared/kept.ts";
import card from "./model/basin.json?raw";
import topology from "./model/model.json?raw";
import type { Settings } from "./settings.ts";

const shape = [digitSide, digitSide];
const pixels = digitSide ** 2;
const classes = 10;
const allDigits = 2000;
/** Digits that set τ; as many others judge it. */
const calibrating = allDigits / 2;
/** Digits that are turned upside down to be told from those that are not. */
const turned = 300;
const oddities: readonly MadeOutliers[] = ["rotated", "inverted", "shuffled", "noise"];
const oddNames = [
  "a 4 upside down",
  "a 5 with light and dark exchanged",
  "a 2 with its quadrants exchanged",
  "noise",
];
const oddDigits = [4, 5, 2, 0];

/** What the page shows once the model has loaded. */
export interface Loaded {
  /** E(x) of the digits that set τ. */
  readonly heldOut: Float64Array;
  /** One digit of each class, and four pictures that are none, 0 (ground) to 1 (ink). */
  readonly pictures: Float32Array;
  readonly names: readonly string[];
}

/** What the model says of a picture. */
export interface Judgment {
  readonly probabilities: Float64Array;
  /** E(x), and τ: above it lies an outlier. */
  readonly energy: number;
  readonly threshold: number;
  readonly outlier: boolean;
}

/** Langevin chains under way, a row each. */
export interface Walk {
  readonly rows: Float32Array;
  /** The class y of each row, whose E(x, y) it walks down. */
  readonly labels: readonly number[];
  /** The half that is not held, or 1 for all of it. */
  readonly hidden: HiddenPart;
  readonly done: number;
}

/** A model with the digits that training did not see. */
interface Shelf {
  readonly model: JointModel;
  readonly digits: Float32Array;
  readonly labels: Uint8Array;
  readonly loaded: Loaded;
  /** The share of all 10,000 test digits that training found classified rightly. */
  readonly reported: number;
}

let shelf: Promise<Shelf> | undefined;

/** Loads the model from its weights, checks their hash, and scores the digits that set τ. */
export async function load(weights: Uint8Array): Promise<Loaded> {
  shelf ??= open(weights).catch((error: unknown) => {
    // Weights that arrive whole the next time are taken.
    shelf = undefined;
    throw error;
  });
  return (await shelf).loaded;
}

async function open(weights: Uint8Array): Promise<Shelf> {
  await tf.setBackend("cpu");
  const files: Readonly<Record<string, Uint8Array>> = {
    "basin.json": encodeText(card),
    "model.json": encodeText(topology),
    "weights.bin": weights,
  };
  const { energy: model, notes } = await parseModel((name) => files[name]);
  const { patterns, labels } = await loadDigits(allDigits);
  const digits = Float32Array.from(patterns, (spin) => (spin + 1) / 2);
  const heldOut = scores(model, digits.subarray(0, calibrating * pixels));
  const { testAccuracy: reported } = notes.trained as { testAccuracy: number };
  return { model, digits, labels, loaded: { heldOut, ...picturesOf(digits, labels) }, reported };
}

function picturesOf(digits: Float32Array, labels: Uint8Array): Pick<Loaded, "pictures" | "names"> {
  // The first of each class among those that do not set τ.
  const digit = (label: number) => {
    const at = labels.indexOf(label, calibrating) * pixels;
    return digits.slice(at, at + pixels);
  };
  const whole = Array.from({ length: classes }, (_, label) => digit(label));
  const odd = oddities.map((name, k) => makeOutliers(name, digit(oddDigits[k]), shape, { seed: 1 }));
  const pictures = new Float32Array((whole.length + odd.length) * pixels);
  for (const [k, picture] of [...whole, ...odd].entries()) pictures.set(picture, k * pixels);
  return { pictures, names: [...whole.map((_, label) => `a ${label}`), ...oddNames] };
}

/** Returns class probabilities, energy and verdict of a picture; `keep` is the share of digits below τ. */
export async function judge({ picture, keep }: { picture: Float32Array; keep: number }): Promise<Judgment> {
  const { model, loaded } = await shelf!;
  const { threshold, isOutlier } = detector(loaded.heldOut, { keep });
  const [energy] = scores(model, picture);
  return { probabilities: probabilities(model, picture), energy, threshold, outlier: isOutlier(energy) };
}

/**
 * Returns where chains begin: in noise for one class, or in a picture whose hidden half is noise, a chain for each
 * class.
 */
export function start({
  settings: { task, digit, hide, seed },
  picture,
  chain,
}: {
  settings: Settings;
  picture: Float32Array;
  chain: number;
}): Walk {
  const labels = task === "generate" ? [Number(digit)] : Array.from({ length: classes }, (_, label) => label);
  const hidden = task === "generate" ? 1 : hide;
  const known = imageMask(shape, hidden);
  const rng = createRng(seed).split(chain);
  const noise = Float32Array.from(known, () => rng.uniform());
  const rows = Float32Array.from({ length: labels.length * pixels }, (_, i) => {
    const k = i % pixels;
    return known[k] ? picture[k] : noise[k];
  });
  return { rows, labels, hidden, done: 0 };
}

/**
 * Takes Langevin steps x ← x − a ∇E(x, y) + s ξ, and returns the chains with the picture of the one of lowest E(x, y).
 */
export async function walk({
  from: { rows, labels, hidden, done },
  steps,
  seed,
  keep,
}: {
  from: Walk;
  steps: number;
  seed: number;
  keep: number;
}): Promise<Walk & { readonly picture: Float32Array; readonly judgment: Judgment }> {
  const { model } = await shelf!;
  const known = tf.tensor1d(imageMask(shape, hidden).map(Number));
  const batch = tf.tensor2d(rows, [labels.length, pixels]);
  const { states, energies } = await completeBatch(model.ofClass(labels), batch, {
    known,
    sampler: recipeSampler(steps),
    seed: createRng(seed).split(done).uint32(),
  });
  const next = (await states.data()) as Float32Array;
  tf.dispose([known, batch, states]);
  const lowest = energies.indexOf(Math.min(...energies));
  const picture = next.slice(lowest * pixels, (lowest + 1) * pixels);
  return {
    ...{ rows: next, labels, hidden, done: done + steps, picture },
    judgment: await judge({ picture, keep }),
  };
}

/**
 * Holds the model against what is known: the share of fresh digits below τ, whose law is exact, its accuracy on them,
 * a tenth of those that training reported on, and its AUROC against digits upside down.
 */
export async function measure({ keep }: { keep: number }) {
  const { model, digits, labels, loaded, reported } = await shelf!;
  const { isOutlier } = detector(loaded.heldOut, { keep });
  const fresh = digits.subarray(calibrating * pixels);
  const energies = scores(model, fresh);
  const upsideDown = makeOutliers("rotated", fresh.slice(0, turned * pixels), shape, { seed: 1 });
  const { auroc, aurocStandardError } = outlierMetrics(energies, scores(model, upsideDown), {
    ...{ resamples: 20, seed: 1 },
  });
  // They are drawn from those of the report, without replacement.
  const spread = Math.sqrt((reported * (1 - reported) * (1 - energies.length / 10_000)) / energies.length);
  const right = accuracy(model, fresh, labels.subarray(calibrating));
  return {
    kept: {
      mean: energies.filter((energy) => !isOutlier(energy)).length / energies.length,
      ...lawOfKept(keep, calibrating, energies.length),
    },
    accuracy: { mean: right, standardError: spread, exact: reported },
    auroc: { mean: auroc, standardError: aurocStandardError! },
  };
}
