import type { Calibration } from "@basin/jem";
import * as Plot from "@observablehq/plot";
import { chart } from "./chart.ts";

/**
 * Returns a reliability diagram as SVG: accuracy against confidence. Each bin is a dot whose area is proportional to
 * its share of the images.
 */
export function reliabilityChart({ bins, expectedCalibrationError }: Calibration): string {
  return chart({
    width: 420,
    height: 420,
    title: `Expected calibration error ${expectedCalibrationError.toFixed(4)}`,
    x: { label: "confidence", domain: [0, 1], grid: true },
    y: { label: "accuracy", domain: [0, 1], grid: true },
    r: { range: [2, 16] },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { strokeDasharray: "4,4" },
      ),
      Plot.dot([...bins], { x: "confidence", y: "accuracy", r: "count", fill: "#0b7a75", fillOpacity: 0.7 }),
    ],
  });
}
