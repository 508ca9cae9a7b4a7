import { ArgumentError } from "@basin/energy-core";
import { checkDistinct, type Draws, type StateArray, series } from "../run/draws.ts";
import type { FilePart } from "./file-draws.ts";
import { chainsOf, type Quantity } from "./quantities.ts";

/** Statistics by their names in ArviZ's schema. */
export const ARVIZ_NAMES: Readonly<Record<string, string>> = {
  acceptanceProbability: "acceptance_rate",
  stepSize: "step_size",
  treeDepth: "tree_depth",
  gradients: "n_steps",
  diverged: "diverging",
  saturated: "reached_max_treedepth",
  undefinedEnergy: "undefined_energy",
  hamiltonian: "energy",
  energy: "potential",
};

/** One variable of a group: numbers in row-major order over `[chain, draw, …]`. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** Labels along each axis after the draws. */
  readonly labels: readonly (readonly (string | number)[])[];
}

/**
 * Returns the variables of a posterior: coordinates `name[0]`, `name[1]` …, or `name[1,1]`, `name[1,2]` … in row-major
 * order are one.
 */
export function posteriorVariables<X extends StateArray>(draws: Draws<X>): Variable[] {
  return grouped(draws.names).map(({ name, members, labels }) => {
    const size = members.length;
    const data = new Float64Array(draws.chains.length * draws.draws * size);
    for (const [m, index] of members.entries()) {
      for (const [k, chain] of series(draws, index).entries()) {
        for (let t = 0; t < draws.draws; t++) data[(k * draws.draws + t) * size + m] = chain[t];
      }
    }
    return { name, labels, data, shape: [draws.chains.length, draws.draws, ...labels.map((l) => l.length)] };
  });
}

/** Returns the statistics that ArviZ's schema names. */
export function statisticVariables<X extends StateArray>(draws: Draws<X>): Variable[] {
  return Object.entries(ARVIZ_NAMES)
    .filter(([name]) => name in draws.chains[0].stats)
    .map(([name, arviz]) => ({
      name: arviz,
      labels: [],
      shape: [draws.chains.length, draws.draws],
      data: Float64Array.from(draws.chains.flatMap(({ stats }) => [...stats[name]])),
    }));
}

interface Group {
  readonly name: string;
  readonly members: readonly number[];
  readonly labels: readonly (readonly number[])[];
}

// Indices as numbers are written: a leading zero would be lost.
const INDEXED = /^(.+)\[((?:0|[1-9]\d{0,8})(?:,(?:0|[1-9]\d{0,8}))*)\]$/s;

function grouped(names: readonly string[]): Group[] {
  const runs: { base: string; members: number[]; indices: number[][] }[] = [];
  for (const [at, name] of names.entries()) {
    const match = INDEXED.exec(name);
    const [base, index] = match ? [match[1], match[2].split(",").map(Number)] : [name, []];
    const last = runs.at(-1);
    if (match && last?.base === base && last.indices[0].length === index.length) {
      last.members.push(at);
      last.indices.push(index);
    } else runs.push({ base, members: [at], indices: [index] });
  }
  const bases = runs.map(({ base }) => base);
  return runs.flatMap(({ base, members, indices }) => {
    const labels = boxOf(indices);
    const whole = labels !== undefined && bases.indexOf(base) === bases.lastIndexOf(base);
    return whole
      ? [{ name: base, members, labels }]
      : members.map((at) => ({ name: names[at], members: [at], labels: [] }));
  });
}

/** Returns the labels along each axis when the indices run through a whole box in row-major order. */
function boxOf(indices: readonly (readonly number[])[]): number[][] | undefined {
  const [first] = indices;
  const last = indices[indices.length - 1];
  const labels = first.map((from, axis) =>
    Array.from({ length: Math.max(0, last[axis] - from + 1) }, (_, i) => from + i),
  );
  if (labels.reduce((size, axis) => size * axis.length, 1) !== indices.length) return undefined;
  const inOrder = indices.every((index, at) => {
    let rest = at;
    return [...index].reverse().every((value, back) => {
      const axis = labels[labels.length - 1 - back];
      const expected = axis[rest % axis.length];
      rest = Math.floor(rest / axis.length);
      return value === expected;
    });
  });
  return inOrder ? labels : undefined;
}

/**
 * Returns what the variables of a posterior and its statistics hold.
 *
 * @throws {ArgumentError} without variables, and where they differ in chains or draws.
 */
export function partOf(
  posterior: readonly Variable[],
  statistics: readonly Variable[],
): Omit<FilePart, "readAs"> {
  if (posterior.length === 0)
    throw new ArgumentError("the posterior holds no variables of numbers over chains and draws");
  const [chains, count] = posterior[0].shape;
  for (const { name, shape } of [...posterior, ...statistics]) {
    if (shape[0] === chains && shape[1] === count) continue;
    throw new ArgumentError(
      `the variable "${name}" has another number of chains or draws (${shape[0]}, ${shape[1]}) than "${posterior[0].name}" (${chains}, ${count})`,
    );
  }
  const parameters = posterior.flatMap(quantitiesOf);
  const found = statistics.flatMap((variable) => {
    const name = statisticOf(variable.name);
    return name === undefined || variable.shape.length > 2 ? [] : [{ ...quantitiesOf(variable)[0], name }];
  });
  return {
    names: parameters.map(({ name }) => name),
    chains: chainsOf(parameters, statisticsOf(found)),
  };
}

/** Statistics by the names of other samplers. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  acceptanceProbability: "accept_stat",
  treeDepth: "treedepth",
  gradients: "tree_size",
  diverged: "divergent",
  lp: "lp",
};

const STATISTICS = new Map(
  [ARVIZ_NAMES, OTHER_NAMES].flatMap((names) => Object.entries(names).map(([name, arviz]) => [arviz, name])),
);

/** Returns our name of a statistic of ArviZ's, `lp` for a log density; undefined for those that are not used. */
export function statisticOf(name: string): string | undefined {
  return STATISTICS.get(name);
}

/** Returns the first of each statistic; a log density turned round is the energy where there is none. */
export function statisticsOf(found: readonly Quantity[]): Quantity[] {
  const first = new Map<string, Quantity>();
  for (const quantity of found) if (!first.has(quantity.name)) first.set(quantity.name, quantity);
  const density = first.get("lp");
  first.delete("lp");
  if (density !== undefined && !first.has("energy")) {
    const chains = density.chains.map((chain) => chain.map((value) => -value));
    first.set("energy", { name: "energy", chains });
  }
  return [...first.values()];
}

function quantitiesOf(variable: Variable): Quantity[] {
  const { data, shape } = variable;
  const [chains, count] = shape;
  const size = shape.slice(2).reduce((product, length) => product * length, 1);
  return namesOf(variable).map((name, m) => ({
    name,
    chains: Array.from({ length: chains }, (_, k) =>
      Float64Array.from({ length: count }, (_, t) => data[(k * count + t) * size + m]),
    ),
  }));
}

/** @throws {ArgumentError} for draws that were not kept, and where two columns would have one name. */
export function checkWritable<X extends StateArray>(draws: Draws<X>, columns: readonly string[]): void {
  if (draws.chains.some(({ positions }) => positions.length !== draws.draws * draws.dimension)) {
    throw new ArgumentError("these draws were not kept (keep: false), so there is nothing to write");
  }
  checkDistinct("the column", columns);
}

function namesOf({ name, labels }: Variable): string[] {
  let suffixes = [""];
  for (const axis of labels) {
    suffixes = suffixes.flatMap((suffix) =>
      axis.map((label) => (suffix === "" ? `${label}` : `${suffix},${label}`)),
    );
  }
  return labels.length === 0 ? [name] : suffixes.map((suffix) => `${name}[${suffix}]`);
}
