import { join } from "node:path";
import type { CheckpointStore } from "@basin/energy-core/run";
import type { TrainProgress, TrainReport } from "@basin/jem";
import type * as TF from "@tensorflow/tfjs";
import type { Command } from "commander";
import { integer, jsonOption, nameOption, number, seedOption } from "../../options.ts";
import { printJson } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { saveModel } from "./files.ts";
import { History } from "./history.ts";
import {
  checkLeft,
  checkpointOf,
  keptPlan,
  limitsFor,
  newPlan,
  type Plan,
  type Reached,
  reachedIn,
  type TrainOptions,
  writePlan,
} from "./plan.ts";
import { type Parts, prepare } from "./prepare.ts";
import { SAMPLER_STEPS } from "./recipe.ts";

const HEADS = { logits: true, "logits+scalar": true, "centered+scalar": true } as const;

/** Adds `train`. */
export function registerTrain(jem: Command): void {
  jem
    .command("train")
    .description("train a classifier as an energy-based model of images and labels")
    .option(
      "--data <source>",
      "mnist, fashion-mnist, a folder with a sub-folder a class, or a file of images",
      "mnist",
    )
    .option("--labels <file>", "the classes of a file of images")
    .option("--arch <name>", "mlp, cnn, or a .ts or .js file whose default export makes the model", "mlp")
    .addOption(
      nameOption(
        "--head <name>",
        "how outputs become logits; all but logits read one output more, a scalar that the classes share",
        HEADS,
        "logits",
      ),
    )
    .requiredOption("--out <folder>", "where the model and the run's checkpoint go")
    .option(
      "--minutes <number>",
      "how long to train (default: 10, unless --steps is given)",
      number({ above: 0 }),
    )
    .option("--steps <integer>", "how many updates to make", integer(1))
    .option("--resume", "go on from the checkpoint in the folder", false)
    .option("--workers <integer>", "threads; the result does not depend on it", integer(1, 64), 2)
    .option(
      "--batch <integer>",
      "images an update (default: 64, or the largest even number that a smaller set allows)",
      integer(1, 100_000),
    )
    .option("--sampler-steps <integer>", "Langevin steps an update", integer(1, 10_000), SAMPLER_STEPS)
    .option(
      "--shift <pixels>",
      "move images by up to so many pixels at random (default: 1, or 0 below 16 pixels a side)",
      integer(0),
    )
    .option("--checkpoint-seconds <number>", "time between checkpoints", number({ min: 0 }), 30)
    .option("--outliers <source>", "images to push out of the model by energy fine-tuning")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(trainAction);
}

async function trainAction(options: TrainOptions, command: Command): Promise<void> {
  const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
  const plan = options.resume ? keptPlan(options, isGiven) : newPlan(options);
  const reached = options.resume ? await reachedIn(options.out) : undefined;
  if (reached) checkLeft(options, plan, reached);
  const tf = await import("@tensorflow/tfjs");
  const { useWasm } = await import("@basin/energy-core/tensor");
  await useWasm();
  const parts = await prepare(tf, plan);
  // Not before everything has loaded: a folder with a run in it takes no other.
  writePlan(options.out, { ...plan, shift: parts.shift, batch: parts.batch });
  const report = await runTraining(options, plan, parts, reached);
  await finish(tf, options, plan, parts, report);
}

async function runTraining(
  options: TrainOptions,
  plan: Plan,
  { model, train: { inputs, labels, shape }, recipe, shift, batch, outliers }: Parts,
  reached: Reached | undefined,
): Promise<TrainReport> {
  const { randomShifts, train } = await import("@basin/jem");
  const limits = limitsFor(plan);
  const progress = startProgress("train");
  const history = new History(join(options.out, "history.csv"), reached?.updates ?? 0);
  let last: TrainProgress | undefined;
  try {
    const data = { inputs, labels };
    return await train(model, data, {
      ...recipe,
      ...limits,
      batchSize: batch,
      ...(shift > 0 && { augment: randomShifts(shape, shift) }),
      ...(outliers && { outliers }),
      seed: plan.seed,
      workers: options.workers,
      backOff: BACK_OFFS,
      checkpointSeconds: options.checkpointSeconds,
      checkpoint: await checkpointWith(history, options.out),
      signal: interruptSignal(),
      onProgress: (step) => {
        last = step;
        history.add(step);
        progress.update({ done: shareOf(step, limits.seconds), total: 1 }, noteOf(step));
      },
    });
  } catch (error) {
    progress.stop();
    if ((error as Error).name === "AbortError") sayHowToGoOn(options.out, last);
    throw error;
  } finally {
    progress.stop();
    history.write();
  }
}

/** Returns the checkpoint of a folder; the history is written along, so that it reaches as far after a crash. */
async function checkpointWith(history: History, folder: string): Promise<CheckpointStore> {
  const { fileCheckpoint } = await import("@basin/energy-core/run");
  const store = fileCheckpoint(checkpointOf(folder));
  return {
    ...store,
    async save(checkpoint) {
      await store.save(checkpoint);
      history.write();
    },
  };
}

function sayHowToGoOn(folder: string, last: TrainProgress | undefined): void {
  const kept = last === undefined ? "" : `update ${last.done} is kept; `;
  process.stderr.write(`basin: ${kept}go on with basin jem train --resume --out ${folder}\n`);
}

/** Keeps the model and says what came out. */
async function finish(
  tf: typeof TF,
  options: TrainOptions,
  plan: Plan,
  { network, model, train, test, classes, classNames, source, recipe, batch }: Parts,
  { steps, seconds, last, engine, resumedFrom, backOffs, margins }: TrainReport,
): Promise<void> {
  const { accuracy } = await import("@basin/jem");
  const figures = {
    steps,
    seconds,
    engine,
    resumedFrom,
    backOffs,
    ...(margins && { energyMargins: { inside: margins[0], outside: margins[1] } }),
    crossEntropy: last.crossEntropy,
    dataEnergy: last.dataEnergy,
    sampleEnergy: last.sampleEnergy,
    testAccuracy: accuracy(model, test.inputs, test.labels),
  };
  const { seed, arch } = plan;
  await saveModel(tf, options.out, network, {
    head: model.head,
    data: plan.data,
    ...(plan.labels !== undefined && { labelsFile: plan.labels }),
    shape: train.shape,
    classes,
    classNames,
    arch,
    seed,
    sampler: { ...recipe.sampler.settings },
    trained: figures,
  });
  if (options.json) printJson({ source, arch, head: model.head, batch, seed, out: options.out, ...figures });
  else
    process.stdout.write(
      `${summary(source, { ...plan, batch }, options.out, figures, network.countParams())}\n`,
    );
}

const BACK_OFFS = 3;

function shareOf({ done, total, seconds }: TrainProgress, limit: number | undefined): number {
  return Math.min(1, Math.max(done / total, limit === undefined ? 0 : seconds / limit));
}

function noteOf({ crossEntropy, dataEnergy, sampleEnergy, accuracy, penalty }: TrainProgress): string {
  return (
    `cross-entropy ${crossEntropy.toFixed(3)}, energies ${dataEnergy.toFixed(2)} data ${sampleEnergy.toFixed(2)} samples, ` +
    `penalty ${penalty.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`
  );
}

function summary(
  source: string,
  { arch, seed, batch }: Plan,
  out: string,
  figures: {
    steps: number;
    seconds: number;
    testAccuracy: number;
    backOffs: readonly unknown[];
    engine: string;
  } & {
    energyMargins?: { inside: number; outside: number };
  },
  parameters: number,
): string {
  const { steps, seconds, testAccuracy, backOffs, engine, energyMargins } = figures;
  return [
    `${source}, ${arch} of ${parameters} parameters (${engine}), seed ${seed}: ${steps} updates of ${batch} images in ${seconds.toFixed(0)} s`,
    `test accuracy  ${testAccuracy.toFixed(4)}`,
    ...(energyMargins
      ? [
          `margins        m_in ${energyMargins.inside.toFixed(3)}, m_out ${energyMargins.outside.toFixed(3)} (mean energies before training)`,
        ]
      : []),
    ...(backOffs.length > 0 ? [`back-offs      ${backOffs.length}`] : []),
    `model          ${join(out, "model.json")}`,
  ].join("\n");
}
