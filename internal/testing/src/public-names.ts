import type { Entry, Surface } from "./surface.ts";

/** Returns the names of entry points as text: a paragraph an entry, "name" for a value and "type Name" for a type. */
export function nameLists(entries: readonly Entry[]): string {
  const paragraphs = entries.map(({ name, names }) =>
    [name, ...names.map(({ name, isType }) => `  ${isType ? "type " : ""}${name}`)].join("\n"),
  );
  return `${paragraphs.join("\n\n")}\n`;
}

/** How many different names a surface has, and which of them have several meanings. */
export interface NameCount {
  readonly values: number;
  readonly types: number;
  /** How many of the types are called `…Options`. */
  readonly options: number;
  /** One line a name that means different things, with the entries of each meaning. */
  readonly collisions: readonly string[];
}

/** Returns how many different names all public entries have together; what is behind `/internal` is not public. */
export function countNames({ entries }: Pick<Surface, "entries">): NameCount {
  const meanings = new Map<string, { isType: boolean; origins: Map<string, string[]> }>();
  for (const entry of entries.filter(({ name }) => !name.endsWith("/internal"))) {
    for (const { name, isType, origin } of entry.names) {
      const known = meanings.get(name);
      const origins = known?.origins ?? new Map<string, string[]>();
      if (known === undefined) meanings.set(name, { isType, origins });
      origins.set(origin, [...(origins.get(origin) ?? []), entry.name]);
    }
  }
  const types = [...meanings].filter(([, { isType }]) => isType);
  return {
    values: meanings.size - types.length,
    types: types.length,
    options: types.filter(([name]) => name.endsWith("Options")).length,
    collisions: [...meanings]
      .filter(([, { origins }]) => origins.size > 1)
      .map(
        ([name, { origins }]) => `${name}: ${[...origins.values()].map((at) => at.join(" = ")).join(", ")}`,
      )
      .sort(),
  };
}
