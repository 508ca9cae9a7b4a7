import { existsSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import type { Command, Values } from "./command.ts";
import { Context } from "./context.ts";
import { type Given, resolveValues } from "./options/resolve.ts";
import { toJson } from "./output.ts";

/** Runs a command and prints what came of it: one JSON object, or lines of text. */
export async function execute(
  path: string,
  version: string,
  command: Command,
  given: Given,
  positionals: readonly unknown[],
): Promise<void> {
  const values = await resolveValues(command.options, given, positionals);
  const context = new Context(given.has("json"), (name) => given.has(name));
  const started = performance.now();
  try {
    await keep(values, context);
    if ("seed" in command.options) context.seed = (values.seed as number | undefined) ?? freshSeed();
    const options = { ...values, ...(context.seed !== undefined && { seed: context.seed }) };
    const result = await command.run(options as Values<Command["options"]>, context);
    const seconds = (performance.now() - started) / 1000;
    context.close();
    const { seed: _seed, ...rest } = values;
    const { seed, warnings } = context;
    if (context.json) {
      const envelope = { command: path, version, seed, options: rest, result, warnings, timing: { seconds } };
      process.stdout.write(`${toJson(envelope)}\n`);
    } else {
      const told = { ...options, ...(seed !== undefined && { seed }) };
      const lines = [
        ...command.print(result, told as Values<Command["options"]>, context),
        ...warnings.map((warning) => `warning: ${warning}`),
        ...(context.written.length > 0 ? [`written: ${context.written.join(", ")}`] : []),
      ];
      if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
    }
  } finally {
    context.close();
  }
}

/** Opens the checkpoint that a run is kept in; without --seed the run goes on with its own. */
async function keep(values: Record<string, unknown>, context: Context): Promise<void> {
  const { checkpoint: path, resume } = values as { checkpoint?: string; resume?: boolean };
  if (path === undefined) {
    // Commands that keep their runs in a folder see to --resume themselves.
    if (resume && "checkpoint" in values)
      throw new InvalidArgumentError("--resume goes with --checkpoint FILE");
    return;
  }
  const isThere = existsSync(path);
  if (isThere && !resume)
    throw new InvalidArgumentError(
      `--checkpoint is ${path}, which holds a run already; give --resume to go on with it, or name another file`,
    );
  if (!isThere && resume)
    throw new InvalidArgumentError(
      `--checkpoint is ${path}, which is not there; leave --resume out to start a run`,
    );
  const { fileCheckpoint } = await import("@basin/energy-core/run");
  context.checkpoint = fileCheckpoint(path);
  const seed = (await context.checkpoint.load())?.run.seed;
  if (typeof seed === "number") values.seed ??= seed;
}

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
