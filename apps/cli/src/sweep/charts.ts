import { curvesChart } from "../charts/curves.ts";
import type { Report, Row } from "./report.ts";

/**
 * Returns a chart of each figure over the first option that varies and is a number, a curve for each combination of the
 * others, and the name of its file, which says the same: letters and digits alone, whatever the study calls them.
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
  const points = rows.map(({ options, figures }) => {
    const others = Object.entries(options).filter(([option]) => option !== x);
    const series = others.map(([option, text]) => `${option} ${text}`).join(", ");
    return { x: Number(options[x]), ...figures[name], series };
  });
  return curvesChart(points, { title: `${name} over ${x}`, x, y: name });
}
