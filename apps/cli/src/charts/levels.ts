import type { Estimate } from "@basin/samplers";
import { curvesChart } from "./curves.ts";
import { panels } from "./panels.ts";

/** The figures at one temperature. Missing figures are not drawn. */
export type Level = { readonly temperature: number; readonly series?: string } & {
  readonly [name in (typeof FIGURES)[number][0]]?: Estimate;
} & { readonly overlap?: { readonly absolute: Estimate; readonly binder: Estimate } };

const FIGURES = [
  ["energyPerSite", "Energy per site", "u"],
  ["specificHeat", "Specific heat per site", "c"],
  ["absoluteMagnetization", "Magnetization per site", "⟨|m|⟩"],
  ["orderParameter", "Order parameter", "⟨m⟩"],
  ["susceptibility", "Susceptibility per site", "χ"],
  ["binder", "Binder's cumulant", "U₄"],
] as const;

/** Returns a panel of each figure over temperature, with a dashed line at `rule`, such as a critical temperature. */
export function levelsChart(levels: readonly Level[], rule?: number): string {
  const panel = (title: string, y: string, of: (level: Level) => Estimate | undefined) => {
    const points = levels.flatMap((level) => {
      const estimate = of(level);
      return estimate ? [{ x: level.temperature, ...estimate, series: level.series ?? "" }] : [];
    });
    const axes = { title, x: "temperature T", y, rule, width: 480, height: 320 };
    return points.length === 0 ? [] : [curvesChart(points, axes)];
  };
  return panels(
    [
      ...FIGURES.flatMap(([name, title, y]) => panel(title, y, (level) => level[name])),
      ...panel("Overlap of two replicas", "⟨|q|⟩", ({ overlap }) => overlap?.absolute),
      ...panel("Binder's ratio of the overlap", "g", ({ overlap }) => overlap?.binder),
    ],
    2,
  );
}
