import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Returns what a module exports, sorted: "name" for a value and "type Name" for a type. Reads the text of the module and
 * of those of the same package that it re-exports from with `export *`.
 */
export function exportedNames(file: string): string[] {
  const source = readFileSync(file, "utf8").replace(/^[ \t]*\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm, "");
  const names = new Set<string>();
  for (const [, path] of source.matchAll(/^export \* from "(\.[^"]+)"/gm)) {
    for (const name of exportedNames(resolve(dirname(file), path))) names.add(name);
  }
  for (const [, name] of source.matchAll(/^export \* as (\w+) from/gm)) names.add(name);
  for (const [, type, list] of source.matchAll(/^export( type)? \{([^}]*)\}/gm)) {
    for (const item of list.split(",").filter((each) => each.trim() !== "")) {
      const [, isType, local, renamed] = /^\s*(type )?\s*(\w+)(?: as (\w+))?\s*$/.exec(item) ?? [];
      names.add(`${type || isType ? "type " : ""}${renamed ?? local}`);
    }
  }
  const declaration =
    /^export (?:declare )?(?:async )?(?:abstract )?(function\*?|class|const|let|interface|type) ?(\w+)/gm;
  for (const [, kind, name] of source.matchAll(declaration)) {
    names.add(kind === "interface" || kind === "type" ? `type ${name}` : name);
  }
  return [...names].sort();
}

/** Returns the public names of a package, a paragraph an entry point, from the sources that its `exports` name. */
export function publicNames(folder: string): string {
  const { name, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entries = Object.entries<Record<string, string>>(exports).filter(
    ([entry]) => entry !== "./package.json",
  );
  const paragraphs = entries.map(([entry, { "@basin/source": source }]) =>
    [name + entry.slice(1), ...exportedNames(join(folder, source)).map((each) => `  ${each}`)].join("\n"),
  );
  return `${paragraphs.join("\n\n")}\n`;
}
