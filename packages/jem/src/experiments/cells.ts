import { ArgumentError, checkNumber } from "@basin/energy-core";
import { HEADS, type HeadName } from "../model/head.ts";
import { METHODS, type MethodName } from "./methods.ts";

/** The problems of the experiments. */
export const PROBLEMS = ["two moons", "mnist"] as const;
export type ProblemName = (typeof PROBLEMS)[number];

/** One training run of an experiment: everything it depends on, and nothing else. */
export interface Cell {
  readonly experiment: "q1" | "q2";
  readonly problem: ProblemName;
  readonly seed: number;
  readonly updates: number;
  /** How the model is trained; "ce" is cross-entropy alone. */
  readonly method: MethodName | "ce";
  /** k, the gradient steps inside an update; 0 for "ce". */
  readonly steps: number;
  readonly head: HeadName;
  /** Whether g(x) has a net of its own. */
  readonly separate: boolean;
}

/** Options of {@link experimentCells}. */
export interface CellOptions {
  /** First seed; the others follow it. Default 0. */
  seed?: number;
  /** Number of seeds. Default 5; 2 when quick. */
  seeds?: number;
  /** Problems. Default all. */
  problems?: readonly ProblemName[];
  /** Fewer updates, fewer seeds. Default false. */
  quick?: boolean;
  /** Parameter updates of every run. Default: 400 for two moons and 200 for mnist; 150 and 60 when quick. */
  updates?: number;
}

const UPDATES: Readonly<Record<ProblemName, { full: number; quick: number }>> = {
  "two moons": { full: 400, quick: 150 },
  mnist: { full: 200, quick: 60 },
};

/** k of the first experiment. */
export const INNER_STEPS = [1, 5, 20] as const;
/** k of the second. */
const MARGINAL_STEPS = 10;

/** What the second experiment compares: three heads, with g(x) in the net of the logits or in its own, and training without p(x). */
export const VARIANTS: readonly Pick<Cell, "method" | "head" | "separate">[] = [
  { method: "ce", head: "logits", separate: false },
  { method: "pcd", head: "logits", separate: false },
  { method: "pcd", head: "logits+scalar", separate: false },
  { method: "pcd", head: "logits+scalar", separate: true },
  { method: "pcd", head: "centred+scalar", separate: false },
  { method: "pcd", head: "centred+scalar", separate: true },
];

/**
 * Returns the training runs of an experiment, seed by seed, so that what is done first is a whole comparison.
 *
 * - q1: contrastive divergence against adversarial training, every {@link METHODS} with k = 1, 5, 20 gradient steps.
 * - q2: whether training p(x) moves p(y|x), every variant of {@link HEADS}.
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
export function experimentCells(experiment: "q1" | "q2", options: CellOptions = {}): Cell[] {
  const { quick = false, problems = PROBLEMS } = options;
  if (experiment !== "q1" && experiment !== "q2")
    throw new ArgumentError(`unknown experiment "${experiment}"; known: q1, q2`);
  const first = checkNumber("seed", options.seed ?? 0, { min: 0, max: 1_000_000, integer: true });
  const count = checkNumber("seeds", options.seeds ?? (quick ? 2 : 5), { min: 1, max: 1000, integer: true });
  const bad = problems.find((name) => !PROBLEMS.includes(name));
  if (bad !== undefined || problems.length === 0) {
    throw new ArgumentError(`unknown problem "${bad ?? ""}"; known: ${PROBLEMS.join(", ")}`);
  }
  return Array.from({ length: count }, (_, k) => first + k).flatMap((seed) =>
    problems.flatMap((problem) => {
      const updates = checkNumber("updates", options.updates ?? UPDATES[problem][quick ? "quick" : "full"], {
        min: 1,
        integer: true,
      });
      const common = { experiment, problem, seed, updates };
      return experiment === "q1"
        ? METHODS.flatMap((method) =>
            INNER_STEPS.map((steps) => ({ ...common, method, steps, head: HEADS[0], separate: false })),
          )
        : VARIANTS.map((variant) => ({
            ...common,
            ...variant,
            steps: variant.method === "ce" ? 0 : MARGINAL_STEPS,
          }));
    }),
  );
}

/** Returns a text that two cells share exactly when they are the same run. */
export function cellKey(cell: Cell): string {
  const { experiment, problem, method, steps, head, separate, updates, seed } = cell;
  return [experiment, problem, method, steps, head, separate ? "own net" : "shared net", updates, seed].join(
    "/",
  );
}
