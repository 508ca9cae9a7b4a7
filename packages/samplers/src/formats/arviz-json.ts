import { ArgumentError } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { Draws, StateArray } from "../run/draws.ts";
import { type ArvizGroups, type FileDraws, type FilePart, joinParts } from "./file-draws.ts";
import {
  checkWritable,
  groupsOf,
  partOf,
  posteriorVariables,
  readGroups,
  statisticOf,
  statisticVariables,
  type Variable,
} from "./inference-data.ts";
import { flatten, parseJson } from "./json-text.ts";

const TRUTHS = new Set(["diverging", "reached_max_treedepth", "undefined_energy"]);

/**
 * Returns draws as the JSON of an ArviZ InferenceData, `az.from_dict(**json)`: groups `posterior` and `sample_stats`,
 * each variable as `[chain][draw]`, coordinates `theta[1]`, `theta[2]` … as one variable `theta` of
 * `[chain][draw][index]` with its labels in `coords`. `groups` adds `posterior_predictive` and `log_likelihood`. NaN is
 * written as in Python, so a text with NaN is not strict JSON.
 *
 * @throws {ArgumentError} for draws that were not kept, and for names that come twice.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample } from "@basin/samplers";
 * import { readDraws, writeArvizJson } from "@basin/samplers/formats";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, draws: 10 });
 * const again = await readDraws([{ name: "draws.json", content: writeArvizJson(draws) }]);
 * console.log(again.names); // ["x[0]", "x[1]"]
 * ```
 */
export function writeArvizJson<X extends StateArray>(draws: Draws<X>, groups: ArvizGroups = {}): string {
  checkOptions("writeArvizJson", groups, "posteriorPredictive logLikelihood");
  const written = groupsOf(draws, groups).map(([name, own]) => {
    checkWritable(own, own.names);
    return [name, posteriorVariables(own)] as const;
  });
  const variables = written.flatMap(([, own]) => own);
  checkLabels(variables);
  const axes = variables.map(
    ({ name, labels }) => [name, labels.map((_, axis) => `${name}_dim_${axis}`)] as const,
  );
  const coords = variables.flatMap(({ labels }, v) =>
    labels.map((values, axis) => [axes[v][1][axis], values]),
  );
  const [posterior, ...rest] = written.map(([name, own]) => `"${name}": ${groupText(own)}`);
  const fields = [
    posterior,
    `"sample_stats": ${groupText(statisticVariables(draws))}`,
    ...rest,
    `"coords": ${JSON.stringify(Object.fromEntries(coords))}`,
    `"dims": ${JSON.stringify(Object.fromEntries(axes.filter(([, own]) => own.length > 0)))}`,
    `"attrs": ${JSON.stringify({ seed: draws.seed, kernel: draws.kernel })}`,
  ];
  return `{${fields.join(", ")}}`;
}

/** The JSON labels the axes of a name once for all groups. */
function checkLabels(variables: readonly Variable[]): void {
  const seen = new Map<string, string>();
  for (const { name, labels } of variables) {
    const own = JSON.stringify(labels);
    if ((seen.get(name) ?? own) !== own)
      throw new ArgumentError(
        `"${name}" has other indices in one group than in another, and JSON labels both alike; rename one, or write Zarr`,
      );
    seen.set(name, own);
  }
}

function groupText(variables: readonly Variable[]): string {
  const fields = variables.map(
    ({ name, shape, data }) => `${JSON.stringify(name)}: ${nest(data, shape, TRUTHS.has(name))}`,
  );
  return `{${fields.join(", ")}}`;
}

function nest(data: Float64Array, shape: readonly number[], truth: boolean): string {
  if (shape.length === 0) return truth ? String(data[0] === 1) : numberText(data[0]);
  const size = data.length / shape[0];
  const parts = Array.from({ length: shape[0] }, (_, i) =>
    nest(data.subarray(i * size, (i + 1) * size), shape.slice(1), truth),
  );
  return `[${parts.join(",")}]`;
}

function numberText(value: number): string {
  // A number beyond the doubles is strict JSON, and infinite to every reader.
  if (value === Infinity || value === -Infinity) return value > 0 ? "1e999" : "-1e999";
  return Object.is(value, -0) ? "-0.0" : String(value);
}

/**
 * Returns the draws of an InferenceData as JSON: an object with a group `posterior` of variables `[chain][draw]…`, as
 * {@link writeArvizJson} or `InferenceData.to_json` write it, NaN and Infinity included. Further axes become
 * coordinates `name[0]`, `name[0,1]` …, labeled by `dims` and `coords` where the file has them.
 *
 * @throws {ArgumentError} when it is not such an object, for ragged variables, and for variables of different numbers
 * of chains or draws.
 */
export function readArvizJson(text: string): FileDraws {
  return joinParts([{ file: "this file", part: arvizPart(parseJson(text)) }]);
}

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns what the object of an InferenceData holds. */
export function arvizPart(value: unknown): FilePart {
  const { posterior, sample_stats: stats, ...rest } = isObject(value) ? value : ({} as Fields);
  if (!isObject(posterior)) {
    throw new ArgumentError('this JSON has no object "posterior" of variables, as an InferenceData has');
  }
  const entries = Object.entries(isObject(stats) ? stats : {});
  const unused = entries.map(([name]) => name).filter((name) => statisticOf(name) === undefined);
  const known = entries.filter(([name]) => !unused.includes(name));
  const part = partOf(
    Object.entries(posterior).map((entry) => variableOf(entry, rest)),
    known.map((entry) => variableOf(entry, {})),
  );
  const { groups, notes } = readGroups((name) =>
    Object.entries(isObject(rest[name]) ? rest[name] : {}).map((entry) => variableOf(entry, rest)),
  );
  if (unused.length > 0) notes.push(`not used of sample_stats: ${unused.join(", ")}`);
  return { ...part, readAs: "ArviZ's InferenceData as JSON", groups, notes };
}

function variableOf([name, values]: readonly [string, unknown], { dims, coords }: Fields): Variable {
  const { shape, data } = flatten(name, values);
  if (shape.length < 2 || shape.includes(0)) {
    throw new ArgumentError(`the variable "${name}" is not a list of chains of draws`);
  }
  const own = isObject(dims) ? dims[name] : undefined;
  const axes = Array.isArray(own) ? own.filter((axis) => axis !== "chain" && axis !== "draw") : [];
  const labels = shape.slice(2).map((length, axis) => {
    const known = isObject(coords) ? coords[axes[axis]] : undefined;
    const fits = Array.isArray(known) && known.length === length && new Set(known).size === length;
    return fits ? known : Array.from({ length }, (_, i) => i);
  });
  return { name, shape, data, labels };
}
