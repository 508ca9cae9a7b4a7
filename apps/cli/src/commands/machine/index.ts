import { type Command, Option } from "commander";
import { checkpointOption } from "../../checkpoint.ts";
import { integer, jsonOption, number, seedOption } from "../../options.ts";
import type { DrawOptions } from "./draw.ts";
import type { LearnOptions } from "./learn.ts";

/** Adds the commands of Boltzmann machines to `basin ising`. */
export function registerMachine(ising: Command): void {
  registerLearn(ising);
  registerDraw(ising);
}

/** Adds `learn`: a restricted Boltzmann machine from data. */
function registerLearn(ising: Command): void {
  ising
    .command("learn")
    .description("train a restricted Boltzmann machine, and bracket its likelihood")
    .requiredOption("--data <what>", "mnist, or a file: IDX, NPY, CSV, PNG; bytes count as probabilities")
    .option("--classes", "learn labels too, those of MNIST or of --labels", false)
    .option("--labels <file>", "a label for each state")
    .option("--test <what>", "states to measure with (default: MNIST's test images for mnist, else --data)")
    .option("--test-labels <file>", "labels of --test")
    .option("--limit <integer>", "use the first states only", integer(1))
    .option("--hidden <integer>", "hidden units", integer(1, 65535), 500)
    .addOption(
      new Option("--method <name>", "where negative samples come from: contrastive divergence or persistent")
        .choices(["cd", "pcd"])
        .default("pcd"),
    )
    .option("--steps <integer>", "Gibbs steps an update", integer(1, 10_000), 1)
    .option("--epochs <integer>", "passes over the data", integer(1, 1e6), 12)
    .option("--batch <integer>", "states an update, and chains", integer(1, 65535), 100)
    .option("--rate <number>", "learning rate at first; it falls linearly to 0", number({ above: 0 }), 0.1)
    .option(
      "--momentum <number>",
      "share of the last step that is kept",
      number({ min: 0, max: 0.9999 }),
      0.5,
    )
    .option("--decay <number>", "weight decay", number({ min: 0 }), 0)
    .option(
      "--average <number>",
      "decay of the parameters' average",
      number({ min: 0, max: 0.999999 }),
      0.999,
    )
    .option("--temperatures <integer>", "of annealed importance sampling; 0 for none", integer(0, 1e7), 2000)
    .option("--runs <integer>", "of annealed importance sampling, in each direction", integer(2, 65535), 100)
    .option("--from <model>", "go on from a model file")
    .option("--out <model>", "the model file to write")
    .addOption(checkpointOption())
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (options: LearnOptions) => (await import("./learn.ts")).learnAction(options));
}

/** Adds `draw`: pictures out of a model file. */
function registerDraw(ising: Command): void {
  ising
    .command("draw")
    .description("draw samples, filters or completions of a machine that `learn` wrote")
    .argument("<model>", "the model file")
    .addOption(
      new Option("--what <name>", "what to draw")
        .choices(["samples", "filters", "completions"])
        .default("samples"),
    )
    .option("--count <integer>", "how many", integer(1, 10_000), 100)
    .option(
      "--steps <integer>",
      "Gibbs steps from noise to a sample (default: 1000), or sweeps of a completion (default: 100)",
      integer(1, 1e7),
    )
    .option("--data <what>", "images to complete: mnist, mnist-test or a file", "mnist-test")
    .option("--mask <how>", "what is unknown: mask:lower|upper|left|right|SHARE or crop:SHARE", "mask:lower")
    .option("--png <file>", "the picture to write")
    .addOption(seedOption())
    .addOption(jsonOption())
    .action(async (model: string, options: DrawOptions) =>
      (await import("./draw.ts")).drawAction(model, options),
    );
}
