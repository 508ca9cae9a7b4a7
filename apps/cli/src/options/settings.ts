import { InvalidArgumentError } from "commander";
import type { Place, Setting } from "../setting.ts";
import { duration, integer, type Reader, words } from "./readers.ts";
import { flagOf } from "./resolve.ts";

/**
 * Returns an option with a value. Without a default, the value may be undefined, and the summary says what that means.
 */
export function value<T>(hint: string, summary: string, read: Reader<T>, byDefault: T): Setting<T>;
export function value<T>(hint: string, summary: string, read: Reader<T>): Setting<T | undefined>;
export function value<T>(hint: string, summary: string, read: Reader<T>, byDefault?: T): Setting<T> {
  return { hint, summary, read, byDefault };
}

/** Returns an option with a text. */
export function text(hint: string, summary: string): Setting<string | undefined>;
export function text(hint: string, summary: string, byDefault: string): Setting<string>;
export function text(hint: string, summary: string, byDefault?: string): Setting<string | undefined> {
  return { hint, summary, read: (given) => given, byDefault };
}

/**
 * Returns an option that names a place to write to. `endings` are the allowed extensions, if the extension decides the
 * format.
 */
export function output(
  hint: string,
  summary: string,
  kind: Place["kind"] = "file",
  endings?: readonly string[],
): Setting<string | undefined> {
  return {
    ...text(hint, summary),
    read(path) {
      if (endings === undefined || endings.some((ending) => path.toLowerCase().endsWith(ending))) return path;
      throw new InvalidArgumentError(`Expected a name that ends in ${endings.join(" or ")}.`);
    },
    writes: (path) => [{ path, kind }],
  };
}

/** Returns an option whose value is one of some names, which help lists. */
export function choice<const N extends string>(
  summary: string,
  names: readonly N[],
  byDefault: N,
): Setting<N>;
export function choice<const N extends string>(summary: string, names: readonly N[]): Setting<N | undefined>;
export function choice<const N extends string>(summary: string, names: readonly N[], byDefault?: N) {
  return { hint: "<name>", summary, choices: names, read: (given: string) => given as N, byDefault };
}

/** Returns an option without a value. */
export function flag(summary: string): Setting<boolean> {
  return { hint: "", summary, read: () => true, byDefault: false };
}

/** Returns a flag that may be set, unset by `--no-…`, or left out. */
export function either(summary: string, negation: string): Setting<boolean | undefined> {
  return { hint: "", summary, negation, read: () => true };
}

/** Returns a setting that is refused if it would have no effect; `idle` says why. */
export function unless<T>(setting: Setting<T>, idle: NonNullable<Setting<T>["idle"]>): Setting<T> {
  return { ...setting, idle };
}

/** Returns a setting that is refused without another. */
export function onlyWith<T>(name: string, setting: Setting<T>): Setting<T> {
  return unless(setting, (values) =>
    values[name] === undefined || values[name] === false ? `it goes with ${flagOf(name, "")}` : undefined,
  );
}

/** Returns a setting that must be given. */
export function required<T>(setting: Setting<T>): Setting<Exclude<T, undefined>> {
  return { ...setting, required: true } as unknown as Setting<Exclude<T, undefined>>;
}

/** Returns a positional argument; `<names...>` takes several words. */
export function word(hint: `<${string}...>`, summary: string): Setting<string[]>;
export function word(hint: `<${string}>`, summary: string): Setting<string>;
export function word(hint: string, summary: string): Setting<never> {
  return { hint, summary, positional: true, read: (given) => given as never };
}

/** The options of every command. */
export const common = {
  json: flag("print one JSON object"),
  quiet: flag("show no progress and print no text; warnings and what is written stay"),
  config: text(
    "<file>",
    "take options from a YAML or JSON file with the same names; those given here come first",
  ),
};

/** `--seed`. A run without it draws a seed and reports it. */
export const seed: Setting<number> = value(
  "<integer>",
  "seed of all randomness; picked and reported if absent",
  integer(0),
) as Setting<number>;

/** `--workers`. */
export const workers = value("<integer>", "threads; the figures do not depend on them", integer(1, 1024), 1);

/** `--checkpoint` and `--resume`. */
export const kept = {
  checkpoint: output("<file>", "save the run there, to resume it after an interruption", "run"),
  resume: onlyWith("checkpoint", flag("resume the saved run")),
  checkpointEvery: onlyWith("checkpoint", value("<duration>", "time between checkpoints", duration, 30)),
};

/** `--time`, in seconds. */
export const time = value("<duration>", "time to spend, such as 10s, 2m or 500ms", duration);

/** `--png`. */
export const png = (what: string): Setting<string | undefined> =>
  output("<file>", `write a picture: ${what}`);

/** `--plot`: a chart, in the format of the extension of its file. */
export const plot = (what: string): Setting<string | undefined> => {
  const file = output("<file>", `write a chart as .svg or .png: ${what}`, "file", [".svg", ".png"]);
  const read = async (path: string) => {
    const name = await file.read(path);
    // A missing rasterizer is reported before the work, not after it.
    if (/\.png$/i.test(path)) await (await import("../charts/raster.ts")).loadRaster();
    return name;
  };
  return { ...file, read };
};

/** `--mask`: the unknown part of an image. */
export const mask = (summary: string, byDefault?: string): Setting<string | undefined> =>
  text(
    "<how>",
    `${summary}: lower, upper, left, right, a SHARE from below, or crop:SHARE around a window`,
    byDefault as string,
  );

/** Returns an option of names separated by commas. */
export const names = (summary: string, byDefault: readonly string[]): Setting<readonly string[]> =>
  value("<names>", `${summary}; separated by commas`, words, byDefault);
