import { ArgumentError, CapabilityError } from "@basin/energy-core";
import { InvalidArgumentError } from "commander";
import type { Settings } from "../command.ts";
import { flagOf, resolveValues, suggestion } from "../options/resolve.ts";
import { entryOf } from "../registry.ts";
import { canonical, hashPath } from "./hash.ts";
import { confined } from "./paths.ts";
import { places, refused, whyRefused } from "./places.ts";
import type { OptionText, Wording } from "./plan.ts";
import type { OptionValue, Study, StudyFile } from "./study.ts";

/** A word that names a data set, not a file. */
const NAME = /^[a-z][a-z0-9-]*$/;

/** Returns the name of a setting on the command line. */
export const flagName = (name: string): string => flagOf(name, "").slice("--".length);

/** Resolves to the options of a command by their names on the command line. */
export async function settingsOf(command: string): Promise<Settings> {
  const loaded = (await entryOf(command)?.load?.())?.default;
  return Object.fromEntries(
    Object.entries(loaded?.options ?? {}).map(([name, setting]) => [flagName(name), setting]),
  );
}

/**
 * Resolves to a study in the form that its command reads. Every name and value is read once, as the command will read
 * it, and every input is looked up.
 *
 * @throws {ArgumentError} that names the file and the mistake in an option.
 */
export async function wordingOf({ study, name: file, folder }: StudyFile): Promise<Wording> {
  const settings = await settingsOf(study.command);
  const sums = new Map<string, string>();
  const kinds = kindsOf(study.command, settings);
  const wording: Wording = {
    text: (name, value) => textOf(value, settings[name].hint === "", settings[name].positional === true),
    inputs: (name, text) =>
      Object.fromEntries(
        pathsOf(name, text, kinds).flatMap((path) =>
          sums.has(path) ? [[path, sums.get(path) as string]] : [],
        ),
      ),
  };
  try {
    checkNames(study, settings, kinds);
    checkSeeds(study, "seed" in settings);
    for (const [name, value] of valuesOf(study)) {
      const text = wording.text(name, value);
      await checkValue(name, text, settings);
      for (const path of pathsOf(name, text, kinds))
        await addSum(path, kinds.sources.has(name), folder, sums);
    }
    return wording;
  } catch (error) {
    if (
      !(
        error instanceof InvalidArgumentError ||
        error instanceof ArgumentError ||
        error instanceof CapabilityError
      )
    )
      throw error;
    throw new ArgumentError(`${file}: ${error.message}`, { cause: error });
  }
}

interface Kinds {
  readonly reads: ReadonlySet<string>;
  readonly sources: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
}

/** Returns the settings of a command that read and write files, by their names on the command line. */
export function kindsOf(command: string, settings: Settings): Kinds {
  const { inputs = [], sources = [], modules = [] } = places[command];
  return {
    reads: new Set([...inputs, ...sources, ...modules].map(flagName)),
    sources: new Set(sources.map(flagName)),
    outputs: new Set(
      Object.keys(settings).filter(
        (name) => settings[name].writes !== undefined && refused[name] === undefined,
      ),
    ),
  };
}

function pathsOf(name: string, text: OptionText, { reads }: Kinds): readonly string[] {
  return reads.has(name) ? ([text].flat() as string[]) : [];
}

async function addSum(
  path: string,
  isSource: boolean,
  folder: string,
  sums: Map<string, string>,
): Promise<void> {
  if (sums.has(path) || (isSource && NAME.test(path))) return;
  sums.set(path, await hashPath(confined(folder, path)));
}

function textOf(value: OptionValue, isFlag: boolean, isPositional: boolean): OptionText {
  if (typeof value === "boolean") return isFlag ? value : String(value);
  if (Array.isArray(value)) return isPositional ? value.map(String) : value.map(String).join(",");
  return typeof value === "object" ? canonical(value) : String(value);
}

function valuesOf(study: Study): (readonly [string, OptionValue])[] {
  const axes = Object.entries(study.grid).flatMap(([name, values]) =>
    values.map((value) => [name, value] as const),
  );
  return [...Object.entries(study.options), ...axes, ...study.list.flatMap((row) => Object.entries(row))];
}

function checkNames(study: Study, settings: Settings, { outputs }: Kinds): void {
  const rows = new Set(study.list.flatMap((row) => Object.keys(row)));
  const sections = [
    Object.keys(study.options),
    Object.keys(study.grid),
    [...rows],
    Object.keys(study.outputs),
  ];
  const seen = new Set<string>();
  for (const name of sections.flat()) {
    if (seen.has(name))
      throw new ArgumentError(`${name} stands in two of options, grid, list and outputs, expected one`);
    seen.add(name);
    if (refused[name] !== undefined)
      throw new ArgumentError(`${name} is not an option of a study: ${refused[name]}`);
    if (settings[name] === undefined)
      throw new ArgumentError(
        `${study.command} has no option ${name}.${suggestion(name, Object.keys(settings))}`,
      );
    const isOutput = name in study.outputs;
    if (outputs.has(name) !== isOutput)
      throw new ArgumentError(
        `${name} ${isOutput ? "writes no file: name it under options or grid" : "writes a file: name it under outputs"}`,
      );
  }
  for (const row of study.list)
    for (const [name, setting] of Object.entries(settings))
      if ((setting.required || setting.positional) && !seen.has(name))
        throw new ArgumentError(`${study.command} needs ${name}`);
      else if (rows.has(name) && (setting.required || setting.positional) && !(name in row))
        throw new ArgumentError(`a row of the list lacks ${name}, which ${study.command} needs`);
}

function checkSeeds({ command, seed, seeds, repeats }: Study, isRandom: boolean): void {
  if (!isRandom && (seed ?? seeds ?? repeats) !== undefined)
    throw new ArgumentError(
      `${command} draws nothing at random, so that seed, seeds and repeats have no meaning`,
    );
  if (isRandom && (seed === undefined) === (seeds === undefined))
    throw new ArgumentError(
      "expected either seed, from which the seeds of all tasks are drawn, or seeds, which are taken as they are",
    );
  if (seeds !== undefined && repeats !== undefined)
    throw new ArgumentError("repeats goes with seed; with seeds there is a repeat for each of them");
}

async function checkValue(name: string, text: OptionText, settings: Settings): Promise<void> {
  const setting = settings[name];
  const why = whyRefused(name, text);
  if (why !== undefined) throw new ArgumentError(`${name} is ${text}: ${why}`);
  if (setting.positional) {
    if (typeof text === "boolean" || (Array.isArray(text) && !setting.hint.includes("...")))
      throw new ArgumentError(`${name} is ${JSON.stringify(text)}, expected one text`);
    return;
  }
  const isFlag = setting.hint === "";
  if ((typeof text === "boolean") !== isFlag)
    throw new ArgumentError(
      `${name} is ${JSON.stringify(text)}, expected ${isFlag ? "true or false" : "a value"}`,
    );
  await resolveValues(
    { [name]: { ...setting, required: false } },
    new Map([[name, [text as string | boolean]]]),
    [],
  );
}
