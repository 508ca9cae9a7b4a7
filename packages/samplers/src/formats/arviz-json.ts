import { ArgumentError } from "@basin/energy-core";
import { type ChainDraws, type Draws, type StateArray, series } from "../run/draws.ts";

/** Statistics by their names in ArviZ's schema. */
const ARVIZ_NAMES: Readonly<Record<string, string>> = {
  acceptanceProbability: "acceptance_rate",
  stepSize: "step_size",
  treeDepth: "tree_depth",
  gradients: "n_steps",
  diverged: "diverging",
  hamiltonian: "energy",
  energy: "potential",
};

type Nested = number | null | boolean | readonly Nested[];

/**
 * Returns draws as the JSON of an ArviZ InferenceData, `az.from_dict(**json)`: groups `posterior` and `sample_stats`, each variable as
 * `[chain][draw]`, coordinates `theta[0]`, `theta[1]` … as one variable `theta` of `[chain][draw][index]`.
 */
export function writeArvizJson<X extends StateArray>(draws: Draws<X>): string {
  const posterior: Record<string, Nested> = {};
  for (const [name, members] of grouped(draws.names)) {
    const chains = members.map((index) => series(draws, index));
    posterior[name] = draws.chains.map((_, k) =>
      Array.from({ length: draws.draws }, (_, t) =>
        members.length === 1 && draws.names[members[0]] === name
          ? chains[0][k][t]
          : chains.map((chain) => chain[k][t]),
      ),
    );
  }
  const stats: Record<string, Nested> = {};
  for (const [name, arviz] of Object.entries(ARVIZ_NAMES)) {
    if (!(name in draws.chains[0].stats)) continue;
    stats[arviz] = draws.chains.map((chain) =>
      Array.from(chain.stats[name], (value) => (name === "diverged" ? value === 1 : value)),
    );
  }
  return JSON.stringify({
    posterior,
    sample_stats: stats,
    attrs: { seed: draws.seed, kernel: draws.kernel },
  });
}

/** Returns the coordinates of each variable: runs `name[0]`, `name[1]` … in order are one. */
function grouped(names: readonly string[]): [string, number[]][] {
  const groups = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    const match = /^(.+)\[(\d+)\]$/.exec(name);
    const group = match && Number(match[2]) === (groups.get(match[1])?.length ?? 0) ? match[1] : name;
    groups.set(group, [...(groups.get(group) ?? []), index]);
  }
  return [...groups];
}

/**
 * Returns the draws of an InferenceData as JSON: an object with a group `posterior` of variables `[chain][draw]…`, as
 * {@link writeArvizJson} or `InferenceData.to_json` write it. Further axes become coordinates `name[0]`, `name[0,1]` …
 *
 * @throws {ArgumentError} when it is no such object, and for variables of different numbers of chains or draws.
 */
export function readArvizJson(text: string): Draws {
  const { posterior, sample_stats: stats = {} } = parseObject(text);
  const variables = Object.entries(posterior);
  if (variables.length === 0) throw new ArgumentError("the posterior holds no variables");
  const [first, sample] = variables[0];
  const count = lengthOf(sample, first);
  const draws = lengthOf((sample as Nested[])[0], first);
  const columns = variables.flatMap(([name, values]) => columnsOf(name, values, count, draws));
  const chains = Array.from({ length: count }, (_, k): ChainDraws => {
    const positions = new Float64Array(draws * columns.length);
    for (const [i, { chains: data }] of columns.entries()) {
      for (let t = 0; t < draws; t++) positions[t * columns.length + i] = data[k][t];
    }
    return {
      positions,
      stats: statsOf(stats, k),
      tuned: {},
      warmup: { divergences: 0, gradients: 0 },
      observed: {},
    };
  });
  return {
    kernel: "file",
    seed: Number.NaN,
    inverseTemperature: 1,
    dimension: columns.length,
    draws,
    thin: 1,
    names: columns.map(({ name }) => name),
    chains,
  };
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

function lengthOf(values: Nested, name: string): number {
  if (Array.isArray(values) && values.length > 0) return values.length;
  throw new ArgumentError(`the variable "${name}" is not a list of chains of draws`);
}

/** Returns the scalar coordinates of one variable, each as `[chain][draw]`. */
function columnsOf(name: string, values: Nested, count: number, draws: number) {
  const chains = values as Nested[][];
  if (lengthOf(values, name) !== count || chains.some((chain) => lengthOf(chain, name) !== draws)) {
    throw new ArgumentError(
      `the variable "${name}" has another number of chains or draws than the first one`,
    );
  }
  return indicesOf(chains[0][0]).map((index) => ({
    name: index.length === 0 ? name : `${name}[${index.join(",")}]`,
    chains: chains.map((chain) => Float64Array.from(chain, (value) => numberAt(value, index))),
  }));
}

function indicesOf(value: Nested): number[][] {
  return Array.isArray(value)
    ? value.flatMap((inner, i) => indicesOf(inner).map((rest) => [i, ...rest]))
    : [[]];
}

function numberAt(value: Nested, index: readonly number[]): number {
  let inner = value;
  for (const i of index) inner = (inner as Nested[])[i];
  return inner === null ? Number.NaN : Number(inner);
}

function statsOf(stats: Record<string, Nested>, chain: number): Record<string, Float64Array> {
  const known = Object.entries(ARVIZ_NAMES).filter(([, arviz]) => Array.isArray(stats[arviz]));
  return Object.fromEntries(
    known.map(([name, arviz]) => [name, Float64Array.from((stats[arviz] as Nested[][])[chain], Number)]),
  );
}
