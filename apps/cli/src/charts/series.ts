import * as Plot from "@observablehq/plot";
import { chart } from "./chart.ts";
import { panels } from "./panels.ts";

/** The measurements along a run. */
export interface MeasuredSeries {
  readonly title: string;
  readonly label: string;
  readonly values: ArrayLike<number>;
}

/** The most points per line; more would not be visible. */
const MOST_POINTS = 1500;
const BINS = 60;

/** Returns series as SVG, one row each: the values in the order of measurement, and their histogram. */
export function seriesChart(all: readonly MeasuredSeries[], step: { label: string; every: number }): string {
  return panels(
    all.flatMap(({ title, label, values }) => {
      const thin = Math.ceil(values.length / MOST_POINTS);
      const shown = Array.from({ length: Math.ceil(values.length / thin) }, (_, k) => ({
        x: (k * thin + 1) * step.every,
        value: values[k * thin],
      }));
      const common = { height: 240, marginLeft: 60, marginBottom: 36 };
      return [
        chart({
          ...{ ...common, title, width: 560 },
          x: { label: thin === 1 ? step.label : `${step.label}; 1 of ${thin} measurements shown` },
          y: { label, grid: true, nice: true },
          marks: [Plot.line(shown, { x: "x", y: "value", strokeWidth: 0.8, stroke: "#0b7a75" })],
        }),
        chart({
          ...{ ...common, title: " ", width: 320, marginRight: 24 },
          x: { label, nice: true },
          y: { label: "measurements", grid: true },
          marks: [
            Plot.rectY(
              Array.from(values, (value) => ({ value })),
              Plot.binX({ y: "count" }, { x: "value", thresholds: binsOf(values), fill: "#0b7a75" } as never),
            ),
          ],
        }),
      ];
    }),
    2,
  );
}

/** Returns the number of bins for values. Bins are wide enough that discrete levels leave no gaps. */
function binsOf(values: ArrayLike<number>): number {
  return Math.min(BINS, Math.ceil(new Set(Array.from(values)).size / 4));
}
