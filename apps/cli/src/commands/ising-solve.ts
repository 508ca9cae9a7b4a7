import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { ArgumentError } from "@basin/energy-core";
import type { ProblemFile, ProblemFormat, ScheduleName, Solution, SolveMethod } from "@basin/ising";
import { type Command, InvalidArgumentError, Option } from "commander";
import { integer, jsonOption, number, resolveSeed, seedOption } from "../options.ts";
import { printJson, toJson, writeWhole } from "../output.ts";
import { startProgress } from "../progress.ts";
import { interruptSignal } from "../signal.ts";

interface FileOptions {
  format: ProblemFormat | "auto";
  json: boolean;
}

interface SolveCommandOptions extends FileOptions {
  reads?: number;
  sweeps?: number;
  time?: number;
  target?: number;
  method: SolveMethod | "auto";
  schedule: ScheduleName;
  workers: number;
  seed?: number;
  out?: string;
}

/** Adds `solve` and `verify`: low-energy states of the problem in a file, and the energy of a state recomputed. */
export function registerIsingSolve(ising: Command): void {
  withFormat(ising.command("solve"))
    .description("find a low-energy state of a spin problem, or a large cut of a graph, from a file")
    .argument("<file>", "the problem")
    .option("--reads <integer>", "annealing runs of a round (default: 128)", integer(1, 1e7))
    .option("--sweeps <integer>", "sweeps of a run (default: 1000, or growing with --time)", integer(1, 1e9))
    .option("--time <duration>", "time to spend, as 10s, 2m or 500ms", duration)
    .option("--target <energy>", "stop as soon as this energy is reached", number())
    .option("--method <name>", "auto, exact, elimination, anneal, tempering or tabu", "auto")
    .option(
      "--schedule <name>",
      "how the inverse temperature grows: geometric, linear or adaptive",
      "geometric",
    )
    .option(
      "--workers <integer>",
      "threads; a fixed number of reads gives the same bits with any",
      integer(1, 1024),
      1,
    )
    .option("--out <file>", "write the solution there, as JSON that `verify` reads")
    .addOption(seedOption())
    .action(solveAction);
  withFormat(ising.command("verify"))
    .description("recompute the energy of a solution, and say whether the file tells the truth")
    .argument("<file>", "the problem")
    .argument("<solution>", 'JSON with "spins", −1 and +1 in the order of the nodes')
    .action(verifyAction);
}

function withFormat(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--format <name>",
        "gset, dimacs, matrix-market, csv, bqm, coo, qubo; auto goes by the extension",
      ).default("auto"),
    )
    .addOption(jsonOption());
}

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Returns seconds of "10s", "2m", "500ms" or a plain number of seconds. */
function duration(text: string): number {
  const [, amount, unit] = /^(\d+\.?\d*|\.\d+)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const seconds = Number(amount) * (UNITS[unit ?? "s"] ?? Number.NaN);
  if (seconds > 0 && seconds <= 1e7) return seconds;
  throw new InvalidArgumentError("Expected a duration above 0, such as 10s, 2m or 500ms.");
}

async function readProblem(file: string, format: ProblemFormat | "auto"): Promise<ProblemFile> {
  const { parseProblem, problemFormatOf } = await import("@basin/ising");
  return parseProblem(piecesOf(file), format === "auto" ? problemFormatOf(file) : format);
}

const PIECE_BYTES = 2 ** 20;

/** The text of a file, a megabyte at a time: no string holds a file of some hundred. */
function* piecesOf(file: string): Generator<string> {
  const descriptor = openSync(file, "r");
  try {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(PIECE_BYTES);
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) {
      yield decoder.decode(buffer.subarray(0, read), { stream: true });
    }
    yield decoder.decode();
  } finally {
    closeSync(descriptor);
  }
}

async function solveAction(file: string, options: SolveCommandOptions): Promise<void> {
  const { solve } = await import("@basin/ising");
  const held = await readProblem(file, options.format);
  const { time: seconds, reads, sweeps, target, method, schedule, workers } = options;
  const bar = startProgress("solve");
  let solution: Solution;
  try {
    solution = await solve(held.problem, {
      seconds,
      reads,
      sweeps,
      target,
      method,
      schedule,
      workers,
      seed: resolveSeed(options.seed),
      signal: interruptSignal(),
      onProgress: (now) => bar.update(now, bestSoFar(now.energy)),
    });
  } finally {
    bar.stop();
  }
  const report = await describe(held, solution);
  if (options.out !== undefined) writeWhole(options.out, `${toJson({ ...report, spins: solution.state })}\n`);
  if (options.json) printJson(report);
  else print(report, options.out);
}

function bestSoFar(energy: number): string {
  return Number.isFinite(energy) ? `energy ${energy}` : "";
}

async function describe({ problem, graph }: ProblemFile, solution: Solution) {
  const { cutWeight } = await import("@basin/ising");
  const { timing, inverseTemperatureRange } = solution;
  return {
    energy: solution.energy,
    ...(graph === undefined ? {} : { cut: cutWeight(graph, solution.state) }),
    certificate: solution.certificate,
    method: solution.method,
    why: solution.why,
    variables: problem.variables,
    couplings: problem.couplings.values.length,
    variablesLeft: solution.variablesLeft,
    seed: solution.seed,
    reads: solution.reads,
    sweeps: solution.sweeps,
    readsPerSecond: timing.readsPerSecond,
    spinUpdatesPerNanosecond: timing.spinUpdatesPerNanosecond,
    timeToBestSeconds: timing.secondsToLowest,
    seconds: timing.seconds,
    ...(inverseTemperatureRange === undefined ? {} : { inverseTemperatureRange }),
  };
}

function print(report: Awaited<ReturnType<typeof describe>>, out: string | undefined): void {
  const { energy, cut, certificate, reads, sweeps, variables, couplings, timeToBestSeconds } = report;
  const lines = [
    `${variables} spins, ${couplings} couplings, ${report.variablesLeft} spins left after the reduction`,
    cut === undefined ? `energy ${energy}` : `cut ${cut} (energy ${energy})`,
    certificate === "exact"
      ? "proven: no state has less energy"
      : `${reads} reads of up to ${sweeps} sweeps, seed ${report.seed}; best after ${timeToBestSeconds.toFixed(2)} s; no proof`,
  ];
  if (out !== undefined) lines.push(`written to ${out}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function verifyAction(file: string, solutionFile: string, options: FileOptions): Promise<void> {
  const { cutWeight } = await import("@basin/ising");
  const { problem, graph } = await readProblem(file, options.format);
  const solution = readSolution(solutionFile, problem.variables);
  const energy = problem.energy(Int8Array.from(solution.spins));
  const cut = graph === undefined ? undefined : cutWeight(graph, solution.spins);
  const agrees = agree(solution.energy, energy) && (cut === undefined || agree(solution.cut, cut));
  const report = { energy, ...(cut === undefined ? {} : { cut }), agrees };
  if (options.json) printJson(report);
  else {
    const what = cut === undefined ? `energy ${energy}` : `cut ${cut} (energy ${energy})`;
    process.stdout.write(`${what}: ${agrees ? "as the solution says" : "NOT what the solution says"}\n`);
  }
  if (!agrees) process.exitCode = 1;
}

/** A solution that claims nothing is not contradicted. */
function agree(claimed: unknown, found: number): boolean {
  return claimed === undefined || claimed === found;
}

interface SolutionFile {
  readonly spins: number[];
  readonly energy?: unknown;
  readonly cut?: unknown;
}

function readSolution(file: string, variables: number): SolutionFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ArgumentError(`${file} is not valid JSON`);
  }
  const { spins, energy, cut } = (parsed ?? {}) as Record<string, unknown>;
  if (!Array.isArray(spins)) throw new ArgumentError(`${file} has no list "spins"`);
  if (spins.length !== variables) {
    throw new ArgumentError(`${file} has ${spins.length} spins, the problem ${variables}`);
  }
  const wrong = spins.findIndex((spin) => spin !== 1 && spin !== -1);
  if (wrong >= 0)
    throw new ArgumentError(`spins[${wrong}] is ${JSON.stringify(spins[wrong])}, expected −1 or 1`);
  return { spins, energy, cut };
}
