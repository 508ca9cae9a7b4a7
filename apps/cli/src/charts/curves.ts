import * as Plot from "@observablehq/plot";
import { chart } from "./chart.ts";

/** A measured point of a curve. */
export interface CurvePoint {
  readonly x: number;
  readonly mean: number;
  /** NaN without one. */
  readonly standardError: number;
  /** Name of its curve. */
  readonly series: string;
}

/** Titles and marks of a chart of curves. */
export interface CurvesOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Place of a dashed line, such as an exact value. */
  readonly rule?: number;
  /** Default: the range of the points. */
  readonly yDomain?: readonly [low: number, high: number];
  /** What lies below the curves. */
  readonly marks?: readonly Plot.Markish[];
  readonly height?: number;
  readonly width?: number;
}

/**
 * Returns points with their errors as SVG, one curve per series. The names are at the right, in the colors of the
 * curves.
 */
export function curvesChart(
  points: readonly CurvePoint[],
  { title, x, y, rule, yDomain, marks = [], height = 400, width = 640 }: CurvesOptions,
): string {
  const finite = points
    .filter(({ mean }) => Number.isFinite(mean))
    .map((point) => {
      const error = Number.isFinite(point.standardError) ? point.standardError : 0;
      return { ...point, low: point.mean - error, high: point.mean + error };
    });
  const domain = [...new Set(finite.map(({ series }) => series))];
  const curves = domain.filter((series) => series !== "");
  const longest = Math.max(0, ...curves.map((series) => series.length));
  return chart({
    ...{ title, width, height, marginLeft: 60, marginBottom: 36, marginRight: 24 + 6.2 * longest },
    x: { label: x, nice: true },
    y: { label: y, grid: true, nice: true, ...(yDomain && { domain: [...yDomain] }) },
    // In the order of the names at the right. In alphabetical order, 12 would come before 8.
    color: { type: "ordinal", scheme: "Observable10", domain },
    marks: [
      ...marks,
      ...(rule === undefined ? [] : [Plot.ruleX([rule], { strokeDasharray: "2 3", strokeOpacity: 0.5 })]),
      Plot.line(finite, { x: "x", y: "mean", z: "series", stroke: "series", strokeOpacity: 0.4, sort: "x" }),
      Plot.ruleX(finite, { x: "x", y1: "low", y2: "high", stroke: "series" }),
      Plot.dot(finite, { x: "x", y: "mean", fill: "series", r: 2.5 }),
      ...curves.map((series, row) =>
        Plot.text([series], {
          ...{ frameAnchor: "top-right", textAnchor: "start", dx: 10, dy: 4 + 15 * row },
          ...{ text: (d: string) => d, fill: (d: string) => d },
        }),
      ),
    ],
  });
}
