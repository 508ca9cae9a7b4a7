import { ArgumentError, BasinError } from "@basin/energy-core";
import type { ProblemFile, ScheduleName, Solution, SolveMethod } from "@basin/ising";
import { InvalidArgumentError } from "commander";
import { number, resolveSeed } from "../../options.ts";
import { printJson, toJson, writeWhole } from "../../output.ts";
import { startProgress } from "../../progress.ts";
import { interruptSignal } from "../../signal.ts";
import { type ProblemOptions, readProblem } from "./problem.ts";

interface SolveCommandOptions extends ProblemOptions {
  reads?: number;
  sweeps?: number;
  time?: number;
  target?: number;
  inverseTemperatures?: [hot: number, cold: number];
  method: SolveMethod | "auto";
  schedule: ScheduleName;
  workers: number;
  seed?: number;
  out?: string;
}

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Returns seconds of "10s", "2m", "500ms" or a plain number of seconds. */
export function duration(text: string): number {
  const [, amount, unit] = /^(\d+\.?\d*|\.\d+)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const seconds = Number(amount) * (UNITS[unit ?? "s"] ?? Number.NaN);
  if (seconds > 0 && seconds <= 1e7) return seconds;
  throw new InvalidArgumentError("Expected a duration above 0, such as 10s, 2m or 500ms.");
}

/** Returns the two ends of "0.1:8". */
export function range(text: string): [hot: number, cold: number] {
  const ends = text.split(":").map(number({ above: 0 }));
  if (ends.length === 2 && ends[0] <= ends[1]) return [ends[0], ends[1]];
  throw new InvalidArgumentError("Expected two numbers hot:cold with hot ≤ cold, such as 0.1:8.");
}

export async function solveAction(files: string[], options: SolveCommandOptions): Promise<void> {
  if (files.length === 1)
    return void (await solveFile(files[0], options, options.json ? printJson : undefined));
  if (options.out !== undefined) throw new ArgumentError("--out takes the solution of one file");
  const reports: object[] = [];
  for (const file of files) {
    try {
      if (!options.json) process.stdout.write(`${file}\n`);
      await solveFile(
        file,
        options,
        options.json ? (report) => reports.push({ file, ...report }) : undefined,
      );
    } catch (error) {
      const known = error instanceof BasinError || (error as { code?: unknown }).code !== undefined;
      if (!known) throw error;
      process.exitCode = 2;
      reports.push({ file, error: (error as Error).message });
      process.stderr.write(`error: ${(error as Error).message}\n`);
    }
  }
  if (options.json) printJson(reports);
}

async function solveFile(
  file: string,
  options: SolveCommandOptions,
  show: ((report: object) => void) | undefined,
): Promise<void> {
  const { solve, toBits } = await import("@basin/ising");
  const held = await readProblem(file, options);
  const { time: seconds, reads, sweeps, target, method, schedule, workers } = options;
  const bar = startProgress("solve");
  let solution: Solution;
  try {
    solution = await solve(held.problem, {
      ...{ seconds, reads, sweeps, target, method, schedule, workers },
      inverseTemperatureRange: options.inverseTemperatures,
      seed: resolveSeed(options.seed),
      signal: interruptSignal(),
      onProgress: (now) => bar.update(now, bestSoFar(now.energy)),
    });
  } finally {
    bar.stop();
  }
  const report = await describe(held, solution);
  if (options.out !== undefined) {
    const state = held.kind === "qubo" ? { bits: toBits(solution.state) } : { spins: solution.state };
    writeWhole(options.out, `${toJson({ ...report, ...state })}\n`);
  }
  if (show !== undefined) show(report);
  else print(report, options.out);
}

function bestSoFar(energy: number): string {
  return Number.isFinite(energy) ? `energy ${energy}` : "";
}

async function describe(held: ProblemFile, solution: Solution) {
  const { cutWeight, namedState } = await import("@basin/ising");
  const { problem, graph } = held;
  const { timing, inverseTemperatureRange } = solution;
  return {
    format: held.format,
    kind: held.kind,
    ...(held.firstNumber === undefined ? {} : { numberedFrom: held.firstNumber }),
    notes: held.notes,
    energy: solution.energy,
    ...(graph === undefined ? {} : { cut: cutWeight(graph, solution.state) }),
    ...(held.maximize ? { objective: 0 - solution.energy } : {}),
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
    assignment: namedState(held, solution.state),
  };
}

type Report = Awaited<ReturnType<typeof describe>>;

/** Assignments of more variables are left to --json and --out. */
const SHOWN = 32;

function print(report: Report, out: string | undefined): void {
  const { energy, cut, objective, certificate, reads, sweeps, variables, couplings } = report;
  const lines = [
    takenFor(report),
    ...report.notes,
    `${variables} spins, ${couplings} couplings, ${report.variablesLeft} spins left after the reduction`,
    cut === undefined ? `energy ${energy}` : `cut ${cut} (energy ${energy})`,
    certificate === "exact"
      ? "proven: no state has less energy"
      : `${reads} reads of up to ${sweeps} sweeps, seed ${report.seed}; best after ${report.timeToBestSeconds.toFixed(2)} s; no proof`,
  ];
  if (objective !== undefined)
    lines[lines.length - 2] = `objective ${objective}, maximized (energy ${energy})`;
  const assigned = Object.entries(report.assignment);
  if (assigned.length <= SHOWN) lines.push(assigned.map(([name, value]) => `${name} = ${value}`).join(", "));
  if (out !== undefined) lines.push(`written to ${out}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

const MEANINGS = {
  "max-cut": "a graph, of which the largest cut is looked for",
  qubo: "a sum over bits",
  ising: "a sum over spins",
};

function takenFor({ format, kind, numberedFrom }: Report): string {
  const numbers = numberedFrom === undefined ? "" : `, numbered from ${numberedFrom}`;
  return `read as ${format}: ${MEANINGS[kind]}${numbers}`;
}
