import { ArgumentError, type Matrix, matrix, type NdArrayLike, toMatrix } from "@basin/energy-core";

/** Images to learn from or to measure with, values in [0, 1]. */
export interface ImageData {
  readonly values: Matrix<Float32Array>;
  readonly labels?: Uint8Array;
  /** Width of a row as a picture. */
  readonly width: number;
  /** Where they are from, and how values became probabilities. */
  readonly source: string;
}

/** Returns the images that `name` says, `mnist`, `mnist-test` or a file, at most `limit` of them. */
export async function loadImages(name: string, labels?: string, limit?: number): Promise<ImageData> {
  if (name === "mnist" || name === "mnist-test") return mnistImages(name, limit);
  const { readArray } = await import("@basin/energy-core/data");
  const read = await readArray(name);
  const array: NdArrayLike = "shape" in read ? read : (read as { values: NdArrayLike }).values;
  if (array.shape.length < 2) {
    throw new ArgumentError(`${name} has shape [${array.shape.join(", ")}], expected [states, …]`);
  }
  const { scale, rule } = scaling(array.data);
  const rows = Math.min(array.shape[0], limit ?? Number.POSITIVE_INFINITY);
  const values = toMatrix({ ...array, shape: [rows, ...array.shape.slice(1)] }, Float32Array, name);
  for (let k = 0; k < values.data.length; k++) values.data[k] *= scale;
  const columns = values.shape[1];
  const side = Math.sqrt(columns);
  return {
    values,
    ...(labels === undefined ? {} : { labels: await readLabels(labels, rows) }),
    width: array.shape.length > 2 ? array.shape[2] : Number.isInteger(side) ? side : columns,
    source: `${name}, ${rule}`,
  };
}

async function mnistImages(name: string, limit: number | undefined): Promise<ImageData> {
  const { mnist } = await import("@basin/datasets");
  const { train, test } = mnist();
  const set = name === "mnist" ? train : test;
  const count = Math.min(set.count, limit ?? set.count);
  const values = Float32Array.from(set.images.subarray(0, count * 784), (byte) => byte / 255);
  return {
    values: matrix(values, count, 784),
    labels: set.labels.subarray(0, count),
    width: 28,
    source: `MNIST ${name === "mnist" ? "training" : "test"} images, bytes as probabilities byte/255`,
  };
}

/** Bytes become probabilities byte/255; other numbers stay as they are, for the trainer to judge. */
function scaling(data: ArrayLike<number>): { scale: number; rule: string } {
  if (data instanceof Uint8Array && data.some((byte) => byte > 1)) {
    return { scale: 1 / 255, rule: "bytes as probabilities byte/255" };
  }
  return { scale: 1, rule: "values as they are" };
}

async function readLabels(path: string, rows: number): Promise<Uint8Array> {
  const { readArray } = await import("@basin/energy-core/data");
  const read = await readArray(path);
  const { data } = "shape" in read ? read : (read as { values: NdArrayLike }).values;
  if (data.length < rows) throw new ArgumentError(`${path} holds ${data.length} labels for ${rows} states`);
  const bad = Array.prototype.findIndex.call(
    data,
    (value: number) => !(Number.isInteger(value) && value >= 0 && value <= 255),
  );
  if (bad >= 0) {
    throw new ArgumentError(`${path} has label ${data[bad]} at ${bad}, expected an integer from 0 to 255`);
  }
  return Uint8Array.from({ length: rows }, (_, k) => data[k]);
}
