import { ArgumentError } from "@basin/energy-core";
import { type ChainDraws, checkDistinct, type Draws } from "../run/draws.ts";
import { sameDraws } from "../run/same-draws.ts";

/** What was generated at the draws of a posterior, as `generateDraws` gives it. */
export type ArvizGroups = {
  /** Replicated data: the group `posterior_predictive`. */
  readonly posteriorPredictive?: Draws;
  /** log p(y_i | θ): the group `log_likelihood`. */
  readonly logLikelihood?: Draws;
};

/** Draws that were read, and what they were read as. */
export interface FileDraws extends Draws, ArvizGroups {
  /** What each kind of file was taken for, in words. */
  readonly readAs: string;
  /** What was left out, is missing or was decided: a sentence each. */
  readonly notes: readonly string[];
}

/** What decides where a file has two readings. */
export interface ReadOptions {
  /** Whether the first line of a table names its columns. Default: found from its fields. */
  header?: boolean;
  /** Column of a table that identifies chains; `"none"` for none. Default: found by name. */
  chainColumn?: string;
  /** Column of a table that counts draws; `"none"` for none. Default: found by name. */
  iterationColumn?: string;
  /** Number of chains of equal length in sequence in one table without such a column. */
  chains?: number;
  /**
   * Axes of an array in order, `chain`, `draw` and others: `["chain", "draw"]`. An array without `chain` is one chain.
   */
  axes?: readonly string[];
}

/** What one file gave. */
export interface FilePart {
  readonly readAs: string;
  readonly names: readonly string[];
  readonly chains: readonly ChainDraws[];
  readonly seed?: number;
  readonly thin?: number;
  readonly notes?: readonly string[];
  /** What was generated at the draws, or why it is not read. */
  readonly groups?: { readonly [K in keyof ArvizGroups]: Omit<FilePart, "readAs"> | string };
}

/** A part and the name of its file. */
export interface NamedPart {
  readonly file: string;
  readonly part: FilePart;
}

/** Returns the chain of the given draws, row-major, and statistics. */
export function chainFrom(
  positions: Float64Array,
  stats: Readonly<Record<string, Float64Array>>,
): ChainDraws {
  return { positions, stats, tuned: {}, warmup: { divergences: 0, gradients: 0 }, observed: {} };
}

/** Returns `work()`, and adds the name of the file to its errors. */
export function namingFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw named(file, error);
  }
}

/** Puts the name of a file before a refusal of its contents. */
export function named(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "Error" || error.message.startsWith(file)) return error;
  return new ArgumentError(`${file}: ${error.message}`, { cause: error });
}

/**
 * Returns the draws of several files as those of one run: their chains in order, coordinates by name.
 *
 * @throws {ArgumentError} for files that differ in names or numbers of draws, and for the same draws twice.
 */
export function joinParts(parts: readonly NamedPart[]): FileDraws {
  if (parts.length === 0) throw new ArgumentError("no files were given, expected at least one");
  const several = parts.length > 1;
  const keys = new Set(parts.flatMap(({ part }) => readKeys(part)));
  const groups = [...keys].map((key) => [key, joined(parts.map((each) => groupOf(each, key)))]);
  return {
    ...joined(parts),
    ...(Object.fromEntries(groups) as ArvizGroups),
    readAs: [...new Set(parts.map(({ part }) => part.readAs))].join("; "),
    notes: parts.flatMap(({ file, part }) =>
      (part.notes ?? []).map((note) => (several ? `${file}: ${note}` : note)),
    ),
  };
}

/** Draws of a file without what says how they were read. */
type Part = Pick<NamedPart, "file"> & { readonly part: Omit<FilePart, "readAs"> };

/** Returns the groups of a file that are read. */
function readKeys({ groups = {} }: FilePart): (keyof ArvizGroups)[] {
  return (Object.keys(groups) as (keyof ArvizGroups)[]).filter((key) => typeof groups[key] === "object");
}

function groupOf({ file, part }: NamedPart, key: keyof ArvizGroups): Part {
  const group = part.groups?.[key];
  if (typeof group === "object") return { file, part: group };
  throw new ArgumentError(
    group === undefined ? `${file} has no ${key}, as another of the files has` : `${file}: ${group}`,
  );
}

function joined(parts: readonly Part[]): Draws {
  const [{ part: first }] = parts;
  const { names } = first;
  const chains = parts.flatMap((part) => inOrderOf(parts[0], part));
  const lengths = chains.map(({ chain }) => chain.positions.length / names.length);
  const odd = lengths.findIndex((length) => length !== lengths[0]);
  if (odd >= 0) {
    const [here, there] = [label(chains, odd), label(chains, 0)];
    throw new ArgumentError(
      `${here} has ${lengths[odd]} draws, ${there} has ${lengths[0]}; chains must be equally long`,
    );
  }
  refuseTwice(chains, names.length);
  return {
    kernel: "file",
    seed: first.seed ?? Number.NaN,
    inverseTemperature: 1,
    dimension: names.length,
    draws: lengths[0],
    thin: first.thin ?? 1,
    names,
    chains: chains.map(({ chain }) => chain),
  };
}

interface Located {
  readonly file: string;
  readonly index: number;
  readonly of: number;
  readonly chain: ChainDraws;
}

function label(chains: readonly Located[], k: number): string {
  const { file, index, of } = chains[k];
  return of === 1 ? file : `chain ${index} of ${file}`;
}

/** Returns the chains of a part with their coordinates in the order of the first part. */
function inOrderOf(first: Part, { file, part }: Part): Located[] {
  const { names } = first.part;
  namingFile(file, () => checkDistinct("the name", part.names));
  const places = new Map(part.names.map((name, i) => [name, i]));
  const known = new Set(names);
  const missing = names.filter((name) => !places.has(name));
  const more = part.names.filter((name) => !known.has(name));
  if (missing.length + more.length > 0) {
    const lacks = missing.length > 0 ? [`lacks ${missing.map(quote).join(", ")}`] : [];
    const has = more.length > 0 ? [`has ${more.map(quote).join(", ")} besides`] : [];
    throw new ArgumentError(
      `${file} has other quantities than ${first.file}: it ${[...lacks, ...has].join(" and ")}`,
    );
  }
  const d = names.length;
  const order = names.map((name) => places.get(name) as number);
  const moved = order.some((from, i) => from !== i);
  return part.chains.map((chain, index) => {
    const positions = moved
      ? chain.positions.map((_, at) => chain.positions[Math.floor(at / d) * d + order[at % d]])
      : chain.positions;
    return { file, index, of: part.chains.length, chain: { ...chain, positions } };
  });
}

/** The same chain twice in one file is for the warnings to say; two files are a slip of the one who gives them. */
function refuseTwice(chains: readonly Located[], dimension: number): void {
  for (const [a, one] of chains.entries()) {
    const twin = chains
      .slice(a + 1)
      .find(({ chain }) => sameDraws(one.chain.positions, chain.positions, dimension));
    if (twin === undefined || one.of > 1 || twin.of > 1) continue;
    const files = one.file === twin.file ? `${one.file} was given twice` : `${one.file} and ${twin.file}`;
    throw new ArgumentError(`two of the files hold the same draws (${files}); give one file for each chain`);
  }
}

function quote(name: string): string {
  return `"${name}"`;
}
