import type { Draws, StateArray } from "@basin/samplers";
import type { Context } from "../context.ts";
import { onlyWith, output, value } from "../options/settings.ts";
import type { DrawSummary } from "./summary.ts";

/** `--html` and its options. */
export const htmlSettings = {
  html: output("<file>", "write a report with plots as one HTML file that needs nothing beside it"),
  quantities: onlyWith(
    "html",
    value(
      "<names>",
      "quantities to plot, such as mu,theta[0] (default: the six of greatest R-hat)",
      (text: string): string[] => text.match(/(\[[^\]]*\]|[^,])+/g) ?? [],
    ),
  ),
};

/** Number of quantities with plots if none are named. */
const PLOTTED = 6;

/**
 * Writes the report of draws if a file is named. Unknown names of quantities give a warning instead of an error,
 * because the draws have been made.
 */
export async function writeHtml(
  draws: Draws<StateArray>,
  found: DrawSummary,
  { html, quantities }: { readonly html?: string; readonly quantities?: readonly string[] },
  context: Context,
): Promise<void> {
  if (html === undefined) return;
  const missing = unknownQuantity(draws, quantities);
  if (missing !== undefined) context.warn(`${missing}; the report plots those of greatest R-hat`);
  const plotted = missing === undefined ? quantities : undefined;
  // Only runs with charts need their libraries.
  const { drawReport } = await import("./report.ts");
  await context.write(html, drawReport(draws, found, plotted ?? worst(found), context.warnings));
}

/**
 * Returns the names of greatest R-hat, or of least effective sample size if there is one chain, in their order in the
 * summary.
 */
function worst({ summary }: DrawSummary): string[] {
  const badness = (name: string) => summary[name].rHat || 1 / summary[name].essBulk || 0;
  const names = Object.keys(summary);
  const chosen = new Set(names.toSorted((a, b) => badness(b) - badness(a)).slice(0, PLOTTED));
  return names.filter((name) => chosen.has(name));
}

/** Returns a text that names the first unknown quantity; undefined if all are known. */
export function unknownQuantity(
  { names }: Draws<StateArray>,
  given: readonly string[] = [],
): string | undefined {
  const missing = given.find((name) => !names.includes(name));
  if (missing === undefined) return undefined;
  const known = `${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""}`;
  return `--quantities names ${missing}, which is not among the quantities: ${known}`;
}
