import { estimateOf } from "../output.ts";
import { leavesOf } from "./record.ts";

/** The most figures in a table. */
const MOST_FIGURES = 5;

/** A number with its error; NaN without one. */
export interface Figure {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * Returns the paths of the figures that represent a result: its first estimates and numbers, except its options. Deeply
 * nested ones come last.
 */
export function figuresOf(result: unknown, optionNames: readonly string[]): string[] {
  const paths = [...leavesOf(result)].flatMap(([path, leaf]) => {
    const name = path.endsWith(".mean") ? path.slice(0, -".mean".length) : path;
    const keys = name.split(".");
    const isPartOfOne = /^(standardError|effectiveSampleSize|autocorrelationTime|\d+)$/;
    if (typeof leaf !== "number" || keys.some((key) => isPartOfOne.test(key))) return [];
    return optionNames.includes(keys[keys.length - 1]) ? [] : [name];
  });
  const depth = (path: string) => path.split(".").length;
  return [...new Set(paths)].sort((a, b) => depth(a) - depth(b)).slice(0, MOST_FIGURES);
}

/** Returns the number or estimate at a path of a result; NaN if there is neither. */
export function figureOf(result: unknown, path: string): Figure {
  let at = result;
  for (const key of path.split("."))
    at =
      at !== null && typeof at === "object" && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined;
  if (typeof at === "number") return { mean: at, standardError: Number.NaN };
  const { mean, standardError } = (at ?? {}) as Partial<Figure>;
  return typeof mean === "number"
    ? { mean, standardError: typeof standardError === "number" ? standardError : Number.NaN }
    : { mean: Number.NaN, standardError: Number.NaN };
}

/** Returns the mean over repeats with its error; the figure itself for one repeat. */
export function averageOf(repeats: readonly Figure[]): Figure {
  const there = repeats.filter(({ mean }) => !Number.isNaN(mean));
  return there.length === 1 ? there[0] : estimateOf(there.map(({ mean }) => mean));
}
