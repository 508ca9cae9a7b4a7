import { command } from "../../command.ts";
import { checkMemory } from "../../options/cost.ts";
import { algorithm, buildLattice, device, magnet, size, warmup } from "../../options/lattice.ts";
import { distinct, integer, numberList } from "../../options/readers.ts";
import { kept, plot, required, seed, value } from "../../options/settings.ts";
import { significant, table, withError } from "../../output.ts";

export default command({
  options: {
    size,
    ...magnet,
    temperatures: required(
      value(
        "<list>",
        "numbers and ranges, such as 0.4:2:0.2 or 0.5,0.7,1",
        distinct(numberList({ above: 0 })),
      ),
    ),
    algorithm,
    sweeps: value("<integer>", "measured sweeps at each temperature", integer(4, 1e9), 10_000),
    warmup: warmup("sweeps"),
    measureEvery: value("<integer>", "sweeps between measurements", integer(1, 1e9), 1),
    replicas: value("<integer>", "2 measures the overlap of two independent ladders", integer(1, 2), 2),
    plot: plot("u, c, |m| and the overlap over T"),
    device,
    ...kept,
    seed,
  },
  async run(options, context) {
    const measured = options.temperatures.length * Math.floor(options.sweeps / options.measureEvery);
    const remedy = "lower --sweeps, or raise --measure-every";
    // Energies and magnetizations of each replica, and the overlaps of two.
    const series = options.replicas === 1 ? 2 : 5;
    checkMemory({ what: `${measured} measurements`, numbers: series * measured, remedy });
    const model = await buildLattice(options, options.size);
    const { simulateTempering } = await import("@basin/ising");
    const { temperatures, algorithm, sweeps, warmup, measureEvery, replicas, device, seed } = options;
    const update = context.progress("temper");
    const { levels, warnings, ...found } = await simulateTempering(model, {
      ...{ temperatures, algorithm, sweeps, warmup, measureEvery, device, seed, signal: context.signal },
      ...context.kept,
      replicas: replicas as 1 | 2,
      onProgress: (progress) => update(progress, progress.phase),
    });
    context.warn(...warnings);
    const figures = levels.map(({ series: _series, overlap, ...level }) => {
      const { series: _overlaps, ...means } = overlap ?? { series: undefined };
      return { ...level, ...(overlap && { overlap: means as Omit<typeof overlap, "series"> }) };
    });
    await context.plot(options.plot, async () => {
      const { levelsChart } = await import("../../charts/levels.ts");
      return levelsChart(figures);
    });
    return { ...found, levels: figures };
  },
  print({ levels, swapRates, roundTrips }, { seed }) {
    const overlaps = levels[0].overlap === undefined ? [] : ["|q|", "chi_SG", "g"];
    const rows = levels.map(({ temperature, overlap, ...level }, k) => [
      significant(temperature, 7),
      ...[level.energyPerSite, level.specificHeat, level.absoluteMagnetization].map(withError),
      ...(overlap ? [overlap.absolute, overlap.susceptibility, overlap.binder].map(withError) : []),
      k < swapRates.length ? `${(100 * swapRates[k]).toFixed(0)} %` : "",
    ]);
    return [
      ...table(rows, ["T", "u", "c", "|m|", ...overlaps, "swaps"]),
      `${roundTrips} round trips, seed ${seed}`,
    ];
  },
});
