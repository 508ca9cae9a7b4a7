import type { Solution } from "@basin/ising";
import { isingNames } from "@basin/ising/names";
import { InvalidArgumentError } from "commander";
import { command, type Values } from "../../command.ts";
import type { Context } from "../../context.ts";
import { device, fallbackWarning } from "../../options/lattice.ts";
import { problem, readProblem } from "../../options/problem.ts";
import { integer, range } from "../../options/readers.ts";
import { flagOf } from "../../options/resolve.ts";
import { choice, kept, output, seed, unless, value, word, workers } from "../../options/settings.ts";
import { solveUntil } from "../../options/until.ts";
import { toJson } from "../../output.ts";
import type { Setting } from "../../setting.ts";

/** Returns a setting that is refused with a GPU, for a reason. */
const onCpu = <T>(setting: Setting<T>, why: string): Setting<T> =>
  unless(setting, ({ device }) => (device === "cpu" ? undefined : why));

const options = {
  files: word("<files...>", "the problems, gzipped or not; one that cannot be read does not stop the others"),
  ...problem,
  reads: value("<integer>", "annealing runs of a round (default: 128, on a GPU 4096)", integer(1, 1e7)),
  sweeps: value("<integer>", "sweeps of a run (default: 1000, or growing with a time)", integer(1, 1e9)),
  until: solveUntil(
    "search until an energy is reached or a time is up: target=-20, time=10s, or both with a comma between",
  ),
  inverseTemperatures: value(
    "<hot:cold>",
    "β of the first and the last sweep (default: by the problem)",
    range,
  ),
  method: choice("how to solve", isingNames.method, "auto"),
  schedule: choice("how β grows", isingNames.schedule, "geometric"),
  states: value(
    "<integer>",
    "how many of the best states to report, with how often each was found",
    integer(1, 1e6),
    5,
  ),
  device,
  workers: onCpu(workers, "a GPU has no threads"),
  ...{ ...kept, checkpoint: onCpu(kept.checkpoint, "a search on a GPU is not kept") },
  out: output("<file>", "write the solution there, as JSON that `verify` reads"),
  seed,
};

type Options = Values<typeof options>;
type Solved = Awaited<ReturnType<typeof solveFile>>;

export default command({
  options,
  async run(
    options,
    context,
  ): Promise<Solved | (({ file: string } & Solved) | { file: string; error: string })[]> {
    const { files, out } = options;
    if (files.length === 1) return solveFile(files[0], options, context);
    for (const [name, path] of Object.entries({ out, checkpoint: options.checkpoint }))
      if (path !== undefined)
        throw new InvalidArgumentError(`--${name} is of one file, but there are ${files.length}`);
    const { BasinError } = await import("@basin/energy-core");
    const reports: (({ file: string } & Solved) | { file: string; error: string })[] = [];
    for (const file of files) {
      context.say(file);
      try {
        const solved = await solveFile(file, options, context);
        context.say(lines(solved, options.seed).join("\n"));
        reports.push({ file, ...solved });
      } catch (error) {
        const known = error instanceof BasinError || (error as { code?: unknown }).code !== undefined;
        if (!known || context.signal.aborted) throw error;
        process.exitCode = 2;
        reports.push({ file, error: (error as Error).message });
        process.stderr.write(`basin: ${(error as Error).message}\n`);
      }
    }
    return reports;
  },
  print: (found, { seed }) => (Array.isArray(found) ? [] : lines(found, seed)),
});

async function solveFile(file: string, options: Options, context: Context) {
  const { cutWeight, namedState, solve, toBits } = await import("@basin/ising");
  const { until, reads, sweeps, method, schedule, states, device, workers, seed } = options;
  const held = await readProblem(file, options);
  const update = context.progress("solve");
  const { timing, inverseTemperatures, ...solution } = await solve(held.problem, {
    ...{ until, reads, sweeps, method, schedule, states, device, workers, seed, signal: context.signal },
    ...context.kept,
    inverseTemperatures: options.inverseTemperatures,
    onProgress: (now) => update(now, Number.isFinite(now.energy) ? `energy ${now.energy}` : ""),
  });
  if (solution.reads === 0) context.warn(...withoutEffect(context));
  context.warn(...fallbackWarning(device, solution.fallback));
  const worth = ({ state, energy }: Pick<Solution, "state" | "energy">) => ({
    energy,
    ...(held.graph && { cut: cutWeight(held.graph, state) }),
    ...(held.maximize && { objective: 0 - energy }),
  });
  const { bound, certificate, why, stopped, variablesLeft } = solution;
  const report = {
    ...{ format: held.format, kind: held.kind, numberedFrom: held.firstNumber, notes: held.notes },
    ...worth(solution),
    ...{ bound, certificate, method: solution.method, why, stopped, device: solution.device },
    ...{ variables: held.problem.variables, couplings: held.problem.couplings.values.length, variablesLeft },
    ...{ reads: solution.reads, sweeps: solution.sweeps, readsPerSecond: timing.readsPerSecond },
    spinUpdatesPerNanosecond: timing.spinUpdatesPerNanosecond,
    timeToBestSeconds: timing.secondsToLowest,
    ...{ seconds: timing.seconds, inverseTemperatures, assignment: namedState(held, solution.state) },
    states: solution.states.map((sample) => ({
      ...{ count: sample.count, ...worth(sample), assignment: namedState(held, sample.state) },
    })),
  };
  const values = ({ state }: Pick<Solution, "state">) =>
    held.kind === "qubo" ? { bits: toBits(state) } : { spins: state };
  const written = report.states.map((each, k) => ({ ...each, ...values(solution.states[k]) }));
  await context.write(options.out, `${toJson({ ...report, seed, ...values(solution), states: written })}\n`);
  return report;
}

/** Options of searches only. */
const OF_SEARCHES = ["reads", "sweeps", "until", "inverseTemperatures", "schedule", "device", "checkpoint"];

/** Returns a warning about options of a search, if the answer was proven without one. */
function withoutEffect({ isGiven }: Context): string[] {
  const idle = OF_SEARCHES.filter(isGiven).map((name) => flagOf(name, ""));
  return idle.length === 0
    ? []
    : [`${idle.join(", ")} had no effect: the answer was proven without a search`];
}

/** Only --json and --out give assignments of more variables. */
const SHOWN = 32;

const MEANINGS = {
  "max-cut": "a graph, of which the largest cut is looked for",
  qubo: "a sum over bits",
  ising: "a sum over spins",
};

function lines(report: Solved, seed: number): string[] {
  const { energy, cut, objective, bound, certificate, numberedFrom } = report;
  const numbers = numberedFrom === undefined ? "" : `, numbered from ${numberedFrom}`;
  const found =
    objective === undefined ? `energy ${energy}` : `objective ${objective}, maximized (energy ${energy})`;
  const assigned = Object.entries(report.assignment);
  return [
    `read as ${report.format}: ${MEANINGS[report.kind]}${numbers}`,
    ...report.notes,
    `${report.variables} spins, ${report.couplings} couplings, ${report.variablesLeft} spins left after the reduction`,
    cut === undefined || objective !== undefined ? found : `cut ${cut} (energy ${energy})`,
    certificate === "exact"
      ? "proven: no state has less energy"
      : `${report.reads} reads of up to ${report.sweeps} sweeps, seed ${seed}; best after ${report.timeToBestSeconds.toFixed(2)} s; no proof, but no state has less energy than ${bound}`,
    ...(report.states.length > 1 ? [others(report)] : []),
    ...(assigned.length <= SHOWN ? [assigned.map(([name, value]) => `${name} = ${value}`).join(", ")] : []),
  ];
}

/** Returns a text that says how often the best states were found. */
function others({ states }: Solved): string {
  const shown = states.map(({ energy, cut = energy, objective = cut, count }) => `${objective} (${count})`);
  return `the best ${states.length} states, and how many reads ended in each: ${shown.join(", ")}`;
}
