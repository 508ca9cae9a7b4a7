import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CheckpointStore } from "@basin/energy-core/run";
import type { TrainProgress, TrainReport } from "@basin/jem";
import { jemNames } from "@basin/jem/names";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import type { Plan, Reached } from "../../jem/plan.ts";
import type { Parts } from "../../jem/prepare.ts";
import { duration, integer } from "../../options/readers.ts";
import { choice, flag, output, required, seed, text, time, value, workers } from "../../options/settings.ts";

const BACK_OFFS = 3;

export default command({
  options: {
    data: text(
      "<source>",
      "mnist, fashion-mnist, a folder with one subfolder for each class, or a file of images",
      "mnist",
    ),
    labels: text("<file>", "the classes of a file of images"),
    arch: text("<name>", "mlp, cnn, or a .ts or .js file whose default export makes the model", "mlp"),
    head: choice(
      "how outputs become logits; all except logits read one extra output, a scalar that the classes share",
      jemNames.head,
      "logits",
    ),
    out: required(output("<folder>", "folder of the model and the checkpoint of the run", "folder")),
    time: { ...time, summary: "how long to train, such as 10m (the default, unless --updates is given)" },
    updates: value("<integer>", "how many updates to make", integer(1)),
    resume: flag("resume the run saved in the folder"),
    workers,
    batch: value(
      "<integer>",
      "images in each update (default: 64, or the largest even number that a smaller set allows)",
      integer(1, 100_000),
    ),
    steps: value("<integer>", "Langevin steps an update", integer(1, 10_000), 20),
    shift: value(
      "<pixels>",
      "move images at random by up to this many pixels (default: 1, or 0 below 16 pixels per side)",
      integer(0),
    ),
    checkpointEvery: value("<duration>", "time between checkpoints", duration, 30),
    outliers: text("<source>", "images whose energy is raised by energy fine-tuning"),
    seed,
  },
  async run(options, context) {
    const { checkLeft, checkpointOf, planOf, reachedIn, writePlan } = await import("../../jem/plan.ts");
    const { prepare } = await import("../../jem/prepare.ts");
    const { useWasm } = await import("@basin/energy-core/tensor");
    const plan = planOf(options, context);
    context.seed = plan.seed;
    const reached = options.resume ? await reachedIn(options.out) : undefined;
    // A run that was killed after its last update only has to write its model.
    if (reached && existsSync(join(options.out, "basin.json"))) checkLeft(options, plan, reached);
    await useWasm();
    const parts = await prepare(plan);
    const { fileCheckpoint } = await import("@basin/energy-core/run");
    const release = await fileCheckpoint(checkpointOf(options.out)).lock();
    try {
      // Only after everything has loaded, because a folder with a run takes no other.
      await writePlan(options.out, { ...plan, shift: parts.shift, batch: parts.batch }, context);
      const report = await runTraining(options, plan, parts, reached, context);
      return await finish(options.out, plan, parts, report, context);
    } finally {
      await release();
    }
  },
  print: ({ source, arch, parameters, engine, updates, batch, seconds, ...figures }, _, { seed }) => [
    `${source}, ${arch} of ${parameters} parameters (${engine}), seed ${seed}: ${updates} updates of ${batch} images in ${seconds.toFixed(0)} s`,
    `test accuracy  ${figures.testAccuracy.toFixed(4)}`,
    ...(figures.energyMargins
      ? [
          `margins        m_in ${figures.energyMargins.inside.toFixed(3)}, m_out ${figures.energyMargins.outside.toFixed(3)} (mean energies before training)`,
        ]
      : []),
    ...(figures.backOffs.length > 0 ? [`back-offs      ${figures.backOffs.length}`] : []),
  ],
});

async function runTraining(
  { out, workers, checkpointEvery }: { out: string; workers: number; checkpointEvery: number },
  { time, updates, steps, seed }: Plan,
  { model, data, shape, shift, batch, outliers }: Parts,
  reached: Reached | undefined,
  context: Context,
): Promise<TrainReport> {
  const { randomShifts, recipeSampler, train } = await import("@basin/jem");
  const { History } = await import("../../jem/history.ts");
  const update = context.progress("train");
  const history = new History(join(out, "history.csv"), reached?.updates ?? 0, (path, rows) =>
    context.write(path, rows),
  );
  let last: TrainProgress | undefined;
  try {
    return await train(model, data, {
      ...{
        steps: updates,
        timeLimit: time && 1000 * time,
        batchSize: batch,
        sampler: recipeSampler(steps),
        outliers,
        seed,
      },
      ...(shift > 0 && { augment: randomShifts(shape, shift) }),
      ...{ workers, backOff: BACK_OFFS, checkpointEvery: 1000 * checkpointEvery, signal: context.signal },
      checkpoint: await checkpointWith(() => history.write(), out),
      onProgress(step) {
        last = step;
        history.add(step);
        const share = Math.max(step.done / step.total, time === undefined ? 0 : step.seconds / time);
        update({ done: Math.min(1, share), total: 1 }, noteOf(step));
      },
    });
  } catch (error) {
    const kept = last === undefined ? "" : `update ${last.done} is kept; `;
    if ((error as Error).name === "AbortError")
      process.stderr.write(`basin: ${kept}go on with basin jem train --resume --out ${out}\n`);
    throw error;
  } finally {
    await history.write();
  }
}

/**
 * Returns the checkpoint of a folder, which is locked as a whole. The history is written with it, so that both agree
 * after a crash.
 */
async function checkpointWith(onSaved: () => Promise<void>, folder: string): Promise<CheckpointStore> {
  const { fileCheckpoint } = await import("@basin/energy-core/run");
  const { checkpointOf } = await import("../../jem/plan.ts");
  const store = fileCheckpoint(checkpointOf(folder));
  return {
    load: store.load,
    save: (checkpoint) => store.save(checkpoint).then(onSaved),
    lock: async () => async () => {},
  };
}

/** Writes the model and returns the figures of the run. */
async function finish(
  out: string,
  { data, labels, arch, seed, steps }: Plan,
  { model, test, shape, classNames, source, batch }: Parts,
  { steps: updates, seconds, last, engine, resumedFrom, backOffs, margins }: TrainReport,
  context: Context,
) {
  const { accuracy, formatModel, recipeSampler } = await import("@basin/jem");
  const { crossEntropy, dataEnergy, sampleEnergy } = last;
  const figures = {
    ...{ updates, seconds, engine, resumedFrom, backOffs, crossEntropy, dataEnergy, sampleEnergy },
    ...(margins && { energyMargins: { inside: margins[0], outside: margins[1] } }),
    testAccuracy: accuracy(model, test.data, test.labels),
  };
  const sampler = { ...recipeSampler(steps).settings };
  const notes = { data, labelsFile: labels, shape, classNames, arch, seed, sampler, trained: figures };
  for (const [name, bytes] of await formatModel(model, notes)) await context.write(join(out, name), bytes);
  const parameters = model.classifier?.countParams();
  return { source, arch, head: model.head, batch, parameters, ...figures };
}

function noteOf({ crossEntropy, dataEnergy, sampleEnergy, accuracy, penalty }: TrainProgress): string {
  return (
    `cross-entropy ${crossEntropy.toFixed(3)}, energies ${dataEnergy.toFixed(2)} data ${sampleEnergy.toFixed(2)} samples, ` +
    `penalty ${penalty.toFixed(3)}, accuracy ${accuracy.toFixed(3)}`
  );
}
