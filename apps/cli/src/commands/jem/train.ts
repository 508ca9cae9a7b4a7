import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { TrainCheckpoint, TrainReport, TrainStep } from "@basin/jem";
import type { Command } from "commander";
import { integer, jsonOption, number, resolveSeed, seedOption } from "../../options.ts";
import { printJson, toJson, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { hasModel, saveModel } from "./files.ts";
import { type Images, loadSplit } from "./images.ts";
import { buildNetwork } from "./networks.ts";
import { defaultRecipe, defaultShift, SAMPLER_STEPS } from "./recipe.ts";

interface Options {
  data: string;
  labels?: string;
  arch: string;
  out: string;
  minutes?: number;
  steps?: number;
  resume: boolean;
  workers: number;
  samplerSteps: number;
  shift?: number;
  outliers?: string;
  checkpointSeconds: number;
  seed?: number;
  json: boolean;
}

/** What a run was started with, kept so that `--resume` needs nothing else. */
type Plan = Pick<Options, "data" | "labels" | "arch" | "samplerSteps" | "shift" | "outliers"> & {
  readonly seed: number;
};

const PLAN = "run.json";
const CHECKPOINT = "run.checkpoint";

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
    .requiredOption("--out <folder>", "where the model and the run's checkpoint go")
    .option(
      "--minutes <number>",
      "how long to train (default: 10, unless --steps is given)",
      number({ above: 0 }),
    )
    .option("--steps <integer>", "how many updates to make", integer(1))
    .option("--resume", "go on from the checkpoint in the folder", false)
    .option("--workers <integer>", "threads; the result does not depend on it", integer(1, 64), 2)
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

async function trainAction(options: Options): Promise<void> {
  const plan = readPlan(options);
  const tf = await import("@tensorflow/tfjs");
  const { useWasm } = await import("@basin/energy-core/tensor");
  const { fileCheckpoint } = await import("@basin/samplers");
  const { accuracy, jointEnergy, randomShifts, train } = await import("@basin/jem");
  await useWasm();
  const { train: data, test, classes, source } = await loadSplit(plan.data, plan.labels);
  const outliers = plan.outliers === undefined ? undefined : await outliersOf(plan.outliers, test);
  const network = await buildNetwork(tf, plan.arch, { shape: data.shape, labels: classes, seed: plan.seed });
  const model = jointEnergy(network);
  const recipe = await defaultRecipe(plan.samplerSteps);
  const shift = plan.shift ?? defaultShift(data.shape);
  const progress = startProgress("train", 1000);
  const history: TrainStep[] = [];
  let report: TrainReport;
  try {
    report = await train(
      model,
      { inputs: data.inputs, labels: data.labels },
      {
        ...recipe,
        ...timeOf(options),
        ...(shift > 0 && { augment: randomShifts(data.shape, shift) }),
        ...(outliers && { outliers }),
        seed: plan.seed,
        workers: options.workers,
        backOff: BACK_OFFS,
        checkpointSeconds: options.checkpointSeconds,
        checkpoint: fileCheckpoint<TrainCheckpoint>(join(options.out, CHECKPOINT)),
        signal: interruptSignal(),
        onStep: (step) => {
          if (step.step % HISTORY_EVERY === 0) history.push(step);
          progress.update(1000 * shareOf(step, options), noteOf(step));
        },
      },
    );
  } finally {
    progress.stop();
  }
  const { steps, seconds, last, engine, resumedFrom, backOffs, margins } = report;
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
    shape: data.shape,
    classes,
    arch,
    seed,
    sampler: { ...recipe.sampler.settings },
    trained: figures,
  });
  writeWhole(join(options.out, "history.csv"), historyCsv(history));
  if (options.json) printJson({ source, arch, seed, out: options.out, ...figures });
  else process.stdout.write(`${summary(source, plan, options.out, figures, network.countParams())}\n`);
}

const BACK_OFFS = 3;
const HISTORY_EVERY = 20;
const DEFAULT_MINUTES = 10;

function timeOf({ minutes, steps }: Options): { steps?: number; seconds?: number } {
  if (steps !== undefined) return { steps, ...(minutes !== undefined && { seconds: 60 * minutes }) };
  return { seconds: 60 * (minutes ?? DEFAULT_MINUTES) };
}

async function outliersOf(name: string, test: Images): Promise<Uint8Array | Float32Array> {
  const { loadOutliers } = await import("./outliers.ts");
  return (await loadOutliers(name, test)).inputs;
}

/** Returns what the run is, from the options or, when it is gone on with, from the folder. */
function readPlan(options: Options): Plan {
  const path = join(options.out, PLAN);
  if (options.resume) {
    if (!existsSync(path))
      throw new ArgumentError(`${options.out} holds no run to go on with (there is no ${PLAN} in it)`);
    return JSON.parse(readFileSync(path, "utf8")) as Plan;
  }
  if (existsSync(path) || hasModel(options.out))
    throw new ArgumentError(
      `${options.out} holds a run already; give --resume to go on with it, or another folder`,
    );
  const { data, labels, arch, samplerSteps, shift, outliers } = options;
  const plan: Plan = {
    data,
    arch,
    samplerSteps,
    seed: resolveSeed(options.seed),
    ...(labels !== undefined && { labels }),
    ...(shift !== undefined && { shift }),
    ...(outliers !== undefined && { outliers }),
  };
  mkdirSync(options.out, { recursive: true });
  writeWhole(path, `${toJson(plan)}\n`);
  return plan;
}

function shareOf({ step, steps, seconds }: TrainStep, options: Options): number {
  const limit = timeOf(options).seconds;
  return Math.min(1, Math.max(steps > 0 ? step / steps : 0, limit === undefined ? 0 : seconds / limit));
}

function noteOf({ crossEntropy, dataEnergy, sampleEnergy, accuracy, penalty }: TrainStep): string {
  return (
    `cross-entropy ${crossEntropy.toFixed(3)}, energies ${dataEnergy.toFixed(2)} data ${sampleEnergy.toFixed(2)} samples, ` +
    `penalty ${penalty.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`
  );
}

function historyCsv(history: readonly TrainStep[]): string {
  const columns = [
    "step",
    "seconds",
    "crossEntropy",
    "penalty",
    "outlierLoss",
    "dataEnergy",
    "sampleEnergy",
    "accuracy",
    "gradientNorm",
    "learningRate",
    "marginalWeight",
    "sampleSpread",
  ] as const;
  return `${[columns.join(","), ...history.map((step) => columns.map((name) => step[name]).join(","))].join("\n")}\n`;
}

function summary(
  source: string,
  { arch, seed }: Plan,
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
    `${source}, ${arch} of ${parameters} parameters (${engine}), seed ${seed}: ${steps} updates in ${seconds.toFixed(0)} s`,
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
