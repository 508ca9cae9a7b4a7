import { ArgumentError } from "@basin/energy-core";
import { checkDistinct, checkDraws, type Draws, type StateArray, series } from "../run/draws.ts";
import { variablesOf } from "../run/variables.ts";
import type { ArvizGroups, FilePart } from "./file-draws.ts";
import { chainsOf, type Quantity } from "./quantities.ts";

/** Statistics by their names in ArviZ's schema. */
const ARVIZ_NAMES: Readonly<Record<string, string>> = {
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

/** Groups beside the posterior, by their names in ArviZ's schema. */
const GROUPS = { posteriorPredictive: "posterior_predictive", logLikelihood: "log_likelihood" } as const;

/** Names of the groups beside the posterior. */
export const groupNames: readonly string[] = Object.values(GROUPS);

/**
 * Returns the groups to write by their names in ArviZ's schema, the posterior first.
 *
 * @throws {ArgumentError} for a group of other numbers of chains or draws than the posterior.
 */
export function groupsOf<X extends StateArray>(
  draws: Draws<X>,
  groups: ArvizGroups,
): [name: string, draws: Draws<StateArray>][] {
  const given = (Object.keys(GROUPS) as (keyof ArvizGroups)[]).flatMap((key): [string, Draws][] => {
    const own = groups[key];
    if (own === undefined) return [];
    checkDraws(own, key);
    if (own.chains.length !== draws.chains.length || own.draws !== draws.draws)
      throw new ArgumentError(
        `${key} has another number of chains or draws (${own.chains.length}, ${own.draws}) than the posterior (${draws.chains.length}, ${draws.draws})`,
      );
    return [[GROUPS[key], own]];
  });
  return [["posterior", draws], ...given];
}

/** Returns what the groups of a file hold that `variables` finds, and why others are not read, by group and as notes. */
export function readGroups(variables: (group: string) => readonly Variable[]): {
  groups: NonNullable<FilePart["groups"]>;
  notes: string[];
} {
  const groups: Record<string, Omit<FilePart, "readAs"> | string> = {};
  const notes: string[] = [];
  for (const [key, name] of Object.entries(GROUPS)) {
    try {
      const found = variables(name);
      if (found.length > 0) groups[key] = partOf(found, []);
    } catch (error) {
      const why = `the group ${name} is not read: ${(error as Error).message}`;
      groups[key] = why;
      notes.push(why);
    }
  }
  return { groups, notes };
}

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
  return variablesOf(draws.names).map(({ name, first, size, labels }) => {
    const data = new Float64Array(draws.chains.length * draws.draws * size);
    for (let m = 0; m < size; m++) {
      for (const [k, chain] of series(draws, first + m).entries()) {
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
