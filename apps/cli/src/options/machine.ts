import { type Matrix, toMatrix } from "@basin/energy-core";
import { readImages, readLabels } from "@basin/energy-core/data";
import { type MachineFile, parseMachine } from "@basin/ising/learn";
import { InvalidArgumentError } from "commander";
import { readBytes } from "../files/read.ts";
import { datasets } from "./datasets.ts";

/** States to learn from or to measure with, values in [0, 1]. */
export interface States {
  readonly values: Matrix<Float32Array>;
  readonly labels?: Uint8Array;
  /** Shape of a state as a picture. */
  readonly shape: readonly [height: number, width: number];
  /** Their source, and how values were converted to probabilities. */
  readonly source: string;
}

/** Returns at most `limit` states from a source: a data set, its test part such as "mnist-test", or a file. */
export async function loadStates(name: string, labels?: string, limit?: number): Promise<States> {
  const set = datasets[name.replace(/-test$/, "")];
  if (set !== undefined) {
    const { train, test = train } = await set.load();
    const part = name.endsWith("-test") ? test : train;
    const source = `${set.title} ${part === train ? "training" : "test"} images`;
    return statesOf(part, source, part.labels, limit);
  }
  const images = await readImages(name);
  const found = statesOf(images, name, labels === undefined ? undefined : await readLabels(labels), limit);
  const [rows, columns] = found.values.shape;
  if (rows * columns === 0)
    throw new InvalidArgumentError(`${name} holds no states, expected one at least: a row of numbers each`);
  if (found.labels && found.labels.length < rows)
    throw new InvalidArgumentError(`${labels} holds ${found.labels.length} labels for ${rows} states`);
  return found;
}

/** Bytes become probabilities byte/255. Other numbers are not changed; the trainer checks them. */
function statesOf(
  images: { data: ArrayLike<number>; shape: readonly number[] },
  source: string,
  labels: Uint8Array | undefined,
  limit = Number.POSITIVE_INFINITY,
): States {
  const { data } = images;
  const [count, ...shape] = images.shape;
  const rows = Math.min(count, limit);
  const values = toMatrix({ ...images, shape: [rows, ...shape] }, Float32Array, source);
  const bytes = data instanceof Uint8Array && data.some((byte) => byte > 1);
  if (bytes) for (let k = 0; k < values.data.length; k++) values.data[k] /= 255;
  const columns = values.shape[1];
  const side = Math.sqrt(columns);
  const width = shape[1] ?? (Number.isInteger(side) ? side : columns);
  return {
    ...{ values, labels: labels?.subarray(0, rows), shape: [columns / width, width] },
    source: `${source}, ${bytes ? "bytes as probabilities byte/255" : "values as they are"}`,
  };
}

/** Reads a model file. */
export function readModel(path: string): MachineFile {
  return parseMachine(readBytes(path), path);
}
