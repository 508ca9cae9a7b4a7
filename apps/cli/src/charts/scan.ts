import type { Simulation } from "@basin/ising";
import * as Plot from "@observablehq/plot";
import { chart } from "./chart.ts";
import { panels } from "./panels.ts";

/** Every simulation of one scan, one row per size and one column per temperature. */
export type ScanRuns = readonly (readonly Simulation[])[];

type Quantity = "absoluteMagnetization" | "susceptibility" | "specificHeat" | "binder";

const PANELS: readonly { title: string; quantity: Quantity; label: string }[] = [
  { title: "Magnetization per spin", quantity: "absoluteMagnetization", label: "⟨|m|⟩" },
  { title: "Susceptibility per spin", quantity: "susceptibility", label: "χ" },
  { title: "Specific heat per spin", quantity: "specificHeat", label: "c" },
  { title: "Binder's cumulant", quantity: "binder", label: "U₄" },
];

interface ExactPoint {
  readonly temperature: number;
  readonly value: number;
  /** Absent for the infinite lattice. */
  readonly size?: number;
}

/** Returns a panel of each quantity over temperature, one curve per size, with the exact curves if there are any. */
export async function scanChart(sizes: readonly number[], runs: ScanRuns): Promise<string> {
  const exact = await exactCurves(sizes, runs);
  const charts = PANELS.map(({ title, quantity, label }) => {
    const data = runs.flatMap((row, k) => row.map((run) => point(run, quantity, sizes[k])));
    const curves = exact[quantity] ?? [];
    const infinite = curves.filter(({ size }) => size === undefined);
    const finite = curves.filter(({ size }) => size !== undefined);
    const critical = runs[0]?.[0]?.exact.criticalTemperature;
    const along = { x: "temperature", y: "value" };
    const marks = [
      ...(critical === undefined
        ? []
        : [Plot.ruleX([critical], { strokeDasharray: "2 3", strokeOpacity: 0.5 })]),
      Plot.line(infinite, { ...along, stroke: "currentColor", strokeWidth: 1 }),
      // If the torus is known exactly, the points need no line.
      Plot.line(finite, { ...along, z: "size", stroke: "size", strokeWidth: 1 }),
      Plot.ruleX(data, { x: "temperature", y1: "low", y2: "high", stroke: "size" }),
      ...(finite.length > 0
        ? []
        : [Plot.line(data, { x: "temperature", y: "mean", z: "size", stroke: "size", strokeOpacity: 0.4 })]),
      Plot.dot(data, { x: "temperature", y: "mean", fill: "size", r: 2.5 }),
      ...legend(sizes, curves),
    ];
    const axes = {
      x: { label: "temperature T, in units of J" },
      y: { label, grid: true },
      color: { type: "ordinal", scheme: "Observable10", domain: [...sizes] } as const,
    };
    return chart({ title, width: 560, height: 400, marginLeft: 52, marginBottom: 36, ...axes, marks });
  });
  return panels(charts, 2);
}

/** One line of text per size in its color, and one that explains the black curve. */
function legend(sizes: readonly number[], curves: readonly ExactPoint[]): Plot.Markish[] {
  const at = (row: number) => ({ frameAnchor: "top-right", dx: -4, dy: 4 + 15 * row }) as const;
  const lines: Plot.Markish[] = sizes.map((size, row) =>
    Plot.text([size], {
      ...at(row),
      text: (L: number) => `L = ${L}`,
      fill: (L: number) => L,
      fontWeight: "bold",
    }),
  );
  if (curves.some(({ size }) => size === undefined))
    lines.push(Plot.text(["exact, L = ∞"], { ...at(sizes.length), text: (d: string) => d }));
  if (curves.some(({ size }) => size !== undefined))
    lines.push(Plot.text(["lines: exact, L × L"], { ...at(sizes.length + 1), text: (d: string) => d }));
  return lines;
}

function point(run: Simulation, quantity: Quantity, size: number) {
  const { mean, standardError } = run[quantity];
  const error = Number.isNaN(standardError) ? 0 : standardError;
  return { temperature: run.temperature, size, mean, low: mean - error, high: mean + error };
}

const GRID = 400;

/**
 * Over the scanned range, the infinite square lattice's magnetization and specific heat, and each torus's specific
 * heat.
 */
async function exactCurves(
  sizes: readonly number[],
  runs: ScanRuns,
): Promise<Partial<Record<Quantity, ExactPoint[]>>> {
  const first = runs[0]?.[0];
  // Only ferromagnets on the square torus have a closed form for every size.
  if (first?.exact.magnetization === undefined || first.exact.criticalTemperature === undefined) return {};
  const { kaufman, onsager } = await import("@basin/ising");
  const scale = first.exact.criticalTemperature / onsager.criticalTemperature;
  const temperatures = runs[0].map(({ temperature }) => temperature);
  const low = Math.min(...temperatures);
  const high = Math.max(...temperatures);
  const grid = Array.from({ length: GRID + 1 }, (_, k) => low + ((high - low) * k) / GRID);
  const curve = (of: (T: number) => number, size?: number): ExactPoint[] =>
    grid.map((temperature) => ({ temperature, value: of(temperature / scale), ...(size ? { size } : {}) }));
  const tori = sizes.flatMap((L) => curve((T) => kaufman(L, L, T).specificHeat, L));
  const highest = 1.15 * tori.reduce((most, { value }) => Math.max(most, value), 0);
  // The divergence breaks the line.
  const infinite = curve(onsager.specificHeat).map((at) =>
    at.value < highest ? at : { ...at, value: Number.NaN },
  );
  return { absoluteMagnetization: curve(onsager.magnetization), specificHeat: [...infinite, ...tori] };
}
