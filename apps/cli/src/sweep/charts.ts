import * as Plot from "@observablehq/plot";
import { chart } from "../charts/chart.ts";
import type { Report, Row } from "./report.ts";

/**
 * Returns a chart of each figure over the first option that varies and is a number, a curve for each combination of the others, and the name of its
 * file, which says the same: letters and digits alone, whatever the study calls them.
 */
export function sweepCharts({
  figures,
  rows,
}: Pick<Report, "figures" | "rows">): [file: string, svg: string][] {
  const x = Object.keys(rows[0]?.options ?? {}).find((name) => isAxis(rows, name));
  if (x === undefined) return [];
  const plain = (text: string) => text.replace(/[^A-Za-z0-9]+/g, "-").slice(0, 60);
  const names = figures.map((name) => `${plain(name)}-over-${plain(x)}`);
  return figures.map((figure, k) => {
    const isTwice = names.indexOf(names[k]) !== k;
    return [`${names[k]}${isTwice ? `-${k + 1}` : ""}.svg`, chartOf(rows, x, figure)];
  });
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
    ...{ title: `${name} over ${x}`, width: 640, height: 400, marginTop: 30, marginLeft: 60 },
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
