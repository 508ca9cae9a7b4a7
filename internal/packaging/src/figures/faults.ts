import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Block, blocksOf, claimsIn, isCited, numbersIn } from "./claims.ts";
import { type Lookup, lookupIn } from "./entries.ts";

/**
 * Returns what is wrong with the figures of a page, as "LINE: what": a figure without a marker, and a marker whose
 * entry is absent or rounds to another number. A marker is a comment behind the figure, `<!-- figure: FILE#PATH -->`.
 * Above a table, `<!-- figures: FILE#PATH -->` holds for all of its cells, with {row} and {column} for the labels of
 * the cell, or for the comments in these. `<!-- source: … -->`, or an author with a year, covers a paragraph, a row or
 * a table of figures that nobody here measured.
 */
export function figureFaults(markdown: string, repository: string): string[] {
  const lookup = lookupIn(repository);
  const absent = [...markdown.matchAll(/<!-{2} source: (\S+\/\S+\.\w+) -->/g)]
    .filter(([, source]) => !existsSync(join(repository, source)))
    .map(({ 1: source, index }) => `${markdown.slice(0, index).split("\n").length}: there is no ${source}`);
  const wrong = blocksOf(markdown).flatMap((block) => {
    const { line, text, cells, above = "" } = block;
    const template = /<!-{2} figures: (.*) -->/.exec(above)?.[1];
    const cited = isCited(text) || isCited(above);
    const faults =
      cells === undefined
        ? proseFaults(text, cited, lookup)
        : template !== undefined
          ? rowFaults(block, template, lookup)
          : cells.flatMap((cell) => proseFaults(cell, cited, lookup));
    return faults.map((fault) => `${line}: ${fault}`);
  });
  return [...absent, ...wrong];
}

function proseFaults(text: string, cited: boolean, lookup: Lookup): string[] {
  const faults: string[] = [];
  const unmarked: string[] = [];
  let from = 0;
  for (const marker of [...text.matchAll(/<!-{2} figure: (.*?) -->/gs), undefined]) {
    const segment = text.slice(from, marker?.index).replace(/<!-{2}.*?-->/gs, "");
    const claims = claimsIn(segment);
    const numbers = numbersIn(segment);
    const last = numbers.at(-1);
    const own = marker && claims.find(({ start, end }) => last && start <= last.index && last.index < end);
    unmarked.push(
      ...claims.filter((claim) => claim !== own).map(({ start, end }) => segment.slice(start, end)),
    );
    if (marker === undefined) break;
    from = marker.index + marker[0].length;
    const pair = own !== undefined && segment.slice(own.start, own.end).includes("±");
    if (last === undefined) faults.push(`no number stands before ${marker[0]}`);
    else faults.push(...compare(pair ? numbers.slice(-2) : [last], marker[1], lookup));
  }
  if (!cited) faults.push(...unmarked.map((claim) => `"${claim}" has no marker and no source`));
  return faults;
}

function rowFaults({ cells = [], head = [] }: Block, template: string, lookup: Lookup): string[] {
  return cells.flatMap((cell, k) => {
    const numbers = numbersIn(cell);
    if (k === 0 || numbers.length === 0) return [];
    const path = template.replace("{row}", labelOf(cells[0])).replace("{column}", labelOf(head[k]));
    return compare(numbers, path, lookup);
  });
}

/** What a cell is called in a path: the comment in it, or its text without code marks. */
function labelOf(cell: string): string {
  return /<!-{2} (.*) -->/.exec(cell)?.[1] ?? cell.replaceAll("`", "");
}

function compare(shown: ReturnType<typeof numbersIn>, reference: string, lookup: Lookup): string[] {
  let held: readonly number[];
  try {
    held = lookup(reference);
  } catch (error) {
    return [(error as Error).message];
  }
  return shown.flatMap(({ value, half }, k) =>
    Math.abs(value - held[k]) <= half ? [] : [`${value} is ${held[k] ?? "nothing"} in ${reference}`],
  );
}
