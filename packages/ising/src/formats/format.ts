import { ArgumentError } from "@basin/energy-core";
import { checkName } from "@basin/energy-core/internal";
import type { EdgeArrays } from "../problem/edges.ts";
import type { WeightedGraph } from "../problem/graph.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { TextSource } from "./text-source.ts";

/**
 * The meaning of the pairs in a file: edges of a graph to cut, terms of a sum over bits, or terms of a sum over spins.
 */
export type ProblemKind = "max-cut" | "qubo" | "ising";

/** Every value of {@link ProblemKind}. */
export const problemKindNames: readonly ProblemKind[] = ["max-cut", "qubo", "ising"];

/** What a reader finds in a file, before a problem is made of it. */
export interface FileTerms {
  readonly variables: number;
  /** Pairs and their weights; (i, i) is the linear term of i, or a loop. */
  readonly pairs: EdgeArrays;
  /** Linear terms beside those of `pairs`. */
  readonly linear?: ArrayLike<number>;
  readonly offset?: number;
  /** Names of the variables, where the file has names. */
  readonly labels?: readonly (string | number)[];
  /** What the file calls its first variable, where it has numbers. */
  readonly firstNumber?: 0 | 1;
  /** Without it, a graph where there are no loops, and a refusal where there are. */
  readonly kind?: ProblemKind;
  readonly maximize?: boolean;
  /** Whether a pair stands for both (i, j) and (j, i) of a symmetric matrix. */
  readonly symmetric?: boolean;
  /** What was left out or decided, a sentence each. */
  readonly notes?: readonly string[];
}

/** How a reader is asked to read. */
export interface ReadOptions {
  readonly kind?: ProblemKind;
  /** The end of the file's name, in lower case and without the dot; "" where there is none. */
  readonly extension: string;
  readonly heading?: boolean;
}

/** A file as readers see it. */
export interface FileSource {
  readonly text: TextSource;
  readonly bytes?: Uint8Array;
}

/** What a writer is given. */
export interface WritableProblem {
  readonly problem: SpinProblem;
  readonly graph?: WeightedGraph;
  readonly labels?: readonly (string | number)[];
}

/** A format of files: an entry of the table that everything else follows from. */
export interface Format {
  /** What such a file holds, for people who choose. */
  readonly holds: string;
  /** Names of such files end so. */
  readonly extensions: readonly string[];
  /** What its pairs can stand for; the first is meant where nothing else is said. */
  readonly kinds: readonly ProblemKind[];
  read(source: FileSource, options: ReadOptions): FileTerms | Promise<FileTerms>;
  write?(file: WritableProblem): Iterable<string>;
}

/** A file with more than one reading. The message names the readings and the option that decides. */
export class AmbiguousError extends ArgumentError {
  static override readonly basinName: string = "AmbiguousError";
}

const READINGS: Record<ProblemKind, string> = {
  "max-cut": 'the edges of a graph to cut (kind "max-cut")',
  qubo: 'a sum of q x x over bits (kind "qubo")',
  ising: 'a sum of J s s and h s over spins (kind "ising")',
};

/**
 * Refuses pairs that could stand for several things.
 * @param why what speaks against taking them for a graph.
 */
export function ambiguousKind(why: string, kinds: readonly ProblemKind[] = problemKindNames): AmbiguousError {
  const ways = kinds.map((kind) => READINGS[kind]);
  return new AmbiguousError(
    `${why}: it could hold ${ways.slice(0, -1).join(", ")} or ${ways[ways.length - 1]}; say which with the option kind (--kind)`,
  );
}

/** The kind asked for, checked against what a format can hold. */
export function checkProblemKind(
  format: string,
  kinds: readonly ProblemKind[],
  kind: ProblemKind | undefined,
): void {
  if (kind === undefined) return;
  checkName("kind", kind, problemKindNames);
  if (kinds.includes(kind)) return;
  throw new ArgumentError(
    `a file in the format "${format}" holds ${kinds.join(" or ")}, got the kind "${kind}"`,
  );
}
