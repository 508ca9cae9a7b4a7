import type { ExperimentName, ExperimentRow } from "@basin/jem/experiments";
import * as Plot from "@observablehq/plot";
import { headTitle, methodTitle } from "../jem/experiment-titles.ts";
import { chart } from "./chart.ts";

interface Panel {
  readonly measure: string;
  readonly label: string;
  readonly logarithmic?: boolean;
}

const PANELS: Readonly<Record<ExperimentName, readonly Panel[]>> = {
  q1: [
    { measure: "kl", label: "KL(truth‖model), nats", logarithmic: true },
    { measure: "accuracy", label: "accuracy" },
    { measure: "robustAccuracy", label: "robust accuracy" },
    { measure: "ece", label: "expected calibration error" },
    { measure: "auroc", label: "AUROC of the energy" },
    { measure: "keptClass", label: "class kept by long chains" },
  ],
  density: [{ measure: "kl", label: "KL(truth‖model), nats", logarithmic: true }],
  q2: [
    { measure: "movement", label: "|Δ log p(y|x)| of one step on log p(x), nats", logarithmic: true },
    { measure: "accuracy", label: "accuracy" },
    { measure: "ece", label: "expected calibration error" },
    { measure: "auroc", label: "AUROC of the energy" },
  ],
};

/** A movement of zero after rounding in float32; a logarithmic axis starts here. */
const LEAST = 1e-8;

/** Returns one chart per measure and problem, with a dot and its standard error for every row. */
export function experimentCharts(
  which: ExperimentName,
  rows: readonly ExperimentRow[],
): [file: string, svg: string][] {
  const problems = [...new Set(rows.map((row) => row.problem))];
  return problems.flatMap((problem) =>
    PANELS[which].flatMap((panel): [string, string][] => {
      const own = rows.filter((row) => row.problem === problem && panel.measure in row.measures);
      if (own.length === 0) return [];
      return [[`${problem.replace(" ", "-")}-${panel.measure}.svg`, draw(which, own, panel)]];
    }),
  );
}

function draw(
  which: ExperimentName,
  rows: readonly ExperimentRow[],
  { measure, label, logarithmic }: Panel,
): string {
  const least = logarithmic ? LEAST : Number.NEGATIVE_INFINITY;
  const points = rows.map((row) => {
    const { mean, standardError } = row.measures[measure];
    const error = Number.isNaN(standardError) ? 0 : standardError;
    return {
      name: which === "q2" ? headTitle(row) : methodTitle(row),
      kind: which === "q2" ? row.head : row.method,
      mean: Math.max(least, mean),
      low: Math.max(least, mean - error),
      high: Math.max(least, mean + error),
    };
  });
  const common = { y: "name" } as const;
  return chart({
    title: label,
    width: 640,
    height: 40 + 24 * points.length,
    marginLeft: 210,
    marginRight: 30,
    x: { label, grid: true, ...(logarithmic && { type: "log", tickFormat: "~g" }) },
    y: { label: null, domain: points.map(({ name }) => name) },
    color: { legend: false },
    marks: [
      Plot.ruleY(points, { ...common, x1: "low", x2: "high", stroke: "kind", strokeWidth: 2 }),
      Plot.dot(points, { ...common, x: "mean", fill: "kind", r: 3.5 }),
    ],
  });
}
