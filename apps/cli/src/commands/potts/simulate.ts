import type { Phases, PottsSimulation, SquarePotts } from "@basin/ising";
import type { Estimate } from "@basin/samplers";
import { command } from "../../command.ts";
import { checkMemory } from "../../options/cost.ts";
import { fallbackWarning, sidesText, size } from "../../options/lattice.ts";
import { buildPotts, exactPotts, potts } from "../../options/potts.ts";
import { integer, number } from "../../options/readers.ts";
import { png, required, seed, value } from "../../options/settings.ts";
import { estimateCells, table } from "../../output.ts";

export default command({
  options: {
    size,
    ...potts,
    temperature: required(value("<T>", "temperature in units of J", number({ above: 0 }))),
    chains: value("<integer>", "independent runs, taken together", integer(1, 1e5), 1),
    png: png("the last labels, a pixel a site"),
    seed,
  },
  async run(options, context) {
    const { algorithm, temperature, draws, thin, warmup, start, device, chains, seed, size } = options;
    const what = `${chains} runs of ${draws} draws`;
    checkMemory({ what, numbers: 2 * chains * draws, remedy: "lower --draws or --chains" });
    const model = await buildPotts(options, size);
    const exact = await exactPotts(options);
    const { simulatePotts } = await import("@basin/ising");
    const onProgress = context.progress("simulate");
    const { series, labels, ...figures } = await simulatePotts(model, {
      ...{ algorithm, temperature, draws, thin, warmup, start, device, chains, seed },
      ...{ signal: context.signal, onProgress },
    });
    context.warn(...fallbackWarning(device, figures.fallback));
    if (options.png !== undefined) {
      const { heatMap } = await import("../../pictures.ts");
      const width = typeof size === "number" ? size : size[size.length - 1];
      await context.write(options.png, heatMap(labels, width, 0, model.states - 1));
    }
    return { ...figures, exact, phases: exact && (await phasesOf(series, exact)) };
  },
  print(found, { lattice, size, chains, seed }) {
    const { exact, phases } = found;
    const rows: [string, Estimate][] = [
      ["order parameter", found.orderParameter],
      ["energy per site", found.energyPerSite],
      ["specific heat", found.specificHeat],
      ["susceptibility", found.susceptibility],
      ["Binder ratio", found.binder],
    ];
    const times = chains === 1 ? "" : `${chains} × `;
    return [
      `${found.states} labels on ${lattice} ${sidesText(size)}, T = ${found.temperature}, ${found.algorithm}: ` +
        `${times}${found.warmup} + ${found.draws * found.thin} steps, start ${found.start}, seed ${seed}`,
      ...table(rows.map(([name, estimate]) => [`  ${name}`, ...estimateCells(estimate)])),
      ...(exact ? [`T_c of the infinite lattice ${exact.criticalTemperature.toFixed(6)}`] : []),
      ...(exact && phases ? phaseLines(phases, exact) : []),
    ];
  },
});

/**
 * Returns the phases of a transition of first order; undefined if there is one phase, or the run stayed on one side.
 */
async function phasesOf(series: PottsSimulation["series"], exact: SquarePotts): Promise<Phases | undefined> {
  const { phases } = await import("@basin/ising");
  const { orderedEnergy, disorderedEnergy } = exact;
  const between = (orderedEnergy + disorderedEnergy) / 2;
  const energies = series.map(({ energyPerSite }) => energyPerSite);
  const met = (isOn: (u: number) => boolean) => energies.some((values) => values.some(isOn));
  const both = met((u) => u < between) && met((u) => u >= between);
  return orderedEnergy < disorderedEnergy && both ? phases(energies, { between }) : undefined;
}

function phaseLines({ low, high, valley }: Phases, exact: SquarePotts): string[] {
  const line = (name: string, { peak, share, visits }: Phases["low"], infinite: number) =>
    `  ${name.padEnd(16)} peak at ${peak.toFixed(3)}, ${(100 * share).toFixed(1)} % of the draws, ${visits} visits` +
    `   at T_c of the infinite lattice ${infinite.toFixed(6)}`;
  return [
    line("ordered", low, exact.orderedEnergy),
    line("disordered", high, exact.disorderedEnergy),
    `  valley ${valley.toFixed(3)} of the lower peak`,
  ];
}
