import { ArgumentError, type Matrix } from "@basin/energy-core";
import {
  ClassMachine,
  classMachine,
  type EpochReport,
  formatMachine,
  type RestrictedBoltzmannMachine,
  restrictedBoltzmannMachine,
  trainRbm,
} from "@basin/ising/learn";
import { keptRun } from "../../checkpoint.ts";
import { printJson, withError, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { type ImageData, loadImages } from "./data.ts";
import { measure } from "./measure.ts";
import { readModel } from "./model.ts";

/** The options of `learn`. */
export interface LearnOptions {
  data: string;
  labels?: string;
  test?: string;
  testLabels?: string;
  classes: boolean;
  limit?: number;
  hidden: number;
  method: "cd" | "pcd";
  steps: number;
  epochs: number;
  batch: number;
  rate: number;
  momentum: number;
  decay: number;
  average: number;
  temperatures: number;
  runs: number;
  from?: string;
  out?: string;
  checkpoint?: string;
  seed?: number;
  json: boolean;
}

/** Trains a machine and reports on it. */
export async function learnAction(options: LearnOptions): Promise<void> {
  const { seed, checkpoint } = await keptRun(options);
  if (options.labels !== undefined && !options.classes) {
    throw new ArgumentError("--labels goes with --classes");
  }
  const data = await loadImages(options.data, options.labels, options.limit);
  if (options.classes && data.labels === undefined) {
    throw new ArgumentError("--classes needs --labels FILE with a label for each state");
  }
  const test = await testSet(options, data);
  const base = logOdds(data.values);
  const machine = makeMachine(options, data, base, seed);
  const training = await trainOn(machine, data, options, { seed, checkpoint });
  const figures = await measure(machine, data, test, { ...options, base, seed });
  const last = training.epochs[training.epochs.length - 1];
  const report = {
    data: data.source,
    states: data.values.shape[0],
    visible: data.values.shape[1],
    hidden: options.hidden,
    method: options.method,
    steps: options.steps,
    epochs: options.epochs,
    updates: training.updates,
    trainingSeconds: training.seconds,
    kernel: training.kernel,
    seed,
    energyGap: last.energyGap,
    activity: { data: last.activity[0], model: last.activity[1] },
    ...figures,
    ...(options.out === undefined ? {} : { out: options.out }),
  };
  if (options.out !== undefined) {
    const { out: _out, ...notes } = report;
    writeWhole(options.out, formatMachine(machine, { ...notes, width: data.width }));
  }
  if (options.json) printJson(report);
  else print(report);
}

async function testSet(options: LearnOptions, data: ImageData): Promise<ImageData> {
  if (options.test !== undefined) return loadImages(options.test, options.testLabels);
  if (options.data === "mnist") return loadImages("mnist-test");
  return data;
}

/** Log-odds of each unit in the data, one state of each kind added so that none is infinite. */
function logOdds({ data, shape: [rows, columns] }: Matrix<Float32Array>): Float64Array {
  const sums = new Float64Array(columns);
  for (let k = 0; k < data.length; k++) sums[k % columns] += Math.max(0, data[k]);
  return sums.map((sum) => Math.log((sum + 1) / (rows - sum + 1)));
}

function makeMachine(
  options: LearnOptions,
  data: ImageData,
  base: Float64Array,
  seed: number,
): RestrictedBoltzmannMachine | ClassMachine {
  const visible = data.values.shape[1];
  if (options.from !== undefined) {
    const { machine } = readModel(options.from);
    if (machine.visible !== visible || machine instanceof ClassMachine !== options.classes) {
      const kind = machine instanceof ClassMachine ? "with labels" : "without labels";
      throw new ArgumentError(
        `${options.from} is a machine ${kind} of ${machine.visible} visible units; the data have ${visible}`,
      );
    }
    return machine;
  }
  const { hidden } = options;
  if (!options.classes) {
    const machine = restrictedBoltzmannMachine({ visible, hidden, seed });
    machine.visibleBias.set(base);
    return machine;
  }
  const labels = 1 + (data.labels as Uint8Array).reduce((a, b) => Math.max(a, b), 1);
  const machine = classMachine({ visible, labels, hidden, seed });
  machine.machine.visibleBias.set(base);
  return machine;
}

async function trainOn(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  data: ImageData,
  options: LearnOptions,
  { seed, checkpoint }: Awaited<ReturnType<typeof keptRun>>,
) {
  const { epochs, method, steps, batch, rate, momentum, decay, average, classes } = options;
  const bar = startProgress("learn");
  try {
    return await trainRbm(machine, data.values, {
      seed,
      epochs,
      method,
      steps,
      batchSize: batch,
      learningRate: (share) => rate * (1 - share),
      momentum,
      weightDecay: decay,
      averageDecay: average,
      ...(classes && data.labels ? { labels: data.labels } : {}),
      checkpoint,
      signal: interruptSignal(),
      onProgress: (progress) => bar.update(progress, noteOf(progress.epoch)),
    });
  } finally {
    bar.stop();
  }
}

function noteOf(epoch: EpochReport | undefined): string {
  return epoch === undefined ? "" : `epoch ${epoch.epoch}, energy gap ${epoch.energyGap.toFixed(2)}`;
}

function print(report: Awaited<ReturnType<typeof measure>> & Record<string, unknown>): void {
  const { logPartition, logLikelihood, accuracy } = report;
  const lines = [
    `${report.states} states of ${report.visible} units, ${report.hidden} hidden, ${report.method}-${report.steps}, seed ${report.seed}`,
    `${report.updates} updates in ${(report.trainingSeconds as number).toFixed(1)} s (${report.kernel}); energy gap ${(report.energyGap as number).toFixed(3)}`,
  ];
  if (logPartition && "exact" in logPartition) lines.push(`log Z ${logPartition.exact} (exact)`);
  else if (logPartition) {
    const { forward, standardError, reverse, reverseStandardError } = logPartition;
    lines.push(
      `log Z ${withError(forward, standardError)}, in reverse ${withError(reverse, reverseStandardError)}`,
    );
  }
  for (const [set, figure] of Object.entries(logLikelihood ?? {})) {
    const { mean, standardError, lowerEnd } = figure;
    lines.push(
      `log-likelihood, ${set}: ${withError(mean, standardError)} nats, lower end ${lowerEnd.toFixed(3)}`,
    );
  }
  if (accuracy !== undefined)
    lines.push(`accuracy on ${accuracy.states} test states: ${accuracy.share.toFixed(4)}`);
  if (report.out !== undefined) lines.push(`written: ${report.out}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}
