import { ArgumentError, DimensionError } from "@basin/energy-core";
import { areBytes, checkFinite, floatRows, type Inputs, sizeOf } from "../inputs.ts";
import type { JointModel } from "../model/contract.ts";
import { scores } from "../score/scores.ts";
import type { LabeledData } from "./data.ts";
import type { ResolvedTrainOptions } from "./options.ts";

/** @throws {ArgumentError} for a layer whose statistics are learned from batches by tfjs's own training alone. */
export function refuseBatchStatistics({ classifier }: JointModel): void {
  const bad = classifier?.layers.find(
    (layer) => layer.getClassName() === "BatchNormalization" && layer.trainable,
  );
  if (bad !== undefined) {
    throw new ArgumentError(
      `layer "${bad.name}" is a trainable BatchNormalization, whose statistics joint training does not learn; leave it out, or set trainable to false to freeze it`,
    );
  }
}

/**
 * Holds data to the sampler: chains are kept in its box, and compared with data that they can never be like where those
 * lie outside; and noise wider than the data leaves nothing of them.
 *
 * @param chosen whether `inputNoise` was given, and not left to its default.
 * @throws {ArgumentError} naming the range of the data and the options that hold it.
 */
export function checkRange(
  { inputs }: LabeledData,
  { sampler, marginalWeight, inputNoise }: ResolvedTrainOptions,
  chosen: boolean,
): void {
  const [floor, ceiling] = sampler.settings?.box ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const scale = areBytes(inputs) ? 255 : 1;
  let [low, high, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const raw of inputs) {
    const value = raw / scale;
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
    squares += value * value;
  }
  const slack = 1e-6 * (ceiling - floor);
  if (marginalWeight > 0 && (low < floor - slack || high > ceiling + slack))
    throw new ArgumentError(
      `inputs lie between ${low} and ${high}, but the sampler keeps its chains in [${floor}, ${ceiling}], where they can never be like them: ` +
        `give sampler: tensorSgld({ …, box: [${Math.floor(Math.min(low, floor))}, ${Math.ceil(Math.max(high, ceiling))}] }) with steps and noise to match, or scale the inputs`,
    );
  const deviation = Math.sqrt(Math.max(0, squares / inputs.length - (sum / inputs.length) ** 2));
  if (!chosen && deviation > 0 && inputNoise > deviation)
    throw new ArgumentError(
      `inputNoise is ${inputNoise} by default, more than the inputs' standard deviation of ${deviation}: give an inputNoise that fits, or scale the inputs`,
    );
}

/** Returns what a model is but for its names and numbers. */
export function describeModel({ classifier, head, labels, space, variables }: JointModel): string {
  const layers = classifier?.layers.map((layer) => [layer.getClassName(), layer.getConfig()]);
  const shapes = variables.map(({ shape }) => shape);
  return JSON.stringify([head, labels, space.shape, shapes, layers], (key, value: unknown) =>
    key === "name" || key.endsWith("initializer") ? undefined : value,
  );
}

/** Inputs of each kind whose mean energies the margins are taken from. */
const JUDGED = 1000;

/** Returns m_in and m_out: those given, or the mean energies of some data and outliers. */
export function energyMargins(
  model: JointModel,
  data: LabeledData,
  { outliers, margins }: ResolvedTrainOptions,
): readonly [number, number] {
  if (outliers === undefined) return [0, 0];
  const size = sizeOf(model.space.shape);
  if (outliers.length === 0 || outliers.length % size !== 0)
    throw new DimensionError(`outliers has length ${outliers.length}, expected whole rows of ${size}`);
  checkFinite("outlier", outliers, size);
  if (margins) return margins;
  const mean = (inputs: Inputs): number => {
    const rows = floatRows(inputs, size, 0, Math.min(JUDGED, inputs.length / size));
    const energies = scores(model, rows);
    return energies.reduce((sum, e) => sum + e, 0) / energies.length;
  };
  return [mean(data.inputs), mean(outliers)];
}
