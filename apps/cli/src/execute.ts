import { existsSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import type { Command } from "./command.ts";
import { Context } from "./context.ts";
import { isFileError } from "./files/errors.ts";
import { Outputs } from "./files/outputs.ts";
import { Interruption } from "./interrupt.ts";
import { withConfig } from "./options/config.ts";
import { type Given, resolveValues, withFlags } from "./options/resolve.ts";
import { common, type kept } from "./options/settings.ts";
import { toJson } from "./output.ts";
import type { Commands, Settings, Values } from "./setting.ts";
import { holdStdout } from "./stdout.ts";

/** A command and what it was called with. */
export interface Call {
  readonly path: string;
  readonly version: string;
  readonly command: Command;
  readonly given: Given;
  readonly positionals: readonly unknown[];
  readonly commands: Commands;
}

/** Runs a command and prints its result: one JSON object, or lines of text. */
export async function execute(call: Call, signal: AbortSignal) {
  const { path, version, command, given, positionals, commands } = call;
  const started = performance.now();
  const settings = { ...command.options, ...common };
  const [file] = given.get("config") ?? [];
  const all = typeof file === "string" && file !== "" ? await withConfig(file, settings, given) : given;
  const { json, quiet, config: _config, ...values } = await resolveValues(settings, all, positionals);
  const stdout = holdStdout();
  let [outputs, context]: [Outputs?, Context?] = [];
  try {
    outputs = new Outputs(command.options, values, json === true, stdout);
    const print = outputs.toStdout ? (text: string) => void process.stderr.write(text) : stdout.write;
    const say = (text: string) => void (json || quiet || print(`${text}\n`));
    const isGiven = (name: string) => all.has(name);
    context = new Context({
      signal,
      outputs,
      say,
      isGiven,
      commands,
      settings: command.options,
      json: json === true,
      quiet: quiet === true,
    });
    await keep(values, context);
    if ("seed" in command.options) context.seed = (values.seed as number | undefined) ?? freshSeed();
    const options = { ...values, ...(context.seed !== undefined && { seed: context.seed }) };
    const result = await command.run(options as Values<Command["options"]>, context);
    const seconds = (performance.now() - started) / 1000;
    context.close();
    const { seed: _seed, ...rest } = values;
    const { seed, warnings } = context;
    if (json) {
      const envelope = { command: path, version, seed, options: rest, result, warnings, timing: { seconds } };
      await stdout.write(`${toJson(envelope)}\n`);
    } else {
      const told = { ...options, ...(seed !== undefined && { seed }) };
      const lines = [
        ...(quiet ? [] : command.print(result, told as Values<Command["options"]>, context)),
        ...warnings.map((warning) => `warning: ${warning}`),
        ...(outputs.written.length > 0 ? [`written: ${outputs.written.join(", ")}`] : []),
      ];
      if (lines.length > 0) await print(`${lines.join("\n")}\n`);
    }
    // A search that was stopped has a result, but not the one that was asked for.
    signal.throwIfAborted();
  } catch (error) {
    throw inWords(error, values, command.options);
  } finally {
    context?.close();
    outputs?.close();
    stdout.release();
  }
}

/** Adds the checkpoint to the message of an interruption. Options have their names of the command line. */
function inWords(error: unknown, { checkpoint }: Record<string, unknown>, settings: Settings): unknown {
  if (error instanceof Interruption && typeof checkpoint === "string" && existsSync(checkpoint))
    error.message = `interrupted; the run is kept in ${checkpoint}, and the same command with --resume goes on with it`;
  else if (error instanceof Error && !isFileError(error)) error.message = withFlags(error.message, settings);
  return error;
}

type Kept = Values<typeof kept>;

/** Opens the checkpoint of a run. Without `--seed`, a resumed run has the seed of its checkpoint. */
async function keep(values: Record<string, unknown>, context: Context): Promise<void> {
  const { checkpoint: path, resume, checkpointEvery = 30 } = values as Partial<Kept>;
  if (path === undefined) return;
  const isThere = existsSync(path);
  if (isThere && !resume)
    throw new InvalidArgumentError(
      `--checkpoint is ${path}, which holds a run already; give --resume to go on with it, or name another file`,
    );
  if (!isThere && resume) context.begunAnew(path);
  const { fileCheckpoint } = await import("@basin/energy-core/run");
  const checkpoint = fileCheckpoint(path);
  context.kept = { checkpoint, checkpointEvery: 1000 * checkpointEvery };
  const seed = (await checkpoint.load())?.run.seed;
  if (typeof seed === "number") values.seed ??= seed;
}

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
