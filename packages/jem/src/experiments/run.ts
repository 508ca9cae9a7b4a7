import { checkOptions, runJobs } from "@basin/energy-core/internal";
import type { Progress, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import { moduleBeside } from "@basin/energy-core/run";
import { type Estimate, estimateIndependent } from "@basin/samplers";
import type { CellJob, CellResult } from "./cell-job.ts";
import { type Cell, cellKey } from "./cells.ts";
import type { ImageData } from "./problem.ts";

/** What an `onProgress` is told after every cell; `done` and `total` count cells. */
export interface ExperimentProgress extends Progress {
  /** What has just come. */
  readonly result: CellResult;
}

/** Options of {@link runExperiment}. */
export interface ExperimentOptions extends ThreadOptions, RunOptions<ExperimentProgress> {
  /** Images for cells of the problem "mnist". */
  images?: ImageData;
  /** Results of an earlier run: their cells are not run again. */
  done?: readonly CellResult[];
}

/**
 * Runs the cells of an experiment on a pool of threads and resolves to the result of each cell, in order. Each cell has
 * its seed, so neither the number of threads nor an interruption changes a number.
 *
 * @example
 * ```ts
 * import { experimentCells, runExperiment } from "@basin/jem/experiments";
 *
 * const cells = experimentCells("q2", { seeds: 1, problems: ["two moons"], updates: 4 }).slice(0, 1);
 * const [{ measures }] = await runExperiment(cells);
 * console.log(measures.kl);
 * ```
 *
 * @throws {PoolError} when a cell fails or a thread dies; a run that diverges is a result.
 */
export async function runExperiment(
  cells: readonly Cell[],
  options: ExperimentOptions = {},
): Promise<CellResult[]> {
  checkOptions("runExperiment", options, "images done workers createWorker signal onProgress");
  const kept = new Map((options.done ?? []).map((result) => [cellKey(result.cell), result]));
  const known = cells.map((cell) => kept.get(cellKey(cell)));
  const module = { name: "@basin/jem/worker", url: moduleBeside(import.meta.url, "cell-job") };
  const job = (cell: Cell): CellJob => ({
    cell,
    ...(cell.problem === "mnist" && { images: options.images }),
  });
  const { workers, createWorker, signal, onProgress } = options;
  let done = known.filter((result) => result !== undefined).length;
  return runJobs<CellResult>(
    cells.map((cell) => ({ module, function: "runCellJob", argument: job(cell) })),
    {
      ...{ workers, createWorker, signal, known },
      onResult: (_, result) => onProgress?.({ done: ++done, total: cells.length, result }),
    },
  );
}

/** The runs that differ in nothing but their seed. */
export interface ExperimentRow extends Omit<Cell, "seed"> {
  readonly seeds: number;
  /** How many of them diverged; the measures are over the others. */
  readonly diverged: number;
  readonly measures: Readonly<Record<string, Estimate>>;
}

/**
 * Returns results averaged over seeds, in the order of their first appearance, with standard errors between seeds.
 *
 * @example
 * ```ts
 * import { experimentCells, summarizeExperiment } from "@basin/jem/experiments";
 *
 * const cells = experimentCells("q2", { seeds: 2, problems: ["two moons"] });
 * const rows = summarizeExperiment(cells.map((cell) => ({ cell, measures: { diverged: 0, kl: cell.seed } })));
 * console.log(rows.length, rows[0].measures.kl); // 6, { mean: 0.5, standardError: 0.5, … }
 * ```
 */
export function summarizeExperiment(results: readonly CellResult[]): ExperimentRow[] {
  const groups = new Map<string, CellResult[]>();
  for (const result of results) {
    const key = cellKey({ ...result.cell, seed: 0 });
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map((group) => {
    const { seed: _, ...rest } = group[0].cell;
    const good = group.filter(({ measures }) => measures.diverged === 0);
    const names = Object.keys(good[0]?.measures ?? {}).filter((name) => name !== "diverged");
    const of = (name: string) => estimateIndependent(good.map(({ measures }) => measures[name]));
    return {
      ...rest,
      seeds: group.length,
      diverged: group.length - good.length,
      measures: Object.fromEntries(names.map((name) => [name, of(name)])),
    };
  });
}
