import { ArgumentError, checkNumber, EnergyValueError } from "@basin/energy-core";
import { checkName, checkOptions } from "@basin/energy-core/internal";
import { type OutlierData, openData, type Widths } from "./data.ts";
import type { Opened, ScoreKind } from "./kind.ts";
import { type PackedState, pack, type State, unpack } from "./pack.ts";
import { finite } from "./rows.ts";
import { type OutlierScoreName, table } from "./scores/table.ts";

/** The names of all scores. */
export const outlierScoreNames = Object.keys(table) as OutlierScoreName[];

/** The options of a score, which are numbers, by the score's name. */
export type OutlierScoreOptions<N extends OutlierScoreName = OutlierScoreName> = N extends unknown
  ? { readonly [K in keyof (typeof table)[N]["options"]]?: number }
  : never;

/** A score as JSON. */
export interface OutlierScoreJson {
  readonly format: "basin outlier score 1";
  readonly name: OutlierScoreName;
  readonly widths: Widths;
  readonly state: PackedState;
}

/** A score that has learned what it needs from the data it was fitted to. */
export interface OutlierScore {
  readonly name: OutlierScoreName;
  /** Returns one number for each input, higher for outliers. @throws for unsuitable data, as {@link fitScore} does. */
  score(data: OutlierData): Float64Array;
  /** Returns a value for JSON that {@link loadScore} reads. */
  toJSON(): OutlierScoreJson;
}

/** A table row about one score. */
export interface OutlierScoreInfo {
  readonly name: OutlierScoreName;
  readonly equation: string;
  readonly source: string;
  /** The parts of data that fitting needs. */
  readonly needs: ScoreKind["needs"];
  /** Whether it learns from the data it is fitted to, so that other inputs must set its threshold. */
  readonly learns: boolean;
  readonly options: ScoreKind["options"];
}

/**
 * Returns a table with a row for each score: its equation, its source and the data it needs.
 *
 * @example
 * ```ts
 * import { outlierScores } from "@basin/jem/outliers";
 *
 * console.table(outlierScores().map(({ name, equation, needs }) => ({ name, equation, needs: needs.join(", ") })));
 * ```
 */
export function outlierScores(): OutlierScoreInfo[] {
  return outlierScoreNames.map((name) => {
    const { equation, source, needs, learns, options }: ScoreKind = table[name];
    return { name, equation, source, needs, learns, options };
  });
}

/**
 * Returns a score fitted to known inputs. Depending on its name, it keeps their means and covariances, the inputs
 * themselves, or nothing. Higher always means more outlying.
 *
 * @param name one of {@link outlierScoreNames}.
 * @param known a classifier's outputs for inputs that are not outliers; {@link outlierScores} lists the parts that each
 * score needs. If the score learns, other inputs must set a threshold.
 *
 * @example
 * ```ts
 * import { fitScore, loadScore } from "@basin/jem/outliers";
 *
 * const features = [[1, 0], [0.9, 0.2], [0, 1], [0.1, 1.1]];
 * const near = fitScore("neighbors", { features }, { k: 1 });
 * console.log(near.score({ features: [[2, 0], [-1, -1]] })); // 0: the first direction is known; 1.85
 * const again = loadScore(JSON.parse(JSON.stringify(near)));
 * console.log(again.score({ features: [[2, 0]] })); // 0
 * ```
 *
 * @throws {ArgumentError} for an unknown score or option, what is missing, no inputs, and numbers that are not finite,
 *   naming their row; {DimensionError} for rows of other widths or counts than expected.
 */
export function fitScore<N extends OutlierScoreName>(
  name: N,
  known: OutlierData,
  options: OutlierScoreOptions<N> = {} as OutlierScoreOptions<N>,
): OutlierScore {
  const kind: ScoreKind = table[checkName("score", name, outlierScoreNames)];
  const opened = openData(known, kind.needs, kind);
  if (opened.count === 0) throw new ArgumentError("there are no known inputs, expected at least one");
  for (const rows of [opened.logits, opened.features]) if (rows) finite(rows);
  const state = kind.fit(opened, resolveOptions(kind, options));
  return made(kind, state, { logits: opened.logits?.width, features: opened.features?.width });
}

function resolveOptions(kind: ScoreKind, options: Readonly<Record<string, number | undefined>>) {
  checkOptions<Record<string, unknown>, string>(
    `the score "${kind.name}"`,
    options,
    ...Object.keys(kind.options),
  );
  return Object.fromEntries(
    Object.entries(kind.options).map(([name, range]) => {
      const value = options[name] ?? range.default;
      return [name, value === undefined ? undefined : checkNumber(name, value, range)];
    }),
  );
}

/**
 * Returns the score that was saved as JSON.
 *
 * @throws {ArgumentError} for a value that is not a saved score.
 *
 * @example
 * ```ts
 * import { fitScore, loadScore } from "@basin/jem/outliers";
 *
 * const text = JSON.stringify(fitScore("energy", { logits: [[4, 0], [0, 3]] }, { temperature: 2 }));
 * console.log(loadScore(JSON.parse(text)).score({ logits: [[4, 0]] })); // −4.25
 * ```
 */
export function loadScore(json: unknown): OutlierScore {
  const { format, name, widths, state } = (json ?? {}) as Partial<OutlierScoreJson>;
  if (format !== "basin outlier score 1" || typeof name !== "string")
    throw new ArgumentError(
      `what was given has the format ${JSON.stringify(format)}, expected "basin outlier score 1"`,
    );
  const kind: ScoreKind = table[checkName("score", name, outlierScoreNames)];
  return made(kind, unpack(state, `the score "${name}"`), widths ?? {});
}

function made(kind: ScoreKind, state: State, widths: Widths): OutlierScore {
  const name = kind.name as OutlierScoreName;
  return {
    name,
    score(data) {
      const opened: Opened & { count: number } = openData(data, kind.scores ?? kind.needs, kind, widths);
      if (opened.count === 0) return new Float64Array();
      const scores = kind.score(state, opened);
      const bad = scores.findIndex((value) => !(value > Number.NEGATIVE_INFINITY));
      if (bad >= 0) throw new EnergyValueError(`the score "${name}" of row ${bad} is ${scores[bad]}`);
      return scores;
    },
    toJSON: () => ({ format: "basin outlier score 1", name, widths, state: pack(state) }),
  };
}
