import type { Matrix } from "@basin/energy-core";
import type { DenseMemory, HopfieldMemory, MemoryName, Normalization } from "@basin/hopfield";
import { type Command, Option } from "commander";
import { integer, number } from "../../options.ts";
import type { PatternOptions } from "./patterns.ts";

/** Options that say what is stored and how. */
export interface MemoryOptions extends PatternOptions {
  rule: string;
  normalization: Normalization;
}

/** Adds the options that say what is stored and how. */
export function withMemory(command: Command): Command {
  return command
    .option(
      "--patterns <source>",
      "mnist, a folder of images, or an .idx, .npy, .csv or .png file (default: random)",
    )
    .option("--count <integer>", "patterns to store", integer(1, 100_000), 10)
    .option("--neurons <integer>", "neurons of random patterns", integer(2, 1_000_000), 400)
    .option(
      "--threshold <number>",
      "values above it become +1 (default: the middle of the data type)",
      number(),
    )
    .option(
      "--rule <name>",
      "hebbian, pseudo-inverse, storkey, perceptron, unlearning, covariance, polynomial:ORDER or exponential",
      "hebbian",
    )
    .option("--normalization <name>", "patterns (1/P) or neurons (1/N)", "patterns");
}

/** Returns the memory of the patterns by the rule that was named. */
export async function buildMemory(
  patterns: Matrix<Int8Array>,
  { rule, normalization }: MemoryOptions,
): Promise<HopfieldMemory | DenseMemory> {
  const { memoryOf } = await import("@basin/hopfield");
  return memoryOf(patterns, rule as MemoryName, { normalization });
}

/** The option `--workers`. */
export function workersOption(): Option {
  return new Option("--workers <integer>", "threads; the figures are the same with any number, to the bit")
    .argParser(integer(1, 1024))
    .default(1);
}
