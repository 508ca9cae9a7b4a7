import { ArgumentError, DimensionError } from "@basin/energy-core";
import { checkLabels } from "../labels.ts";
import type { Ingredient, Opened, ScoreKind } from "./kind.ts";
import { openShiftFree } from "./probabilities.ts";
import { finite, type LogitMeaning, openLogits, openRows, type Rows, type RowsLike } from "./rows.ts";
import { largestOf } from "./softmax.ts";

/** A classifier's outputs for some inputs; only the parts that the score needs are required. */
export interface OutlierData {
  /** f(x) `[n, classes]`. */
  readonly logits?: RowsLike;
  /** What the numbers in `logits` are, if that is in doubt. */
  readonly of?: LogitMeaning;
  /** Features `[n, d]`, such as the input of the last layer. Further axes are flattened. */
  readonly features?: RowsLike;
  /**
   * The class of each input, from 0. If there are logits and no labels, it is the class of the largest logit. Used only
   * for fitting.
   */
  readonly labels?: ArrayLike<number>;
  /**
   * W of the last layer f(x) = W x + b, `[classes, d]` (PyTorch's order; a kernel of tfjs is its transpose). Used only
   * for fitting.
   */
  readonly weights?: RowsLike;
  /** b of the last layer, one number for each class. Default 0. */
  readonly bias?: ArrayLike<number>;
}

/** Widths of rows that data must have, equal to those at fitting. */
export interface Widths {
  readonly logits?: number;
  readonly features?: number;
}

/**
 * Returns what a score needs of data, read and checked. The loop over the rows checks that numbers are finite.
 *
 * @throws {ArgumentError} for what is missing or has two readings; {DimensionError} for wrong counts or widths.
 */
export function openData(
  data: OutlierData,
  needs: readonly Ingredient[],
  { name, shiftFree }: Pick<ScoreKind, "name" | "shiftFree">,
  widths: Widths = {},
): Opened & { count: number } {
  const asker = `the score "${name}"`;
  const has = (what: Ingredient) => needs.includes(what);
  const logits = has("logits") ? openLogitsOf(data, asker, shiftFree === true, widths) : undefined;
  const features = has("features") ? openFeatures(data, asker, widths) : undefined;
  if (logits && features && logits.count !== features.count)
    throw new DimensionError(
      `there are ${features.count} rows of features, expected ${logits.count} as of logits`,
    );
  const count = (logits ?? features)?.count ?? 0;
  return {
    count,
    logits: logits as Rows,
    features: features as Rows,
    labels: has("labels") ? labelsOf(data, asker, count, logits) : [],
    head: (has("head") ? openHead(data, asker, features as Rows) : undefined) as Opened["head"],
  };
}

function missing(name: string, what: string, next: string): ArgumentError {
  return new ArgumentError(`${name} needs ${what}: ${next}`);
}

function openLogitsOf(data: OutlierData, name: string, shiftFree: boolean, widths: Widths): Rows {
  if (data.logits === undefined) throw missing(name, "logits", "give { logits }, a row an input");
  const rows = (shiftFree ? openShiftFree : openLogits)(data.logits, { of: data.of });
  checkWidth(rows, widths.logits, "classes");
  return rows;
}

function openFeatures(data: OutlierData, name: string, widths: Widths): Rows {
  if (data.features === undefined) throw missing(name, "features", "give { features }, a row an input");
  const rows = openRows(data.features, "features");
  checkWidth(rows, widths.features, "numbers");
  return rows;
}

function checkWidth({ what, count, width }: Rows, expected: number | undefined, unit: string): void {
  if (expected !== undefined && count > 0 && width !== expected)
    throw new DimensionError(
      `${what} has rows of ${width} ${unit}, expected ${expected} as those it was fitted to`,
    );
}

function labelsOf(data: OutlierData, name: string, count: number, logits?: Rows): ArrayLike<number> {
  if (data.labels !== undefined)
    return checkLabels(data.labels, logits?.width ?? Number.MAX_SAFE_INTEGER, count);
  const found = logits ?? (data.logits && openShiftFree(data.logits, { of: data.of }));
  if (found === undefined)
    throw missing(
      name,
      "labels",
      "give { labels }, a class an input (0 throughout for one class), or logits to tell classes by",
    );
  if (found.count !== count)
    throw new DimensionError(`there are ${found.count} rows of logits, expected ${count} as of features`);
  return largestOf(finite(found));
}

function openHead(data: OutlierData, name: string, features: Rows): Opened["head"] {
  if (data.weights === undefined)
    throw missing(name, "the last layer", "give { weights, bias }, with weights [classes, features]");
  const weights = finite(openRows(data.weights, "weights"));
  if (features.count > 0 && weights.width !== features.width) {
    const turned = weights.count === features.width ? "; these look like their transpose" : "";
    throw new DimensionError(
      `weights are [${weights.count}, ${weights.width}], expected [classes, ${features.width}]${turned}`,
    );
  }
  const bias = Float64Array.from(data.bias ?? new Float64Array(weights.count));
  if (bias.length !== weights.count)
    throw new DimensionError(`bias has length ${bias.length}, expected ${weights.count}, a number a class`);
  const bad = bias.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new ArgumentError(`bias ${bad} is ${bias[bad]}, expected a finite number`);
  return { weights, bias };
}

/** Returns the inputs at these places. */
export function takeInputs(data: OutlierData, places: ArrayLike<number>): OutlierData {
  const { logits, features, labels } = data;
  const rowsOf = (source: RowsLike, what: string) => {
    const { data, width } = openRows(source, what);
    const taken = new Float64Array(places.length * width);
    for (let i = 0; i < places.length; i++)
      taken.set(data.subarray(places[i] * width, (places[i] + 1) * width), i * width);
    return { data: taken, shape: [places.length, width] };
  };
  return {
    ...data,
    ...(logits && { logits: rowsOf(logits, "logits") }),
    ...(features && { features: rowsOf(features, "features") }),
    ...(labels && { labels: Array.from(places, (i) => labels[i]) }),
  };
}

/** Returns the number of inputs. */
export function countOf({ logits, features }: OutlierData): number {
  if (logits) return openRows(logits, "logits").count;
  if (features) return openRows(features, "features").count;
  throw new ArgumentError("there are neither logits nor features, expected one of them");
}

/** Returns the class of the largest logit of each input. */
export function predictedClasses(data: OutlierData, widths: Widths = {}): Int32Array {
  return largestOf(finite(openLogitsOf(data, "a threshold a class", true, widths)));
}
