import { readFileSync } from "node:fs";
import type { ParseProblemOptions, ProblemFile, ProblemFormat, ProblemKind } from "@basin/ising";
import type { Command } from "commander";
import { jsonOption, nameOption, number } from "../../options.ts";

/** The options that say what a problem file means. */
export interface ProblemOptions {
  format: ProblemFormat | "auto";
  kind?: ProblemKind;
  maximize: boolean;
  offset: number;
  heading?: boolean;
  json: boolean;
}

// The package has these lists too, but a command line that only prints its help does not load packages.
const FORMATS: Record<ProblemFormat | "auto", true> = {
  auto: true,
  gset: true,
  dimacs: true,
  "matrix-market": true,
  "edge-list": true,
  graphml: true,
  "node-link": true,
  qubo: true,
  coo: true,
  bqm: true,
  "dimod-file": true,
  bqpjson: true,
  qplib: true,
};
const KINDS: Record<ProblemKind, true> = { "max-cut": true, qubo: true, ising: true };

/** Adds the options that say what a problem file means, and `--json`. */
export function withProblem(command: Command): Command {
  return command
    .addOption(
      nameOption("--format <name>", "format of the file; auto goes by what it holds", FORMATS, "auto"),
    )
    .addOption(
      nameOption(
        "--kind <name>",
        "what weighted pairs are: edges to cut, terms over bits or terms over spins",
        KINDS,
      ),
    )
    .option("--maximize", "the file's sum is to be as large as possible; the energy is minus it", false)
    .option("--offset <number>", "added to the file's sum", number(), 0)
    .option("--heading", "an edge list begins with a heading")
    .option("--no-heading", "an edge list begins with an edge")
    .addOption(jsonOption());
}

/** Reads a problem. @throws {BasinError} that begins with the name of the file. */
export async function readProblem(file: string, options: ProblemOptions): Promise<ProblemFile> {
  const [{ BasinError }, { parseProblem }] = await Promise.all([
    import("@basin/energy-core"),
    import("@basin/ising"),
  ]);
  const { format, kind, maximize, offset, heading } = options;
  const asked: ParseProblemOptions = { file, format, kind, maximize, offset, heading };
  const bytes = readFileSync(file);
  try {
    return await parseProblem(bytes, asked);
  } catch (error) {
    if (error instanceof BasinError) error.message = `${file}, ${error.message}`;
    throw error;
  }
}
