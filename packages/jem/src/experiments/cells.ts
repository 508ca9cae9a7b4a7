import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkName, checkOptions, seedOf } from "@basin/energy-core/internal";
import { type HeadName, headNames } from "../model/head.ts";
import { type MethodName, methodNames } from "./methods.ts";

/** The experiments. */
export const experimentNames = ["q1", "q2", "density"] as const;
export type ExperimentName = (typeof experimentNames)[number];

/** The problems of each. */
const problemNames = {
  q1: ["two moons", "mnist"],
  q2: ["two moons", "mnist"],
  density: ["two moons", "rings", "mixture"],
} as const;
export type ProblemName = (typeof problemNames)[ExperimentName][number];

/** Ways to train an energy of the plane that "density" compares. */
const densityMethodNames = ["pcd", "denoising", "sliced"] as const;

/** One training run of an experiment: everything it depends on, and nothing else. */
export interface Cell {
  readonly experiment: ExperimentName;
  readonly problem: ProblemName;
  readonly seed: number;
  readonly updates: number;
  /** How the model is trained; "ce" is cross-entropy alone. */
  readonly method: MethodName | "ce" | (typeof densityMethodNames)[number];
  /** k, the gradient steps inside an update; 0 for "ce". */
  readonly steps: number;
  readonly head: HeadName;
  /** Whether g(x) has a net of its own. */
  readonly separate: boolean;
}

/** Options of {@link experimentCells}. */
export interface CellOptions {
  /** First seed, below 1,000,001; the others follow it. Default: drawn, and reported in the cells. */
  seed?: number;
  /** Number of seeds. Default 5; 2 when quick. For "density" 3; 1 when quick. */
  seeds?: number;
  /** Problems of the experiment. Default all. */
  problems?: readonly ProblemName[];
  /** Fewer updates, fewer seeds. Default false. */
  quick?: boolean;
  /**
   * Parameter updates of every run. Default: 400 for two moons and 200 for mnist, 150 and 60 when quick; for "density"
   * 2000, 1000 when quick.
   */
  updates?: number;
}

const UPDATES: Readonly<Partial<Record<ProblemName, { full: number; quick: number }>>> = {
  "two moons": { full: 400, quick: 150 },
  mnist: { full: 200, quick: 60 },
};
const DENSITY_UPDATES = { full: 2000, quick: 1000 };
const DENSITY_STEPS = 5;

/** k of the first experiment. */
const innerSteps = [1, 5, 20] as const;
/** k of the second. */
const MARGINAL_STEPS = 10;

/**
 * What the second experiment compares: three heads, with g(x) in the net of the logits or in a separate net, and
 * training without p(x).
 */
const VARIANTS: readonly Pick<Cell, "method" | "head" | "separate">[] = [
  { method: "ce", head: "logits", separate: false },
  { method: "pcd", head: "logits", separate: false },
  { method: "pcd", head: "logits+scalar", separate: false },
  { method: "pcd", head: "logits+scalar", separate: true },
  { method: "pcd", head: "centered+scalar", separate: false },
  { method: "pcd", head: "centered+scalar", separate: true },
];

/**
 * Returns the training runs of an experiment, ordered by seed, so that the first ones are a complete comparison.
 *
 * - q1: contrastive divergence against adversarial training, every {@link methodNames} with k = 1, 5, 20 gradient
 *   steps.
 * - q2: whether training p(x) moves p(y|x), every variant of {@link headNames}.
 * - density: unconditional nets of three densities on the plane, by persistent chains with k = 5 and by score matching.
 *
 * @example
 * ```ts
 * import { experimentCells } from "@basin/jem/experiments";
 *
 * console.log(experimentCells("q1", { seeds: 5 }).length); // 2 problems × 5 seeds × 15
 * ```
 *
 * @throws {ArgumentError} for an unknown experiment or problem.
 */
export function experimentCells(experiment: ExperimentName, options: CellOptions = {}): Cell[] {
  checkOptions("experimentCells", options, "seed seeds problems quick updates");
  checkName("experiment", experiment, experimentNames);
  const { quick = false } = options;
  const known: readonly ProblemName[] = problemNames[experiment];
  const problems = options.problems ?? known;
  if (problems.length === 0) throw new ArgumentError(`there are no problems; known: ${known.join(", ")}`);
  for (const name of problems) checkName("problem", name, known);
  const first = checkNumber("seed", options.seed ?? seedOf({}) % 1_000_000, {
    min: 0,
    max: 1_000_000,
    integer: true,
  });
  const usual = experiment === "density" ? (quick ? 1 : 3) : quick ? 2 : 5;
  const count = checkNumber("seeds", options.seeds ?? usual, { min: 1, max: 1000, integer: true });
  return Array.from({ length: count }, (_, k) => first + k).flatMap((seed) =>
    problems.flatMap((problem) => {
      const usualUpdates = experiment === "density" ? DENSITY_UPDATES : (UPDATES[problem] ?? DENSITY_UPDATES);
      const updates = options.updates ?? usualUpdates[quick ? "quick" : "full"];
      checkNumber("updates", updates, { min: 1, integer: true });
      return runsOf(experiment).map((run) => ({ experiment, problem, seed, updates, ...run }));
    }),
  );
}

/** What an experiment runs on each problem with each seed. */
function runsOf(experiment: ExperimentName): Pick<Cell, "method" | "steps" | "head" | "separate">[] {
  const plain = { head: headNames[0], separate: false };
  if (experiment === "q1") {
    return methodNames.flatMap((method) => innerSteps.map((steps) => ({ method, steps, ...plain })));
  }
  if (experiment === "q2") {
    return VARIANTS.map((variant) => ({ ...variant, steps: variant.method === "ce" ? 0 : MARGINAL_STEPS }));
  }
  return densityMethodNames.map((method) => ({
    method,
    steps: method === "pcd" ? DENSITY_STEPS : 0,
    ...plain,
  }));
}

/** Returns a text that two cells share exactly when they are the same run. */
export function cellKey(cell: Cell): string {
  const { experiment, problem, method, steps, head, separate, updates, seed } = cell;
  return [experiment, problem, method, steps, head, separate ? "own net" : "shared net", updates, seed].join(
    "/",
  );
}
