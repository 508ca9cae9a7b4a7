import type { ProblemFile } from "@basin/ising";
import { isingNames } from "@basin/ising/names";
import type { Values } from "../command.ts";
import { readBytes } from "../files/read.ts";
import { number } from "./readers.ts";
import { choice, either, flag, value } from "./settings.ts";

/** Options that say how a problem file is read. */
export const problem = {
  format: choice(
    "format of the file; auto recognizes it by its contents",
    ["auto", ...isingNames.format],
    "auto",
  ),
  kind: choice(
    "meaning of weighted pairs: edges to cut, terms over bits or terms over spins",
    isingNames.kind,
  ),
  maximize: flag("maximize the sum in the file; the energy is minus the sum"),
  offset: value("<number>", "added to the file's sum", number(), 0),
  heading: either("an edge list begins with a heading", "an edge list begins with an edge"),
};

/** Reads a problem. @throws {BasinError} that begins with the name of the file. */
export async function readProblem(file: string, options: Values<typeof problem>): Promise<ProblemFile> {
  const { BasinError } = await import("@basin/energy-core");
  const { parseProblem } = await import("@basin/ising");
  const { format, kind, maximize, offset, heading } = options;
  const bytes = readBytes(file);
  try {
    return await parseProblem(bytes, { file, format, kind, maximize, offset, heading });
  } catch (error) {
    if (error instanceof BasinError) error.message = `${file}, ${error.message}`;
    throw error;
  }
}
