import { type Command, CommanderError } from "commander";
import { buildProgram } from "./program.ts";

/** Exit codes: 0 done, 1 a fault of ours, 2 input that cannot be accepted, 130 interrupted. */
const FAULT = 1;
const BAD_INPUT = 2;
const INTERRUPTED = 130;

/**
 * Runs the command line of some words and resolves to the exit code. A message to the user goes to stderr as one sentence; a
 * stack is shown only for faults that are ours.
 */
export async function run(words: readonly string[]): Promise<number> {
  quietPipes();
  try {
    const program = await buildProgram(words);
    overrideExit(program);
    await program.parseAsync([...words], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // Commander has printed its own message by now, but for values that were read after it; asking for help is no error.
    if (error.code === "commander.invalidArgument") return complain(error.message, BAD_INPUT);
    return error.exitCode === 0 ? 0 : BAD_INPUT;
  }
  if (isAbort(error)) return complain("interrupted", INTERRUPTED);
  if (isFileError(error)) return complain(error.message, BAD_INPUT);
  const { BasinError } = await import("@basin/energy-core");
  if (error instanceof BasinError) return complain(error.message, BAD_INPUT);
  console.error(error);
  return FAULT;
}

function complain(message: string, code: number): number {
  process.stderr.write(`basin: ${message}\n`);
  return code;
}

function overrideExit(command: Command): void {
  command.exitOverride();
  command.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "basin: ")) });
  for (const child of command.commands) overrideExit(child);
}

/** Ends quietly when the reader of our output goes away, as `basin … | head` does. */
function quietPipes(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

const FILE_ERRORS = new Set(["ENOENT", "EISDIR", "ENOTDIR", "EACCES", "EEXIST", "ENOSPC", "EROFS", "EPERM"]);

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && FILE_ERRORS.has((error as NodeJS.ErrnoException).code ?? "");
}
