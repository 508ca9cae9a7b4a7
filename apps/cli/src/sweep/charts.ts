import * as Plot from "@observablehq/plot";
import { chart } from "../charts/chart.ts";
import type { Report, Row } from "./report.ts";

/** Returns a chart of each figure over the first option that varies and is a number, a curve for each combination of the others. */
export function sweepCharts({ figures, rows }: Pick<Report, "figures" | "rows">): string[] {
  const x = Object.keys(rows[0]?.options ?? {}).find((name) => isAxis(rows, name));
  if (x === undefined) return [];
  return figures.map((name) => chartOf(rows, x, name));
}

function isAxis(rows: readonly Row[], name: string): boolean {
  const values = new Set(rows.map(({ options }) => options[name]));
  return values.size > 1 && [...values].every((text) => text.trim() !== "" && Number.isFinite(Number(text)));
}

function chartOf(rows: readonly Row[], x: string, name: string): string {
  const points = rows
    .map(({ options, figures }) => {
      const { mean, standardError } = figures[name];
      const error = Number.isNaN(standardError) ? 0 : standardError;
      const others = Object.entries(options).filter(([option]) => option !== x);
      const series = others.map(([option, text]) => `${option} ${text}`).join(", ");
      return { x: Number(options[x]), mean, low: mean - error, high: mean + error, series };
    })
    .filter(({ mean }) => Number.isFinite(mean));
  const curves = new Set(points.map(({ series }) => series));
  return chart({
    ...{ width: 640, height: 400, marginTop: 30, marginLeft: 60 },
    x: { label: x },
    y: { label: name, grid: true },
    color: { type: "ordinal", scheme: "Observable10" },
    marks: [
      Plot.line(points, { x: "x", y: "mean", z: "series", stroke: "series", strokeOpacity: 0.4, sort: "x" }),
      Plot.ruleX(points, { x: "x", y1: "low", y2: "high", stroke: "series" }),
      Plot.dot(points, { x: "x", y: "mean", fill: "series", r: 2.5 }),
      ...[...curves].map((series, row) =>
        Plot.text([series], {
          frameAnchor: "top-right",
          dx: -4,
          dy: 4 + 15 * row,
          text: (d: string) => d,
          fill: (d: string) => d,
        }),
      ),
    ],
  });
}
