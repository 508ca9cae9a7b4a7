import type { PottsSimulation } from "@basin/ising";
import { command } from "../../command.ts";
import { checkMemory } from "../../options/cost.ts";
import { fallbackWarning } from "../../options/lattice.ts";
import { buildPotts, exactPotts, potts } from "../../options/potts.ts";
import { distinct, numberList } from "../../options/readers.ts";
import { plot, required, seed, value } from "../../options/settings.ts";
import { withError } from "../../output.ts";
import { binderCrossings, crossingLines, scanTable } from "../../scan.ts";

const QUANTITIES = ["orderParameter", "energyPerSite", "specificHeat", "susceptibility", "binder"] as const;

export default command({
  options: {
    ...potts,
    temperatures: required(
      value("<list>", "numbers and ranges, such as 0.98:1.01:0.005", distinct(numberList({ above: 0 }))),
    ),
    sizes: required(
      value("<list>", "sides, such as 16,32", distinct(numberList({ integer: true, min: 1, max: 32768 }))),
    ),
    plot: plot("m, u, c, chi and the Binder ratio over T"),
    seed,
  },
  async run(options, context) {
    const { sizes, temperatures, algorithm, draws, thin, warmup, start, device, seed } = options;
    checkMemory({ what: `${draws} draws of a point`, numbers: 2 * draws, remedy: "lower --draws" });
    const { simulatePotts } = await import("@basin/ising");
    // All models are built first, so that an invalid size is refused before the work on the others.
    const models = await Promise.all(sizes.map((size) => buildPotts(options, size)));
    const update = context.progress("scan");
    const total = models.length * temperatures.length;
    const points: ({ size: number } & Omit<PottsSimulation, "series" | "labels">)[] = [];
    for (const [row, model] of models.entries())
      for (const temperature of temperatures) {
        const before = points.length;
        const note = `L = ${sizes[row]}, T = ${temperature}`;
        const {
          series: _series,
          labels: _labels,
          ...figures
        } = await simulatePotts(model, {
          ...{ algorithm, temperature, draws, thin, warmup, start, device },
          ...{ seed: seed + before, signal: context.signal },
          onProgress: (own) => update({ done: before + own.done / own.total, total }, note),
        });
        if (before === 0) context.warn(...fallbackWarning(device, figures.fallback));
        points.push({ size: sizes[row], ...figures });
      }
    const rows = sizes.map((_, row) =>
      points.slice(row * temperatures.length, (row + 1) * temperatures.length),
    );
    const exact = await exactPotts(options);
    await context.plot(options.plot, async () => {
      const { levelsChart } = await import("../../charts/levels.ts");
      const levels = points.map((point) => ({ ...point, series: `L = ${point.size}` }));
      return levelsChart(levels, exact?.criticalTemperature);
    });
    return { points, crossings: await binderCrossings(options, rows), exact };
  },
  print: ({ points, crossings, exact }, { seed }) => [
    ...scanTable(
      ["m", "u", "c", "chi", "U4"],
      points.map((point) => ({ ...point, cells: QUANTITIES.map((name) => withError(point[name])) })),
    ),
    ...crossingLines(crossings),
    ...(exact ? [`T_c of the infinite lattice ${exact.criticalTemperature.toFixed(6)}`] : []),
    `seed ${seed}`,
  ],
});
