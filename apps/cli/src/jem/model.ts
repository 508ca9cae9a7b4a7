import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JointModel } from "@basin/jem";
import type { Sgld } from "@basin/samplers/tensor";
import { loadSplit, type Split } from "../options/labeled.ts";

/** The contents of the file `basin.json` beside a model. */
export interface ModelCard {
  readonly data: string;
  readonly labelsFile?: string;
  readonly shape: readonly number[];
  readonly classNames: readonly string[];
  readonly arch: string;
  readonly seed: number;
  /** The sampler of the training. */
  readonly sampler: {
    readonly stepSize: number;
    readonly noiseScale: number;
    readonly box: [number, number];
    readonly maxGradient: number;
  };
  readonly trained: Readonly<Record<string, unknown>>;
}

/** A trained model, its data for training and testing, and its sampler. */
export interface Opened {
  readonly model: JointModel;
  readonly card: ModelCard;
  images(): Promise<Split>;
  /** Returns the sampler of the training, with a number of steps. */
  sampler(steps: number): Promise<Sgld>;
}

/** Opens a folder that `basin jem train` wrote. */
export async function openModel(folder: string): Promise<Opened> {
  const { useWasm } = await import("@basin/energy-core/tensor");
  const { parseModel } = await import("@basin/jem");
  await useWasm();
  const { energy: model, notes } = await parseModel((name) => readIfThere(join(folder, name)), { folder });
  const card = notes as unknown as ModelCard;
  return {
    model,
    card,
    images: () => loadSplit(card.data, card.labelsFile, card),
    async sampler(steps) {
      const { tensorSgld } = await import("@basin/samplers/tensor");
      const { stepSize, noiseScale, box, maxGradient } = card.sampler;
      return tensorSgld({ steps, stepSize, noiseScale, box, maxGradient });
    },
  };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
