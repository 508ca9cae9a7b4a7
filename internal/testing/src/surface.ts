import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isExportDeclaration, isExportSpecifier } from "typescript/unstable/ast/is";
import {
  API,
  type Checker,
  type Symbol as CompilerSymbol,
  type Project,
  SymbolFlags,
} from "typescript/unstable/sync";
import { readLayers } from "./layers.ts";

/** One name that an entry point exports. */
export interface PublicName {
  readonly name: string;
  /** Whether it names a type only; a class counts as a value even where only `export type *` reaches it. */
  readonly isType: boolean;
  /** What it means, with aliases followed. */
  readonly symbol: CompilerSymbol;
  /** Where it is declared: two names with the same origin mean the same thing. */
  readonly origin: string;
}

/** What one entry point of a package exports. */
export interface Entry {
  /** What is written after `from`. */
  readonly name: string;
  /** Its source. */
  readonly file: string;
  readonly names: readonly PublicName[];
}

/** The entry points of packages, as the compiler sees them. */
export interface Surface extends Disposable {
  readonly entries: readonly Entry[];
  readonly checker: Checker;
}

const repository = resolve(import.meta.dirname, "../../..");

/** The packages of this repository that are published, in the order of their layers. */
export const packages = Object.keys(readLayers(readFileSync(join(repository, "ARCHITECTURE.md"), "utf8")));

/** Returns the surface of all packages of this repository. */
export function readOwnSurface(): Surface {
  const config = join(repository, "internal/testing/surface.tsconfig.json");
  return readSurface(
    config,
    packages.map((name) => join(repository, "packages", name)),
  );
}

/** Returns the source file of every entry point that the `exports` of a package name. */
function entryFiles(folder: string): [entry: string, file: string][] {
  const { name, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries<Record<string, string>>(exports)
    .filter(([entry]) => entry !== "./package.json")
    .map(([entry, { "@basin/source": source }]) => [name + entry.slice(1), join(folder, source)]);
}

/**
 * Returns the entry points of the packages in `folders`, read by the compiler, which follows `export *` of every form.
 * The compiler runs until the surface is disposed of.
 *
 * @param config a tsconfig.json whose program has the sources of these packages
 */
export function readSurface(config: string, folders: readonly string[]): Surface {
  const api = new API();
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
  if (project === undefined) throw new Error(`${config} is not a project`);
  const entries = folders
    .flatMap(entryFiles)
    .map(([name, file]) => ({ name, file, names: namesOf(project, file) }));
  return { entries, checker: project.checker, [Symbol.dispose]: () => api.close() };
}

/** Returns what a module of a project exports, in alphabetical order, values first. */
function namesOf({ program, checker }: Project, file: string): PublicName[] {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is not in the program`);
  const module = checker.getSymbolAtLocation(source);
  if (module === undefined) return []; // it exports nothing
  const names = checker.getExportsOfModule(module).map((exported) => {
    const isAlias = (exported.flags & SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const isType = (symbol.flags & SymbolFlags.Value) === 0 || exportedAsType(exported);
    const origin = symbol.declarations.map(({ path, index }) => `${path}:${index}`).join(" ");
    return { name: exported.name, isType, symbol, origin };
  });
  const key = ({ name, isType }: PublicName) => (isType ? `type ${name}` : name);
  return names.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function exportedAsType(exported: CompilerSymbol): boolean {
  const declaration = exported.declarations[0]?.resolve();
  if (declaration === undefined || !isExportSpecifier(declaration)) return false;
  const statement = declaration.parent.parent;
  return declaration.isTypeOnly || (isExportDeclaration(statement) && statement.isTypeOnly);
}
