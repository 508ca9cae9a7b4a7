import { ArgumentError } from "@basin/energy-core";
import type { Draws, StateArray } from "../run/draws.ts";
import {
  ARVIZ_NAMES,
  drawsOf,
  posteriorVariables,
  statisticVariables,
  type Variable,
} from "./inference-data.ts";

const TRUTHS = new Set(["diverging", "reached_max_treedepth", "undefined_energy"]);

type Nested = number | null | boolean | readonly Nested[];

/**
 * Returns draws as the JSON of an ArviZ InferenceData, `az.from_dict(**json)`: groups `posterior` and `sample_stats`, each variable as
 * `[chain][draw]`, coordinates `theta[0]`, `theta[1]` … as one variable `theta` of `[chain][draw][index]`.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample } from "@basin/samplers";
 * import { readArvizJson, writeArvizJson } from "@basin/samplers/formats";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, draws: 10 });
 * console.log(readArvizJson(writeArvizJson(draws)).names); // ["x[0]", "x[1]"]
 * ```
 */
export function writeArvizJson<X extends StateArray>(draws: Draws<X>): string {
  const group = (variables: readonly Variable[]) =>
    Object.fromEntries(variables.map(({ name, shape, data }) => [name, nest(data, shape, TRUTHS.has(name))]));
  return JSON.stringify({
    posterior: group(posteriorVariables(draws)),
    sample_stats: group(statisticVariables(draws)),
    attrs: { seed: draws.seed, kernel: draws.kernel },
  });
}

function nest(data: Float64Array, shape: readonly number[], truth: boolean): Nested {
  if (shape.length === 0) return truth ? data[0] === 1 : data[0];
  const size = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) =>
    nest(data.subarray(i * size, (i + 1) * size), shape.slice(1), truth),
  );
}

/**
 * Returns the draws of an InferenceData as JSON: an object with a group `posterior` of variables `[chain][draw]…`, as
 * {@link writeArvizJson} or `InferenceData.to_json` write it. Further axes become coordinates `name[0]`, `name[0,1]` …
 *
 * @throws {ArgumentError} when it is no such object, for ragged variables, and for variables of different numbers of chains or draws.
 *
 * @example
 * ```ts
 * import { readArvizJson } from "@basin/samplers/formats";
 *
 * console.log(readArvizJson('{"posterior": {"mu": [[1, 2, 3, 4]]}}').names); // ["mu"]
 * ```
 */
export function readArvizJson(text: string): Draws {
  const { posterior, sample_stats: stats } = parseObject(text);
  const known = Object.entries(stats ?? {}).filter(([name]) => Object.values(ARVIZ_NAMES).includes(name));
  return drawsOf(Object.entries(posterior).map(variableOf), known.map(variableOf));
}

function parseObject(text: string): {
  posterior: Record<string, Nested>;
  sample_stats?: Record<string, Nested>;
} {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ArgumentError(`this is not JSON: ${(cause as Error).message}`, { cause });
  }
  const { posterior } = (value ?? {}) as { posterior?: unknown };
  if (typeof posterior !== "object" || posterior === null) {
    throw new ArgumentError('this JSON has no object "posterior" of variables, as an InferenceData has');
  }
  return value as { posterior: Record<string, Nested> };
}

function variableOf([name, values]: readonly [string, Nested]): Variable {
  const shape: number[] = [];
  for (let inner: Nested = values; Array.isArray(inner); inner = inner[0] as Nested) shape.push(inner.length);
  if (shape.length < 2 || shape.includes(0)) {
    throw new ArgumentError(`the variable "${name}" is not a list of chains of draws`);
  }
  const data = new Float64Array(shape.reduce((size, length) => size * length, 1));
  let at = 0;
  const flatten = (value: Nested, axis: number): void => {
    if (axis === shape.length) data[at++] = value === null ? Number.NaN : Number(value);
    else if (Array.isArray(value) && value.length === shape[axis]) {
      for (const inner of value) flatten(inner, axis + 1);
    } else throw new ArgumentError(`the variable "${name}" is ragged: its lists differ in length`);
  };
  flatten(values, 0);
  return {
    name,
    shape,
    data,
    labels: shape.slice(2).map((length) => Array.from({ length }, (_, i) => i)),
  };
}
