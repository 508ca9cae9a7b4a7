import { type Command, CommanderError } from "commander";
import { fileErrorText, isFileError } from "./files/errors.ts";
import { type Interrupt, Interruption, listen } from "./interrupt.ts";
import { buildProgram } from "./program.ts";
import { outliveReaders } from "./stdout.ts";

/** Exit codes: 0 done, 1 an error in Basin, 2 input that cannot be accepted, and those of an {@link Interruption}. */
const FAULT = 1;
const BAD_INPUT = 2;

/**
 * Runs a command line and resolves to the exit code. A message to the user goes to stderr as one sentence. A stack is
 * shown only for errors in Basin.
 */
export async function run(words: readonly string[], interrupt: Interrupt = listen()): Promise<number> {
  outliveReaders();
  try {
    const program = await buildProgram(words, interrupt.signal);
    overrideExit(program);
    await program.parseAsync([...words], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  } finally {
    interrupt.close();
  }
}

async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // Commander has printed its own message, except for values that were read later. A call for help is not an error.
    if (error.code === "commander.invalidArgument") return complain(error.message, BAD_INPUT);
    return error.exitCode === 0 ? 0 : BAD_INPUT;
  }
  if (error instanceof Interruption) return complain(error.message, error.exitCode);
  if (isFileError(error)) return complain(fileErrorText(error), BAD_INPUT);
  const { BasinError } = await import("@basin/energy-core");
  const isMissing = error instanceof Error && error.name === "MissingPackage";
  if (error instanceof BasinError || isMissing) return complain(error.message, BAD_INPUT);
  if (isOutOfMemory(error))
    return complain(
      `there is not enough memory (${(error as Error).message}); make the run smaller`,
      BAD_INPUT,
    );
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

/** Whether an array could not be allocated. */
function isOutOfMemory(error: unknown): boolean {
  return (
    error instanceof RangeError &&
    /array (buffer )?(allocation|length)|could not allocate/i.test(error.message)
  );
}
