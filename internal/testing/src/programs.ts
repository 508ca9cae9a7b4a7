import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../../..");
const flags = ["--conditions=@basin/source", "--disable-warning=ExperimentalWarning"];
const timeLimit = 300_000;

/** How a program ended: whether with an error, and what it printed. */
export interface Outcome {
  readonly failed: boolean;
  readonly output: string;
}

/**
 * Runs programs from the sources and returns the outcome of each.
 *
 * A process for each would spend most of its time on the same imports, so programs run after one another in one. One
 * that does not end well there runs again in a process of its own, and how it ends there counts.
 */
export function runPrograms(programs: readonly string[]): Map<string, Promise<Outcome>> {
  const ended = new Map<string, (outcome: Outcome) => void>();
  const outcomes = programs.map(
    (program) => [program, new Promise<Outcome>((done) => ended.set(program, done))] as const,
  );
  void runAll(programs, (program, outcome) => ended.get(program)?.(outcome));
  return new Map(outcomes);
}

async function runAll(
  programs: readonly string[],
  ended: (program: string, outcome: Outcome) => void,
): Promise<void> {
  let left = programs;
  while (left.length > 0) {
    left = left.slice(await runTogether(left, (program) => ended(program, { failed: false, output: "" })));
    if (left.length === 0) return;
    ended(left[0], await inScratch((scratch) => node([...flags, left[0]], scratch)));
    left = left.slice(1);
  }
}

/** Resolves to how many of the first programs ended well in one process. */
function runTogether(programs: readonly string[], ended: (program: string) => void): Promise<number> {
  return inScratch(
    (scratch) =>
      new Promise((done) => {
        let count = 0;
        const runner = join(import.meta.dirname, "program-runner.ts");
        const child = spawn(process.execPath, [...flags, runner, scratch, ...programs], {
          env: { ...process.env, NODE_OPTIONS: "" },
          stdio: ["ignore", "ignore", "ignore", "ipc"],
        });
        const timer = setTimeout(() => child.kill("SIGKILL"), timeLimit);
        child.on("message", (program) => {
          count++;
          timer.refresh();
          ended(String(program));
        });
        child.on("close", () => {
          clearTimeout(timer);
          done(count);
        });
      }),
  );
}

async function inScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), "basin-snippet-"));
  try {
    return await work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs Node and resolves to how it ended. */
export function node(args: readonly string[], cwd = repository, timeout = timeLimit): Promise<Outcome> {
  return new Promise((done) => {
    const options = { cwd, env: { ...process.env, NODE_OPTIONS: "" }, timeout, maxBuffer: 1 << 24 };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const killed = error?.killed ? `stopped after ${timeout / 1000} s\n` : "";
      done({ failed: error !== null, output: `${killed}${stderr}${stdout}` });
    });
  });
}
