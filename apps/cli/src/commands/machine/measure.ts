import { predict } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { ClassMachine, type RestrictedBoltzmannMachine } from "@basin/ising/learn";
import type { PartitionEstimate } from "@basin/samplers/temper";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import type { ImageData } from "./data.ts";

/** States of each set that the likelihood is averaged over, at most. */
const MOST_STATES = 10_000;
const EXACT_UNITS = 18;

/** Log Z, exact where a layer is small, else its bracket. */
export type LogPartition = { readonly exact: number } | PartitionEstimate;

/** A mean log-likelihood in nats a state; `lowerEnd` takes the upper end of log Z. */
export interface LogLikelihood {
  readonly mean: number;
  readonly standardError: number;
  readonly lowerEnd: number;
  readonly states: number;
}

/** What a trained machine is worth. */
export interface Figures {
  readonly logPartition?: LogPartition;
  readonly logLikelihood?: { readonly train: LogLikelihood; readonly test: LogLikelihood };
  readonly accuracy?: { readonly share: number; readonly states: number };
}

/** What {@link measure} is told. */
export interface MeasureOptions {
  readonly temperatures: number;
  readonly runs: number;
  readonly base: Float64Array;
  readonly seed: number;
}

/** Returns the likelihood bracket of a machine, or the accuracy of one with labels. */
export async function measure(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  train: ImageData,
  test: ImageData,
  options: MeasureOptions,
): Promise<Figures> {
  if (machine instanceof ClassMachine) {
    return test.labels === undefined ? {} : { accuracy: accuracyOn(machine, test, test.labels) };
  }
  const logPartition = await partition(machine, options);
  if (logPartition === undefined) return {};
  const rng = createRng(options.seed).split(11);
  const likelihood = (data: ImageData, stream: number) =>
    logLikelihood(machine, data, logPartition, rng.split(stream));
  return { logPartition, logLikelihood: { train: likelihood(train, 0), test: likelihood(test, 1) } };
}

async function partition(
  machine: RestrictedBoltzmannMachine,
  { temperatures, runs, base, seed }: MeasureOptions,
): Promise<LogPartition | undefined> {
  const { annealedLogPartition, exactLogPartition } = await import("@basin/ising/learn");
  const { crowdedSchedule } = await import("@basin/samplers/temper");
  if (Math.min(machine.visible, machine.hidden) <= EXACT_UNITS) {
    return { exact: exactLogPartition(machine) };
  }
  if (temperatures < 2) return undefined;
  const bar = startProgress("log Z");
  try {
    return await annealedLogPartition(machine, {
      seed: seed + 1,
      runs,
      schedule: crowdedSchedule(temperatures),
      base,
      signal: interruptSignal(),
      onProgress: bar.update,
    });
  } finally {
    bar.stop();
  }
}

/** Grays are drawn once: a state is on with its probability (Salakhutdinov & Murray 2008). */
function logLikelihood(
  machine: RestrictedBoltzmannMachine,
  { values: { data, shape } }: ImageData,
  logPartition: LogPartition,
  rng: ReturnType<typeof createRng>,
): LogLikelihood {
  const [rows, columns] = shape;
  const states = Math.min(rows, MOST_STATES);
  const energies = Float64Array.from({ length: states }, (_, k) => {
    const row = Math.floor((k * rows) / states) * columns;
    return machine.energy(
      Int8Array.from({ length: columns }, (_, i) => (rng.bernoulli(data[row + i]) ? 1 : -1)),
    );
  });
  const mean = energies.reduce((sum, energy) => sum + energy, 0) / states;
  const variance = energies.reduce((sum, energy) => sum + (energy - mean) ** 2, 0) / Math.max(1, states - 1);
  const [middle, high] =
    "exact" in logPartition
      ? [logPartition.exact, logPartition.exact]
      : [logPartition.forward, Math.max(logPartition.bracket[1], logPartition.forward)];
  return {
    mean: -mean - middle,
    standardError: Math.sqrt(variance / states),
    lowerEnd: -mean - high,
    states,
  };
}

/** A unit is on where its probability is above ½. */
function accuracyOn(machine: ClassMachine, { values: { data, shape } }: ImageData, labels: Uint8Array) {
  const [states, columns] = shape;
  let right = 0;
  for (let k = 0; k < states; k++) {
    const row = data.subarray(k * columns, (k + 1) * columns);
    if (
      predict(
        machine,
        Int8Array.from(row, (value) => (value > 0.5 ? 1 : -1)),
      ).label === labels[k]
    )
      right++;
  }
  return { share: right / states, states };
}
