import { coreNames } from "@basin/energy-core/names";
import type { Simulation } from "@basin/ising";
import { isingNames } from "@basin/ising/names";
import type { Estimate } from "@basin/samplers";
import { command } from "../../command.ts";
import { checkMemory } from "../../options/cost.ts";
import {
  algorithm,
  buildLattice,
  device,
  fallbackWarning,
  magnet,
  sidesText,
  size,
  warmup,
} from "../../options/lattice.ts";
import { integer, temperature } from "../../options/readers.ts";
import { choice, kept, plot, required, seed, unless, value, workers } from "../../options/settings.ts";
import { simulateUntil } from "../../options/until.ts";
import { estimateCells, significant, table } from "../../output.ts";

export default command({
  options: {
    size,
    ...magnet,
    temperature: required(value("<T>", "temperature in units of J", temperature)),
    algorithm,
    sweeps: value(
      "<integer>",
      "measured sweeps (default: 10000); with --until those before the first look (default: 1000)",
      integer(1, 1e9),
    ),
    until: unless(
      simulateUntil(
        "measure until standard errors are met, one or several of energy-per-site=1e-4, absolute-magnetization=1e-3, max-sweeps=1000000, time=60s; separate them by commas",
      ),
      ({ replicas }) => (replicas === 1 ? undefined : "replicas all make the same number of sweeps"),
    ),
    warmup: warmup("sweeps"),
    start: choice("first spins (default: ordered below the critical temperature)", isingNames.start),
    measureEvery: value("<integer>", "sweeps between measurements", integer(1, 1e9), 1),
    kernel: choice("which implementation runs", coreNames.kernel, "auto"),
    device,
    replicas: value("<integer>", "independent runs, taken together", integer(1, 1e5), 1),
    workers: unless(workers, ({ replicas, device }) =>
      device !== "cpu"
        ? "a GPU runs one after another"
        : replicas === 1
          ? "one run has one thread; it goes with --replicas"
          : undefined,
    ),
    plot: plot("energy and magnetization of the first replica along the run, with histograms"),
    ...kept,
    seed,
  },
  async run(options, context) {
    const { until, measureEvery } = options;
    const sweeps = until?.maxSweeps ?? options.sweeps ?? (until ? 1e6 : 10_000);
    const measured = options.replicas * Math.floor(sweeps / measureEvery);
    const lower = until?.maxSweeps === undefined ? "lower --sweeps" : "lower max-sweeps of --until";
    const remedy = `${lower}, or raise --measure-every`;
    checkMemory({ what: `${measured} measurements`, numbers: 2 * measured, remedy });
    const model = await buildLattice(options, options.size);
    const { simulate, simulateReplicas } = await import("@basin/ising");
    const { replicas } = options;
    const update = context.progress("simulate");
    const plan = { ...planOf(options), ...context.kept, signal: context.signal };
    const all =
      replicas > 1
        ? await simulateReplicas(model, { ...plan, replicas, workers: options.workers, onProgress: update })
        : undefined;
    const onProgress = (now: Parameters<typeof update>[0] & { phase: string }) => update(now, now.phase);
    const first = all?.runs[0] ?? (await simulate(model, { ...plan, until, onProgress }));
    context.warn(...(all ?? first).warnings, ...fallbackWarning(options.device, first.performance.fallback));
    await context.plot(options.plot, async () => {
      const { seriesChart } = await import("../../charts/series.ts");
      const { energy, magnetization } = first.series;
      const perSite = (values: ArrayLike<number>) =>
        Float64Array.from(values, (value) => value / model.variables);
      const rows = [
        { title: `Energy at T = ${first.temperature}`, label: "energy per spin", values: perSite(energy) },
        { title: "Magnetization", label: "magnetization per spin", values: perSite(magnetization) },
      ];
      return seriesChart(rows, { label: "sweep after the warm-up", every: measureEvery });
    });
    if (all === undefined) return figures(first);
    const { runs, series: _series, warnings: _warnings, ...pooled } = all;
    return { ...figures(first), ...pooled, runs: runs.map(figures) };
  },
  print(found, { lattice, size, field, replicas, seed }) {
    const { performance: speed, exact } = found;
    // Without a field, ⟨M⟩ of a finite lattice is 0. The known value is the limit of ⟨|M|⟩ for large lattices.
    const [inField, inTheLimit] = field === 0 ? [undefined, exact.magnetization] : [exact.magnetization];
    const rows: [string, Estimate, number?, string?][] = [
      ["magnetization", found.magnetization, inField],
      ["|magnetization|", found.absoluteMagnetization, inTheLimit, "of the infinite lattice"],
      ["energy per spin", found.energyPerSite, exact.energyPerSite],
      ["specific heat", found.specificHeat, exact.specificHeat],
      ["susceptibility", found.susceptibility],
      ["Binder cumulant", found.binder],
    ];
    const times = replicas === 1 ? "" : `${replicas} × `;
    return [
      `${lattice} ${sidesText(size)}, T = ${found.temperature}, ${found.algorithm}: ` +
        `${times}${found.warmup} + ${found.sweeps} sweeps, start ${found.start}, seed ${seed}`,
      ...table(
        rows.map(([name, estimate, value, of = ""]) => [
          `  ${name}`,
          ...estimateCells(estimate),
          value === undefined ? "" : `exact ${significant(value, 8)} ${of}`.trimEnd(),
        ]),
      ),
      ...stoppedLine(found),
      `${speed.flipsPerNanosecond.toPrecision(3)} flips/ns (${speed.path}, ${speed.kernel})`,
    ];
  },
});

const REASONS = {
  reached: "the errors asked for are met",
  maxSweeps: "the greatest number of sweeps",
  timeLimit: "the time was up",
};

const stoppedLine = ({ stopped }: Pick<Simulation, "stopped">): string[] =>
  stopped === undefined ? [] : [`Stopped after ${stopped.looks} looks: ${REASONS[stopped.reason]}.`];

function planOf<T extends Record<string, unknown>>(options: T) {
  const { temperature, algorithm, sweeps, warmup, start, measureEvery, kernel, device, seed } = options;
  return { temperature, algorithm, sweeps, warmup, start, measureEvery, kernel, device, seed } as Pick<
    T,
    | "temperature"
    | "algorithm"
    | "sweeps"
    | "warmup"
    | "start"
    | "measureEvery"
    | "kernel"
    | "device"
    | "seed"
  >;
}

function figures({ series: _series, spins: _spins, warnings: _warnings, ...rest }: Simulation) {
  return rest;
}
