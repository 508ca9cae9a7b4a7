import { significant, table, withError } from "../output.ts";
import { averageOf, type Figure, figureOf, figuresOf } from "./figures.ts";
import type { Plan, PlannedTask } from "./plan.ts";
import { leavesOf, parseRecord, type ResultRecord } from "./record.ts";
import type { Store } from "./store.ts";
import type { Study } from "./study.ts";

/** Only the CSV has more rows than this. */
const MOST_ROWS = 60;

/** One combination of options over its repeats. */
export interface Row {
  /** The options that vary in the study, as the command gets them. */
  readonly options: Readonly<Record<string, string>>;
  /** Number of finished repeats. */
  readonly repeats: number;
  /** By the names of the report; NaN where no repeat has it. */
  readonly figures: Readonly<Record<string, Figure>>;
}

/** The results of a sweep. */
export interface Report {
  readonly figures: readonly string[];
  readonly rows: readonly Row[];
  readonly csv: string;
}

/** Returns the report of the results that a store has for the tasks of a study. */
export function reportOf(study: Study, plan: Plan, store: Store, optionNames: readonly string[]): Report {
  const varying = [
    ...new Set([...study.list.flatMap((row) => Object.keys(row)), ...Object.keys(study.grid)]),
  ];
  const done: { planned: PlannedTask; found: ResultRecord; seconds: number; attempts: number }[] = [];
  for (let index = 0; index < plan.count; index++) {
    const planned = plan.task(index);
    const result = store.result(planned.id);
    if (result !== undefined) done.push({ planned, found: parseRecord(result.record), ...timesOf(result) });
  }
  const names = study.figures ?? figuresOf(done[0]?.found.result, optionNames);
  const groups = new Map<string, typeof done>();
  for (const each of done) {
    const key = JSON.stringify(optionsOf(each.planned, varying));
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const rows = [...groups.values()].map(
    (repeats): Row => ({
      options: optionsOf(repeats[0].planned, varying),
      repeats: repeats.length,
      figures: Object.fromEntries(
        names.map((name) => [name, averageOf(repeats.map(({ found }) => figureOf(found.result, name)))]),
      ),
    }),
  );
  return { figures: names, rows, csv: csvOf(varying, done) };
}

const timesOf = ({ seconds, attempts }: { seconds: number; attempts: number }) => ({ seconds, attempts });

function optionsOf({ task }: PlannedTask, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, [task.options[name] ?? ""].flat().join(" ")]));
}

/**
 * Returns a line for each task: its name, the options that vary, and every scalar of its result. Lists have no column.
 */
function csvOf(
  varying: readonly string[],
  done: readonly { planned: PlannedTask; found: ResultRecord; seconds: number; attempts: number }[],
): string {
  const leaves = done.map(
    ({ found }) => new Map([...leavesOf(found.result)].filter(([path]) => !/(^|\.)\d+(\.|$)/.test(path))),
  );
  const columns = [...new Set(leaves.flatMap((row) => [...row.keys()]))];
  const head = [
    "task",
    ...varying,
    "repeat",
    "seed",
    ...columns.map((path) => (varying.includes(path) ? `result.${path}` : path)),
    "attempts",
    "seconds",
  ];
  const rows = done.map(({ planned, attempts, seconds }, k) => [
    ...[planned.id, ...Object.values(optionsOf(planned, varying)), planned.repeat, planned.task.seed ?? ""],
    ...columns.map((path) => leaves[k].get(path) ?? ""),
    ...[attempts, seconds],
  ]);
  return `${[head, ...rows].map((row) => row.map(cell).join(",")).join("\n")}\n`;
}

function cell(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns the lines of a report. */
export function reportLines({ figures, rows }: Pick<Report, "figures" | "rows">): string[] {
  if (rows.length === 0) return [];
  const head = [...Object.keys(rows[0].options), "repeats", ...figures];
  const cells = rows
    .slice(0, MOST_ROWS)
    .map((row) => [
      ...Object.values(row.options),
      String(row.repeats),
      ...figures.map((name) => shown(row.figures[name])),
    ]);
  const more = rows.length > MOST_ROWS ? [`… and ${rows.length - MOST_ROWS} more rows, in the CSV`] : [];
  return [...table(cells, head), ...more];
}

function shown({ mean, standardError }: Figure): string {
  if (Number.isNaN(mean)) return "";
  return Number.isNaN(standardError) ? significant(mean, 6) : withError({ mean, standardError });
}
