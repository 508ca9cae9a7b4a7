/** A stretch of Markdown that one citation can cover: a paragraph, an item of a list, or a row of a table. */
export interface Block {
  /** Line of the file at which it begins, counted from 1. */
  readonly line: number;
  /** Its text, without code. */
  readonly text: string;
  /** The cells of a row. */
  readonly cells?: readonly string[];
  /** The cells of the row at the head of its table. */
  readonly head?: readonly string[];
  /** The comment above its table. */
  readonly above?: string;
}

/** Digits, in groups of three or not, with places and a power of ten. */
const number = String.raw`[-−]?\d+(?: \d{3})*(?:\.\d+)?(?:e[-−]?\d+)?`;
const word =
  "(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|dozens of|hundreds of|thousands of)";
const amount = `(?:${number}|\\b${word})`;
const time = "(?:ns|µs|ms|s|min|seconds?|minutes?|hours?)";
const size = "(?:bytes|kB|MB|GB|kilobytes?|megabytes?|gigabytes?)";

/**
 * What makes a number a figure: a unit of speed, size, ratio or quality, an error, or three places behind the point.
 */
const kinds: readonly RegExp[] = [
  new RegExp(`${amount}[  ]?(?:${time}|${size})(?![\\w(/-])`, "g"),
  new RegExp(`${number}[  ]?%`, "g"),
  new RegExp(`${amount} times (?:as|the|faster|slower|more|less|fewer|smaller|larger)\\b`, "g"),
  new RegExp(`${amount} (?:\\w+ )?(?:a|per) (?:nano|milli)?second\\b`, "g"),
  new RegExp(`${number} \\w+/(?:ns|s)\\b`, "g"),
  new RegExp(`${number} ± ${number}`, "g"),
  new RegExp(`${number} nats\\b`, "g"),
  /\b(?:AUROC|KL|ECE|ESS|accuracy|overlap|error|likelihood)[^.|\d]{0,30}\d+\.\d+/g,
  /-?\d+\.\d{3,}/g,
];

/** Where figures stand in a text, in order, those that overlap joined. */
export function claimsIn(text: string): { readonly start: number; readonly end: number }[] {
  const bare = blank(text, /<!-{2}.*?-->/gs);
  const found = kinds.flatMap((kind) =>
    [...bare.matchAll(kind)].map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
  );
  found.sort((a, b) => a.start - b.start);
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of found) {
    const last = joined.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

/** The numbers of a text, in order, each with the error of its last place. A number before "%" is a hundredth. */
export function numbersIn(text: string): { value: number; half: number; index: number; end: number }[] {
  return [...text.matchAll(new RegExp(`(${number})([  ]?%)?`, "g"))].map((match) => {
    const digits = match[1].replaceAll("−", "-").replaceAll(" ", "");
    const [mantissa, power = "0"] = digits.split("e");
    const places = mantissa.includes(".") ? mantissa.length - mantissa.indexOf(".") - 1 : 0;
    const unit = match[2] === undefined ? 1 : 0.01;
    return {
      value: Number(digits) * unit,
      half: 0.5 * unit * 10 ** (Number(power) - places) * (1 + 1e-9),
      index: match.index,
      end: match.index + match[0].length,
    };
  });
}

/** Whether a text names who found its figures: "Liu et al. 2020", or a comment `source:`. */
export function isCited(text: string): boolean {
  return (
    /<!-{2} source: [^>]+ -->/.test(text) ||
    /\p{Lu}[\p{L}’'–-]+(?: et al\.| & [\p{L}-]+)?,? \(?(?:19|20)\d\d\b/u.test(text)
  );
}

/** The blocks of a Markdown text. Code is blanked, except in comments. */
export function blocksOf(markdown: string): Block[] {
  const unfenced = blank(markdown, /^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2`*$/gm);
  const labels = unfenced.split("\n");
  const bare = blank(unfenced, /(?<!<!-{2}[^>]*)`[^`\n]+`/g);
  const blocks: Block[] = [];
  let open: { line: number; text: string } | undefined;
  let above = "";
  let head: string[] | undefined;
  const close = () => {
    if (open !== undefined) blocks.push(open);
    open = undefined;
  };
  for (const [k, text] of bare.split("\n").entries()) {
    const line = k + 1;
    if (text.startsWith("|")) {
      close();
      const [label, ...others] = cellsOf(labels[k]);
      const cells = [label, ...cellsOf(text).slice(1)];
      if (head === undefined) head = [label, ...others];
      else if (!/^[|: -]+$/.test(text)) blocks.push({ line, text, cells, head, above });
      continue;
    }
    if (head !== undefined) above = "";
    head = undefined;
    if (/^<!-- (?:figures|source): .*-->$/.test(text)) above = text;
    else if (/^\s*$/.test(text)) close();
    else if (open === undefined || /^\s*(?:[-*]|\d+\.|#+) /.test(text)) {
      close();
      open = { line, text };
      above = "";
    } else open.text += `\n${text}`;
  }
  close();
  return blocks;
}

/** The cells of a row of a table, in which "\|" is a bar. */
function cellsOf(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** The text with spaces where the pattern matches, so that lines and places stay. */
function blank(text: string, pattern: RegExp): string {
  return text.replace(pattern, (found) => found.replace(/[^\n]/g, " "));
}
