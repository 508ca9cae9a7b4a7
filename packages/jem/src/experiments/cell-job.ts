import { BasinError } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { useWasm } from "@basin/energy-core/tensor";
import { DivergenceError } from "@basin/samplers/learn";
import * as tf from "@tensorflow/tfjs";
import type { JointModel } from "../model/contract.ts";
import { jointEnergy } from "../model/joint-energy.ts";
import { fit } from "../objectives/fit.ts";
import type { Objective } from "../objectives/objective.ts";
import { twoMoons } from "../toys/arcs.ts";
import type { Cell, ProblemName } from "./cells.ts";
import { densityMeasures } from "./density.ts";
import { type Measures, mean } from "./measures.ts";
import { joint, type MethodName, marginalObjective, methodObjective } from "./methods.ts";
import { marginalMovement } from "./movement.ts";
import { type ImageData, imageProblem, type Problem, planeProblem } from "./problem.ts";

/** What a run gave. */
export interface CellResult {
  readonly cell: Cell;
  /** 1 when the run diverged, and nothing else was measured; else 0, and every measure. */
  readonly measures: Measures;
}

/** Argument of {@link runCellJob}. */
export interface CellJob {
  readonly cell: Cell;
  /** Images of the problem "mnist". */
  readonly images?: ImageData;
}

/** Losses beyond this mean that negatives and model have lost each other. */
const LOSS_LIMIT = 1e4;
const MOVEMENT_POINTS = 4;

// Kept between the jobs of a thread: a toy's exact density on the grid takes longer than a short run.
const problems = new Map<ProblemName, Problem>();

/** Runs one cell in a thread, on the wasm backend. */
export async function runCellJob({ cell, images }: CellJob): Promise<CellResult> {
  if (tf.getBackend() !== "wasm") await useWasm();
  if (cell.experiment === "density") return { cell, measures: await orDiverged(() => densityMeasures(cell)) };
  let problem = problems.get(cell.problem);
  if (problem === undefined) {
    problem = makeProblem(cell.problem, images);
    problems.set(cell.problem, problem);
  }
  return { cell, measures: await runCell(cell, problem) };
}

function makeProblem(name: ProblemName, images: ImageData | undefined): Problem {
  if (name === "two moons") return planeProblem(twoMoons());
  if (images === undefined) throw new BasinError(`the problem "${name}" needs images`);
  return imageProblem(name, images);
}

/** Returns the measures of a cell's model after training. The same cell gives the same numbers on the same backend. */
export async function runCell(cell: Cell, problem: Problem): Promise<Measures> {
  const model = jointEnergy(problem.net(cell.seed, cell.head, cell.separate), { head: cell.head });
  try {
    return await orDiverged(() => trainAndMeasure(model, cell, problem));
  } finally {
    tf.dispose(model.variables as tf.Variable[]);
  }
}

async function trainAndMeasure(model: JointModel, cell: Cell, problem: Problem): Promise<Measures> {
  const { updates, seed, steps } = cell;
  const method = cell.method as MethodName | "ce";
  const marginal =
    method === "ce" || method === "pgd-ce"
      ? undefined
      : marginalObjective(model, method, steps, problem.settings);
  const objective =
    method === "pgd-ce"
      ? methodObjective(model, method, steps, problem.settings)
      : joint(model, marginal, problem.settings.marginalWeight);
  const movements: Measures[] = [];
  const every = Math.max(1, Math.floor(updates / MOVEMENT_POINTS));
  await fit(model.variables, (rng) => problem.next(rng), objective, {
    seed,
    updates,
    learningRate: problem.learningRate,
    maxLoss: LOSS_LIMIT,
    onProgress: ({ done }) => {
      if (cell.experiment !== "q2" || done % every !== 0) return;
      movements.push(movementOf(model, problem, cell, done - 1));
    },
  });
  return {
    ...problem.measure(model, seed),
    ...average(movements),
    ...(method === "cd-reversal" && marginal ? weightMeasures(marginal, problem, seed) : {}),
  };
}

/** Marks measures as those of a run that did not diverge, or says that it did. */
async function orDiverged(run: () => Promise<Measures>): Promise<Measures> {
  try {
    const measures = await run();
    return Object.values(measures).every(Number.isFinite) ? { diverged: 0, ...measures } : { diverged: 1 };
  } catch (error) {
    if (error instanceof DivergenceError) return { diverged: 1 };
    throw error;
  }
}

/** One step on log p(x) alone from where training stands; its negatives start at data, whatever the training's do. */
function movementOf(model: JointModel, problem: Problem, { seed }: Cell, update: number): Measures {
  const rng = createRng(seed).split(1000 + update);
  const batch = problem.next(rng);
  const objective = marginalObjective(model, "cd", 10, { ...problem.settings, energyPenalty: 0 });
  const found = marginalMovement(model, objective, batch, problem.probe, rng);
  tf.dispose([batch.x, batch.y ?? []]);
  return found;
}

/**
 * How far the time-reversal weights of a trained model are from 1, where they would be if every step kept detailed
 * balance.
 */
function weightMeasures(marginal: Objective, problem: Problem, seed: number): Measures {
  const rng = createRng(seed).split(2000);
  const batch = problem.next(rng);
  const [samples, weights] = marginal.prepare(batch, rng);
  const values = weights.dataSync();
  tf.dispose([batch.x, batch.y ?? [], samples, weights]);
  return { meanWeight: mean(values), weightSpread: mean(values.map((w) => Math.abs(w - 1))) };
}

function average(rows: readonly Measures[]): Measures {
  if (rows.length === 0) return {};
  return Object.fromEntries(
    Object.keys(rows[0]).map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0) / rows.length]),
  );
}
