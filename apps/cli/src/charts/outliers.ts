import { countBelow } from "@basin/energy-core/internal";
import * as Plot from "@observablehq/plot";
import { chart } from "./chart.ts";

/** Scores of one set. */
export interface ScoreSet {
  readonly name: string;
  readonly scores: Float64Array;
}

/** Returns histograms of sets of scores as SVG, each as shares of its set, with thresholds as lines. */
export function histogramChart(
  sets: readonly ScoreSet[],
  thresholds: readonly number[],
  score: string,
): string {
  const points = sets.flatMap(({ name, scores }) =>
    Array.from(scores.filter(Number.isFinite), (x) => ({
      set: `${name} (${scores.length})`,
      x,
      share: 1 / scores.length,
    })),
  );
  return chart({
    title: `Scores by ${score}${thresholds.length > 0 ? "; dashed: threshold" : ""}`,
    width: 640,
    height: 120 + 110 * sets.length,
    marginRight: 160,
    marginBottom: 40,
    x: { label: `score ${score}, higher for outliers` },
    y: { label: "share", grid: true },
    fy: { label: null },
    marks: [
      Plot.rectY(
        points,
        Plot.binX(
          { y: (group: typeof points) => group.reduce((sum, { share }) => sum + share, 0) } as never,
          {
            x: "x",
            fy: "set",
            thresholds: 60,
            fill: "#0b7a75",
          } as never,
        ),
      ),
      Plot.ruleX(thresholds.filter(Number.isFinite), { stroke: "#c2410c", strokeDasharray: "4 3" }),
    ],
  });
}

/**
 * Returns the share of outliers caught against the share of others flagged as SVG, one curve per score and one panel
 * per set.
 */
export function rocChart(
  curves: readonly { score: string; set: string; inside: Float64Array; outside: Float64Array }[],
): string {
  const points = curves.flatMap(({ score, set, inside, outside }) =>
    rocPoints(inside, outside).map(([x, y]) => ({ score, set, x, y })),
  );
  const scores = [...new Set(curves.map(({ score }) => score))];
  const names = curves.map(({ score, set }) => ({ score, set, y: 0.04 + 0.06 * scores.indexOf(score) }));
  const panels = new Set(curves.map(({ set }) => set)).size;
  return chart({
    title: "Outliers caught against inliers flagged (ROC)",
    width: 140 + 320 * panels,
    height: 380,
    marginTop: 48,
    x: { label: "share of inliers flagged", domain: [0, 1] },
    y: { label: "share of outliers caught", domain: [0, 1], grid: true },
    fx: { label: null },
    marks: [
      Plot.line(points, { fx: "set", x: "x", y: "y", stroke: "score", curve: "linear" }),
      Plot.text(names, { fx: "set", x: 0.98, y: "y", text: "score", fill: "score", textAnchor: "end" }),
    ],
  });
}

/** Both shares above each threshold, from the highest down, at about 500 thresholds at most. */
function rocPoints(inside: Float64Array, outside: Float64Array): [number, number][] {
  const [a, b] = [inside.slice().sort(), outside.slice().sort()];
  const steps = Math.min(500, b.length);
  const above = (sorted: Float64Array, t: number) => 1 - countBelow(sorted, t) / sorted.length;
  const thresholds = Array.from({ length: steps }, (_, i) => b[Math.floor((i * b.length) / steps)]).reverse();
  return [[0, 0], ...thresholds.map((t): [number, number] => [above(a, t), above(b, t)]), [1, 1]];
}
