import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Returns the figures of an entry: a number, or the mean and its error, or the median of some. */
export type Lookup = (reference: string) => readonly number[];

/**
 * Returns the figures that a reference "FILE#PATH" names. The steps of the path, separated by "/", go into what the
 * command printed: a key of an object, an index of a list, or words, separated by ";", each of which is the text of a
 * property of the element, or part of one. The last step may be two, with "±" between them. Throws if the file or the
 * entry is not there, or if not exactly one element fits.
 */
export function lookupIn(repository: string): Lookup {
  const files = new Map<string, unknown>();
  return (reference) => {
    const [file, path] = reference.split("#");
    if (path === undefined) throw new Error(`"${reference}" has no "#", expected FILE#PATH`);
    if (!files.has(file)) files.set(file, read(join(repository, file), file));
    const steps = path.split("/");
    const names = steps.pop()!.split("±");
    const found = steps.reduce((at, step) => take(at, step, reference), files.get(file));
    return names.flatMap((name) => figuresOf(take(found, name, reference), reference));
  };
}

function read(path: string, file: string): unknown {
  if (!existsSync(path)) throw new Error(`there is no ${file}`);
  const { command, date, output } = JSON.parse(readFileSync(path, "utf8"));
  if ([command, date, output].includes(undefined))
    throw new Error(
      `${file} is not written by \`pnpm figures\`: it lacks its command, its date or its output`,
    );
  return output;
}

function take(at: unknown, step: string, reference: string): unknown {
  if (Array.isArray(at) && !/^\d+$/.test(step)) return only(at, step, reference);
  const found = (at as Record<string, unknown> | undefined)?.[step];
  if (found === undefined) throw new Error(`there is no "${step}" in ${reference}`);
  return found;
}

function only(list: readonly unknown[], step: string, reference: string): unknown {
  const words = step.split(";");
  const texts = list.map((element) => Object.values(element as object).map(String));
  const fitting = (fits: (text: string, word: string) => boolean) =>
    list.filter((_, k) => words.every((word) => texts[k].some((text) => fits(text, word))));
  const equal = fitting((text, word) => text === word);
  const found = equal.length > 0 ? equal : fitting((text, word) => text.includes(word));
  if (found.length !== 1)
    throw new Error(`${found.length} elements are "${step}" in ${reference}, expected one`);
  return found[0];
}

function figuresOf(entry: unknown, reference: string): readonly number[] {
  if (typeof entry === "number") return [entry];
  const { mean, standardError, median, ratio } = entry as Record<string, number | undefined>;
  if (mean !== undefined) return standardError === undefined ? [mean] : [mean, standardError];
  const single = median ?? ratio;
  if (single === undefined) throw new Error(`${reference} is no figure`);
  return [single];
}
