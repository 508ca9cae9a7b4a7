/** A piece of code taken from documentation. */
export interface Snippet {
  /** Line of the file at which the code begins, counted from 1. */
  readonly line: number;
  readonly code: string;
  /** Whether it is only to be type-checked: the block is tagged "ts no-run". */
  readonly noRun: boolean;
}

const fence = /^(\s*)(`{3,})(.*)$/;

/** Returns every block of TypeScript (fenced as "ts" or "typescript") in a Markdown text. */
export function markdownSnippets(text: string): Snippet[] {
  return fencedBlocks(text.split("\n"), 1);
}

/** Returns every block of TypeScript under an `@example` tag in the doc comments of a source text. */
export function exampleSnippets(source: string): Snippet[] {
  const snippets: Snippet[] = [];
  for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const firstLine = source.slice(0, comment.index).split("\n").length;
    const lines = comment[0].split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    const start = lines.findIndex((line) => /^(\/\*\*)?\s*@example\b/.test(line));
    if (start >= 0) snippets.push(...fencedBlocks(lines.slice(start), firstLine + start));
  }
  return snippets;
}

function fencedBlocks(lines: readonly string[], firstLine: number): Snippet[] {
  const snippets: Snippet[] = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = fence.exec(lines[at]);
    if (!opening) continue;
    const [, indent, ticks, info] = opening;
    const start = at + 1;
    do at++;
    while (at < lines.length && !closes(lines[at], ticks));
    if (at === lines.length)
      throw new Error(`the code block of line ${firstLine + start - 1} is never closed`);
    const [language, ...tags] = info.trim().split(/\s+/);
    if (language !== "ts" && language !== "typescript") continue;
    const code = lines
      .slice(start, at)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    snippets.push({ line: firstLine + start, code: code.join("\n"), noRun: tags.includes("no-run") });
  }
  return snippets;
}

function closes(line: string, ticks: string): boolean {
  const trimmed = line.trim();
  return trimmed.startsWith(ticks) && /^`+$/.test(trimmed);
}
