import type { PoolOptions } from "@basin/samplers";
import { runJobs } from "@basin/samplers";
import type { CellJob, CellResult } from "./cell-job.ts";
import { type Cell, cellKey } from "./cells.ts";
import type { ImageData } from "./problem.ts";

/** Options of {@link runExperiment}. */
export interface RunOptions extends Pick<PoolOptions<unknown>, "workers" | "createWorker" | "signal"> {
  /** Images for cells of the problem "mnist". */
  images?: ImageData;
  /** Results of an earlier run: their cells are not run again. */
  done?: readonly CellResult[];
  /** Receives every new result as it comes, with the number of cells done and of all. */
  onResult?: (result: CellResult, done: number, all: number) => void;
}

/**
 * Runs the cells of an experiment on a pool of threads and resolves to one result a cell, in their order. Cells know their own seed, so
 * neither the number of threads nor an interruption changes a number.
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
export async function runExperiment(cells: readonly Cell[], options: RunOptions = {}): Promise<CellResult[]> {
  const known = new Map((options.done ?? []).map((result) => [cellKey(result.cell), result]));
  const open = cells.filter((cell) => !known.has(cellKey(cell)));
  const here = import.meta as unknown as { url: string };
  const module = here.url.replace(/run\.(ts|js)$/, "cell-job.$1");
  const job = (cell: Cell): CellJob => ({
    cell,
    ...(cell.problem === "mnist" && { images: options.images }),
  });
  let done = cells.length - open.length;
  await runJobs<CellResult>(
    open.map((cell) => ({ module, function: "runCellJob", argument: job(cell) })),
    {
      workers: options.workers,
      createWorker: options.createWorker,
      signal: options.signal,
      onResult: (_, result) => {
        known.set(cellKey(result.cell), result);
        options.onResult?.(result, ++done, cells.length);
      },
    },
  );
  return cells.map((cell) => known.get(cellKey(cell))!);
}

/** A measure over seeds. */
export interface SeedMean {
  readonly mean: number;
  /** Between seeds, s/√n; NaN for one seed. */
  readonly standardError: number;
}

/** The runs that differ in nothing but their seed. */
export interface ExperimentRow extends Omit<Cell, "seed"> {
  readonly seeds: number;
  /** How many of them diverged; the measures are over the others. */
  readonly diverged: number;
  readonly measures: Readonly<Record<string, SeedMean>>;
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
 * console.log(rows.length, rows[0].measures.kl); // 6, { mean: 0.5, standardError: 0.5 }
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
    const of = (name: string) => seedMean(good.map(({ measures }) => measures[name]));
    return {
      ...rest,
      seeds: group.length,
      diverged: group.length - good.length,
      measures: Object.fromEntries(names.map((name) => [name, of(name)])),
    };
  });
}

function seedMean(values: readonly number[]): SeedMean {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN };
}
