import type { PropertyName } from "./property-names.ts";

/** One word of the vocabulary. */
export interface VocabularyEntry {
  readonly word: string;
  readonly meaning: string;
  readonly unit: string;
  /** What the thing must not be called. */
  readonly banned: readonly string[];
}

/** What docs/vocabulary.md says. */
export interface Vocabulary {
  readonly entries: readonly VocabularyEntry[];
  /** Words of one package, by the name of its folder. */
  readonly own: Readonly<Record<string, readonly string[]>>;
}

const LISTS = /(<!-- lists: [^\n]*-->\n)[\s\S]*$/;

/** Reads the table and the lists of a vocabulary page. */
export function readVocabulary(page: string): Vocabulary {
  const [table, lists = ""] = page.split("## Words of one package");
  const rows = [...table.matchAll(/^\| `(\w+)` +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)];
  const entries = rows.map(([, word, meaning, unit, banned]) => ({
    word,
    meaning: meaning.trim(),
    unit: unit.trim(),
    banned: [...banned.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  }));
  const paragraphs = [...lists.matchAll(/^\*\*([\w-]+)\*\*: ([^*]+?)\.$/gm)];
  const own = paragraphs.map(([, folder, names]) => [
    folder,
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  ]);
  return { entries, own: Object.fromEntries(own) };
}

/** Returns the page with its lists written anew: the names of one package that have no entry. */
export function writeLists(page: string, names: readonly PropertyName[]): string {
  const entries = new Set(readVocabulary(page).entries.map(({ word }) => word));
  const folders = [...new Set(names.flatMap(({ packages }) => packages))].sort();
  const paragraphs = folders.map((folder) => {
    const own = names.filter(
      ({ name, packages }) => packages.length === 1 && packages[0] === folder && !entries.has(name),
    );
    return wrapped(`**${folder}**: ${own.map(({ name }) => `\`${name}\``).join(", ")}.`);
  });
  return page.replace(LISTS, (_, marker) => `${marker}\n${paragraphs.join("\n\n")}\n`);
}

/**
 * Returns one sentence for every name that the vocabulary forbids or lacks, and for every word that says nothing or
 * what another says.
 */
export function vocabularyFaults(
  { entries, own }: Vocabulary,
  names: readonly PropertyName[],
): readonly string[] {
  const words = new Map(entries.map((entry) => [entry.word, entry]));
  const banned = new Map(entries.flatMap((entry) => entry.banned.map((name) => [name, entry.word] as const)));
  const faults = names.flatMap(({ name, packages, owner }) => {
    const instead = banned.get(name);
    if (instead !== undefined) return [`${owner} says ${name}, which is called ${instead}`];
    if (/^((maximum|largest|most|limit)(?=[A-Z])|(maximum|limit)$)/.test(name))
      return [`${owner} says ${name}; a bound begins with max`];
    if (words.has(name) || (packages.length === 1 && own[packages[0]]?.includes(name))) return [];
    return [`${owner} says ${name}, which docs/vocabulary.md lacks (in use in ${packages.join(", ")})`];
  });
  const meanings = new Map<string, string>();
  for (const { word, meaning, unit } of entries) {
    if (meaning === "" || unit === "") faults.push(`${word} has no meaning or no unit`);
    const twin = meanings.get(meaning);
    if (twin !== undefined) faults.push(`${word} and ${twin} mean the same`);
    meanings.set(meaning, word);
    if (banned.has(word)) faults.push(`${word} is an entry and banned by ${banned.get(word)}`);
  }
  const used = new Set(names.map(({ name }) => name));
  for (const word of [...words.keys(), ...Object.values(own).flat()])
    if (!used.has(word)) faults.push(`${word} is in docs/vocabulary.md, but no type has it`);
  return faults;
}

/** Returns text in lines of at most 120 characters. */
function wrapped(text: string): string {
  return text.replace(/(.{1,120})(?: |$)/g, "$1\n").trimEnd();
}
