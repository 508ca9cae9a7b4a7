import { InvalidArgumentError } from "commander";
import type { Setting, Settings } from "../setting.ts";

/** Every text that was given for a setting; true and false for flags. */
export type Given = ReadonlyMap<string, readonly (string | boolean)[]>;

/** Returns an option as it is written on the command line. */
export function flagOf(name: string, hint: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${hint}`.trim();
}

/**
 * Returns a value for each setting. Errors in given values are reported before missing ones.
 *
 * @throws {InvalidArgumentError} for a value that is empty, given twice, refused by its reader, missing, or without
 * effect because of others.
 */
export async function resolveValues(
  settings: Settings,
  given: Given,
  positionals: readonly unknown[],
): Promise<Record<string, unknown>> {
  const places = Object.keys(settings).filter((name) => settings[name].positional);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const place = places.indexOf(name);
    values[name] =
      place < 0
        ? await readOption(name, setting, given.get(name) ?? [])
        : readWords(setting, positionals[place]);
  }
  for (const [name, setting] of Object.entries(settings))
    if (setting.required && values[name] === undefined)
      throw new InvalidArgumentError(`required option '${flagOf(name, setting.hint)}' is missing`);
  for (const [name, { hint, idle, positional }] of Object.entries(settings)) {
    const why = given.has(name) && !positional ? idle?.(values) : undefined;
    if (why !== undefined)
      throw new InvalidArgumentError(
        `option '${flagOf(name, hint)}' (${given.get(name)}) would have no effect: ${why}`,
      );
  }
  return values;
}

function readWords({ hint }: Setting<unknown>, given: unknown): unknown {
  if ([given].flat().includes("")) throw new InvalidArgumentError(`${hint} is empty`);
  return given;
}

async function readOption(name: string, setting: Setting<unknown>, given: readonly (string | boolean)[]) {
  const flag = flagOf(name, setting.hint);
  if (given.length > 1) {
    const shown = setting.secret ? "" : ` (${given.join(", ")})`;
    throw new InvalidArgumentError(`option '${flag}' is given ${given.length} times${shown}, expected once`);
  }
  const [text] = given;
  if (typeof text !== "string") return text ?? setting.byDefault;
  const refuse = (why: string) =>
    new InvalidArgumentError(`option '${flag}' argument '${text}' is invalid. ${why}`);
  if (text.trim() === "") throw new InvalidArgumentError(`option '${flag}' is empty, expected a value`);
  if (setting.choices && !setting.choices.includes(text))
    throw refuse(`Allowed choices are ${setting.choices.join(", ")}.${suggestion(text, setting.choices)}`);
  try {
    return await setting.read(text);
  } catch (error) {
    throw error instanceof InvalidArgumentError ? refuse(error.message) : error;
  }
}

/** A hint that names an option of the packages and, after it, the flag of the command line. */
const BOTH = /\(\w+: [^()]*?[,;] (--[^()]*)\)/g;

/**
 * Names in camel case are those of the packages. Words that are quoted, part of a path, or followed by ( or = are the
 * user's: warnings show figures of quantities like this.
 */
const NAMES = /"[^"]*"|(?<![\w/.-])([a-z]+(?:[A-Z][a-z]*)+)(?![\w/-]|\.\w| ?[(=])/g;

/** Returns a message in which settings, and goals of `--until`, have their names of the command line. */
export function withFlags(message: string, settings: Settings): string {
  const flag = (name: string) =>
    Object.hasOwn(settings, name) && !settings[name].positional ? flagOf(name, "") : undefined;
  const goals = settings.until?.goals ?? {};
  return message
    .replace(/^([a-z][A-Za-z]*)(?= (is|are|has|must|needs)\b)/, (name) => flag(name) ?? name)
    .replace(BOTH, "($1)")
    .replace(/(?<![\w-])([a-z][A-Za-z]*): "([^"]*)"/g, (all, name, value) =>
      flag(name) === undefined ? all : `${flag(name)} ${value}`,
    )
    .replace(/\buntil\.(\w+)/g, (all, name) => (name in goals ? `${goals[name]} of --until` : all))
    .replace(NAMES, (all, name = "") => goals[name] ?? flag(name) ?? all);
}

/** Returns a suggestion for a mistyped name: the nearest known name, if it is near. */
export function suggestion(text: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(text, name) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest.distance <= Math.max(1, text.length / 3) ? ` Did you mean ${nearest.name}?` : "";
}

/**
 * Returns the least number of insertions, deletions and replacements that turn one text into the other (Levenshtein
 * 1966).
 */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length];
}
