import type { Simulation } from "@basin/ising";
import * as Plot from "@observablehq/plot";
import { chart } from "../../charts.ts";
import type { ScanRuns } from "./scan.ts";

type Quantity = "absoluteMagnetization" | "susceptibility" | "specificHeat" | "binder";

const PANELS: readonly { file: string; quantity: Quantity; label: string }[] = [
  { file: "magnetization.svg", quantity: "absoluteMagnetization", label: "⟨|m|⟩" },
  { file: "susceptibility.svg", quantity: "susceptibility", label: "χ" },
  { file: "specific-heat.svg", quantity: "specificHeat", label: "c" },
  { file: "binder.svg", quantity: "binder", label: "U₄" },
];

/** Returns a plot of each quantity over temperature, a curve a size, with the exact curve where there is one. */
export async function scanCharts(
  sizes: readonly number[],
  runs: ScanRuns,
): Promise<[file: string, svg: string][]> {
  const exact = await exactCurves(runs);
  return PANELS.map(({ file, quantity, label }) => {
    const data = runs.flatMap((row, k) => row.map((run) => point(run, quantity, sizes[k])));
    const critical = runs[0]?.[0]?.exact.criticalTemperature;
    const marks = [
      ...(critical === undefined
        ? []
        : [Plot.ruleX([critical], { strokeDasharray: "2 3", strokeOpacity: 0.5 })]),
      Plot.line(exact[quantity] ?? [], {
        x: "temperature",
        y: "value",
        stroke: "currentColor",
        strokeWidth: 1,
      }),
      Plot.ruleX(data, { x: "temperature", y1: "low", y2: "high", stroke: "size" }),
      Plot.line(data, { x: "temperature", y: "mean", stroke: "size", strokeOpacity: 0.4 }),
      Plot.dot(data, { x: "temperature", y: "mean", fill: "size", r: 2.5 }),
    ];
    const axes = {
      x: { label: "T" },
      y: { label, grid: true },
      color: { type: "ordinal", legend: false } as const,
    };
    return [file, chart({ width: 640, height: 400, ...axes, marks })];
  });
}

function point(run: Simulation, quantity: Quantity, size: number) {
  const { mean, standardError } = run[quantity];
  const error = Number.isNaN(standardError) ? 0 : standardError;
  return { temperature: run.temperature, size, mean, low: mean - error, high: mean + error };
}

/** The infinite square lattice's magnetization and specific heat over the scanned range; nothing for other lattices. */
async function exactCurves(
  runs: ScanRuns,
): Promise<Partial<Record<Quantity, { temperature: number; value: number }[]>>> {
  const first = runs[0]?.[0];
  if (first?.exact.magnetization === undefined) return {};
  const { onsager } = await import("@basin/ising");
  const scale = Number(first.exact.criticalTemperature) / onsager.criticalTemperature;
  const temperatures = runs[0].map(({ temperature }) => temperature);
  const low = Math.min(...temperatures);
  const high = Math.max(...temperatures);
  const grid = Array.from({ length: 401 }, (_, k) => low + ((high - low) * k) / 400);
  const curve = (of: (T: number) => number) =>
    grid
      .map((temperature) => ({ temperature, value: of(temperature / scale) }))
      .filter(({ value }) => value < 5);
  return { absoluteMagnetization: curve(onsager.magnetization), specificHeat: curve(onsager.specificHeat) };
}
