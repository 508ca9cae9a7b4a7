import type { Simulation } from "@basin/ising";
import { isingNames } from "@basin/ising/names";
import { command } from "../../command.ts";
import { checkMemory } from "../../options/cost.ts";
import { buildLattice, device, magnet, warmup } from "../../options/lattice.ts";
import { distinct, integer, numberList } from "../../options/readers.ts";
import {
  choice,
  kept,
  output,
  plot,
  required,
  seed,
  unless,
  value,
  workers,
} from "../../options/settings.ts";
import { withError } from "../../output.ts";
import { binderCrossings, crossingLines, scanTable } from "../../scan.ts";

const QUANTITIES = [
  "absoluteMagnetization",
  "energyPerSite",
  "specificHeat",
  "susceptibility",
  "binder",
] as const;

export default command({
  options: {
    ...magnet,
    temperatures: required(
      value(
        "<list>",
        "numbers and ranges, such as 1.5:3.5:0.1 or 2,2.27",
        distinct(numberList({ above: 0 })),
      ),
    ),
    sizes: required(
      value("<list>", "sides, such as 16,32,64", distinct(numberList({ integer: true, min: 1, max: 32768 }))),
    ),
    algorithm: choice("what moves the spins", isingNames.algorithm, "wolff"),
    sweeps: value("<integer>", "measured sweeps of each point", integer(4, 1e9), 2000),
    warmup: warmup("sweeps"),
    csv: output("<file>", "write the table as CSV"),
    plot: plot("|m|, chi, c and U4 over T, with exact curves"),
    device,
    workers: unless(workers, ({ device }) => (device === "cpu" ? undefined : "a GPU runs one after another")),
    ...kept,
    seed,
  },
  async run(options, context) {
    const { temperatures, sizes, algorithm, sweeps, warmup, device, workers, seed } = options;
    const measured = sizes.length * temperatures.length * sweeps;
    checkMemory({ what: `${measured} measurements`, numbers: 2 * measured, remedy: "lower --sweeps" });
    const { simulateAll } = await import("@basin/ising");
    // All models are built first, so that an invalid size is refused before the work on the others.
    const models = await Promise.all(sizes.map((size) => buildLattice(options, size)));
    const plans = models.flatMap((model) => temperatures.map((temperature) => ({ model, temperature })));
    const update = context.progress("scan");
    const sizeOf = (run: number) => sizes[Math.floor(run / temperatures.length)];
    const found = await simulateAll(
      plans.map((plan, run) => ({ ...plan, algorithm, sweeps, warmup, device, seed: seed + run })),
      {
        ...{ workers, ...context.kept, signal: context.signal },
        onProgress: ({ run, ...progress }) =>
          update(progress, `L = ${sizeOf(run)}, T = ${plans[run].temperature}`),
      },
    );
    for (const [run, { temperature, warnings }] of found.entries())
      context.warn(...warnings.map((warning) => `L = ${sizeOf(run)}, T = ${temperature}: ${warning}`));
    const rows = sizes.map((_, row) =>
      found.slice(row * temperatures.length, (row + 1) * temperatures.length),
    );
    const points = found.map((run, k) => point(sizeOf(k), run));
    await context.write(options.csv, csv(points));
    await context.plot(options.plot, async () => {
      const { scanChart } = await import("../../charts/scan.ts");
      return scanChart(sizes, rows);
    });
    return { points, crossings: await binderCrossings(options, rows) };
  },
  print: ({ points, crossings }, { seed }) => [
    ...scanTable(
      ["|m|", "u", "c", "chi", "U4"],
      points.map((point) => ({ ...point, cells: QUANTITIES.map((name) => withError(point[name])) })),
    ),
    ...crossingLines(crossings),
    `seed ${seed}`,
  ],
});

function point(size: number, run: Simulation) {
  const { temperature, magnetization, exact, performance, energyPerSite, specificHeat, binder } = run;
  return {
    ...{ size, temperature, magnetization, absoluteMagnetization: run.absoluteMagnetization },
    ...{ energyPerSite, specificHeat, susceptibility: run.susceptibility, binder, exact },
    flipsPerNanosecond: performance.flipsPerNanosecond,
  };
}

function csv(points: readonly ReturnType<typeof point>[]): string {
  const columns = QUANTITIES.flatMap((name) => [name, `${name}StandardError`]);
  const head = ["size", "temperature", ...columns, "exactEnergyPerSpin", "exactSpecificHeat"];
  const rows = points.map((point) => [
    ...[point.size, point.temperature],
    ...QUANTITIES.flatMap((name) => [point[name].mean, point[name].standardError]),
    ...[point.exact.energyPerSite ?? "", point.exact.specificHeat ?? ""],
  ]);
  return `${[head, ...rows].map((row) => row.join(",")).join("\n")}\n`;
}
