import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { BasinError } from "@basin/energy-core";
import { InvalidArgumentError } from "commander";
import type { Values } from "../command.ts";
import { Context } from "../context.ts";
import { makeFolder } from "../files/folder.ts";
import { Outputs } from "../files/outputs.ts";
import { resolveValues } from "../options/resolve.ts";
import { toJson } from "../output.ts";
import { commands } from "../table.ts";
import { version } from "../version.ts";
import { places } from "./places.ts";
import type { Task } from "./plan.ts";
import type { Outcome, TaskCall, WrittenFile } from "./task-call.ts";
import { flagName } from "./wording.ts";

// The output of a user's module is not a result.
if (!isMainThread)
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

/** Runs one task. Failures are returned, not thrown, so that they differ from the death of the thread. */
export async function runTask(call: TaskCall): Promise<Outcome> {
  const started = performance.now();
  try {
    const record = await recordOf(call);
    return { record, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    const isFinal = error instanceof BasinError || error instanceof InvalidArgumentError;
    return { cause: error instanceof Error ? error.message : String(error), isFinal };
  }
}

async function recordOf(call: TaskCall): Promise<string> {
  const { task, outputs } = call;
  const command = (await commands[task.command].load?.())?.default;
  if (command === undefined) throw new BasinError(`the command "${task.command}" is not known`);
  const texts = textsOf(call);
  const names = Object.keys(command.options);
  const positionals = names.filter((name) => command.options[name].positional).map((name) => texts.get(name));
  const given = new Map([...texts].map(([name, text]) => [name, [text as string | boolean]]));
  if (task.seed !== undefined) given.set("seed", [String(task.seed)]);
  for (const name of names) if (command.options[name].positional) given.delete(name);
  if (Object.keys(task.outputs).length > 0) makeFolder(outputs);
  const values = await resolveValues(command.options, given, positionals);
  const written = new Outputs(command.options, values, true, { write: async () => {} });
  const context = new Context({
    ...{ outputs: written, signal: new AbortController().signal, json: true, quiet: true, commands },
    settings: command.options,
    isGiven: (name) => given.has(name),
    say: () => {},
  });
  context.seed = task.seed;
  try {
    const result = await command.run(values as Values<typeof command.options>, context);
    const { warnings } = context;
    const found = JSON.parse(toJson({ version, result, warnings })) as Record<string, unknown>;
    const record = JSON.stringify({ ...withoutTimes(found), files: filesOf(outputs, task) });
    // The folders of this machine are not part of the result.
    return [call.inputs, call.modules, outputs].reduce(
      (text, folder) => text.replaceAll(JSON.stringify(`${folder}/`).slice(1, -1), ""),
      record,
    );
  } finally {
    context.close();
    written.close();
  }
}

/** Returns the text of each setting, with the paths of this machine. */
function textsOf({
  task,
  inputs,
  modules,
  outputs,
}: TaskCall): Map<string, string | boolean | readonly string[]> {
  const { modules: moduleNames = [] } = places[task.command];
  const ofModules = new Set(moduleNames.map(flagName));
  const texts = new Map<string, string | boolean | readonly string[]>();
  for (const [name, text] of Object.entries(task.options)) {
    const place = (path: string) =>
      path in task.inputs ? join(ofModules.has(name) ? modules : inputs, path) : path;
    texts.set(
      camel(name),
      typeof text === "string" ? place(text) : typeof text === "boolean" ? text : text.map(place),
    );
  }
  for (const [name, file] of Object.entries(task.outputs)) texts.set(camel(name), join(outputs, file));
  return texts;
}

const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Keys of values that a clock measured. They differ from run to run. */
const MEASURED = /^(performance|timing)$|seconds$|per(nano)?second$/i;

function withoutTimes<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutTimes) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => !MEASURED.test(key));
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutTimes(entry)])) as T;
}

/** Returns the files that a task wrote. Those of a folder have their paths below it. */
function filesOf(folder: string, { outputs }: Task): WrittenFile[] {
  return Object.values(outputs).flatMap((name) => {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (!found.isDirectory()) return [fileOf(path, name)];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => fileOf(file, file.slice(folder.length + 1)));
  });
}

function fileOf(path: string, name: string): WrittenFile {
  const bytes = readFileSync(path);
  return { name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}
