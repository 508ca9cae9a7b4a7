import { ArgumentError } from "@basin/energy-core";
import type { JointEnergy } from "@basin/jem";
import type * as TF from "@tensorflow/tfjs";
import { loadSplit, type Split } from "./images.ts";
import { buildNetwork } from "./networks.ts";
import { loadOutliers } from "./outliers.ts";
import type { Plan } from "./plan.ts";
import { defaultRecipe, defaultShift } from "./recipe.ts";

/** What a run works with. */
export interface Parts extends Split {
  readonly outliers?: Uint8Array | Float32Array;
  readonly network: TF.LayersModel;
  readonly model: JointEnergy;
  readonly recipe: Awaited<ReturnType<typeof defaultRecipe>>;
  readonly shift: number;
  readonly batch: number;
}

/** Loads what a plan names. @throws {ArgumentError} for data, nets and outliers that do not fit. */
export async function prepare(tf: typeof TF, plan: Plan): Promise<Parts> {
  const { jointEnergy } = await import("@basin/jem");
  const split = await loadSplit(plan.data, plan.labels);
  const { train, test, classes } = split;
  const outliers = plan.outliers === undefined ? undefined : (await loadOutliers(plan.outliers, test)).inputs;
  const head = plan.head ?? "logits";
  const network = await buildNetwork(tf, plan.arch, {
    shape: train.shape,
    labels: classes,
    outputs: head === "logits" ? classes : classes + 1,
    seed: plan.seed,
  });
  return {
    ...split,
    ...(outliers && { outliers }),
    network,
    model: jointEnergy(network, { head }),
    batch: batchOf(plan, train.count),
    recipe: await defaultRecipe(plan.samplerSteps),
    shift: plan.shift ?? defaultShift(train.shape),
  };
}

const BATCH = 64;

function batchOf({ batch, data }: Plan, count: number): number {
  if (batch !== undefined && batch > count)
    throw new ArgumentError(
      `--batch is ${batch}, but ${data} leaves ${count} images to train on, expected at most that many`,
    );
  return batch ?? Math.min(BATCH, count - (count % 2));
}
