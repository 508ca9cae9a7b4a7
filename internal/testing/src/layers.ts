import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";

/** For each published package, by the name of its folder, the packages it may stand on. */
export type LayerTable = Readonly<Record<string, readonly string[]>>;

/** Reads the layer table of an ARCHITECTURE.md: the rows "| `@basin/x` | `@basin/y`, … |" after the marker. */
export function readLayers(architecture: string): LayerTable {
  const [, marked = ""] = architecture.split("<!-- layers: read by the layer test -->");
  const rows = marked.matchAll(/^\| `@basin\/([^`]+)` +\|([^|]*)\|$/gm);
  const table = [...rows].map(([, name, below]) => [
    name,
    [...below.matchAll(/`@basin\/([^`]+)`/g)].map(([, to]) => to),
  ]);
  if (table.length === 0) throw new Error("ARCHITECTURE.md has no marked layer table");
  return Object.fromEntries(table);
}

/** Where `@tensorflow/*` may be imported: whoever wants only spins never meets it. */
const tensorFolders = ["energy-core/src/tensor/", "samplers/src/tensor/", "hopfield/src/tensor/", "jem/src/"];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * Returns one sentence for every dependency or import of a workspace that points up or sideways in `table`, reaches
 * into another package by a path, is not declared, or brings tensors where none belong.
 *
 * @param root folder of the workspace, with `packages/*` and `internal/*`
 * @param table as {@link readLayers} gives it
 */
export function layerViolations(root: string, table: LayerTable): string[] {
  const violations: string[] = [];
  for (const manifest of globSync(join(root, "{packages,internal}/*/package.json")).sort()) {
    const folder = dirname(manifest);
    const published = basename(dirname(folder)) === "packages";
    const allowed = published ? table[basename(folder)] : [];
    const where = relative(root, folder);
    if (allowed === undefined)
      violations.push(`${where} has no layer; known: ${Object.keys(table).join(", ")}`);
    else {
      const rules = { root, allowed, published, packages: Object.keys(table) };
      violations.push(...manifestViolations(folder, rules), ...importViolations(folder, rules));
    }
  }
  return violations;
}

interface Rules {
  readonly root: string;
  readonly allowed: readonly string[];
  readonly published: boolean;
  readonly packages: readonly string[];
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

function manifestViolations(folder: string, { root, allowed, published, packages }: Rules): string[] {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = readManifest(folder);
  const where = relative(root, join(folder, "package.json"));
  const shipped = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).filter(
    isOurs,
  );
  const used = Object.keys(devDependencies ?? {}).filter(isOurs);
  return [...shipped, ...used].flatMap((name) => {
    const target = name.slice("@basin/".length);
    if (allowed.includes(target)) return [];
    if (packages.includes(target)) return [`${where} depends on ${name}, which is not below it`];
    return published && shipped.includes(name) ? [`${where} ships a dependency on the private ${name}`] : [];
  });
}

function importViolations(folder: string, { root, allowed, published, packages }: Rules): string[] {
  const { name, dependencies, optionalDependencies, peerDependencies } = readManifest(folder);
  const declared = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  const source = join(folder, "src");
  return globSync(join(source, "**/*.ts"))
    .sort()
    .flatMap((file) =>
      importsOf(readFileSync(file, "utf8")).flatMap((specifier) => {
        const complain = (what: string) => [`${relative(root, file)} imports "${specifier}": ${what}`];
        if (specifier.startsWith(".")) {
          const target = resolve(dirname(file), specifier);
          if (!`${target}/`.startsWith(`${source}/`))
            return complain(`reaches out of ${relative(root, source)}`);
          return target.startsWith(join(source, "tensor/")) && !file.startsWith(join(source, "tensor/"))
            ? complain("only the subpath ./tensor may bring tensors")
            : [];
        }
        const target = packageOf(specifier);
        if (isBuiltin(specifier) || target === name) return [];
        if (isOurs(target) && packages.includes(target.slice(7)) && !allowed.includes(target.slice(7))) {
          return complain("it is not below this package");
        }
        if (published && !declared.includes(target))
          return complain("it is not among the shipped dependencies");
        const tensors = target.startsWith("@tensorflow/") || /^@basin\/[^/]+\/tensor$/.test(specifier);
        const welcome = tensorFolders.some((place) =>
          relative(join(root, "packages"), file).startsWith(place),
        );
        return published && tensors && !welcome
          ? complain("only the subpath ./tensor may bring tensors")
          : [];
      }),
    );
}

const isOurs = (name: string): boolean => name.startsWith("@basin/");

const packageOf = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** Returns the specifiers that a source text imports or re-exports from, statically or by a literal `import()`. */
export function importsOf(source: string): string[] {
  const statements = source.matchAll(/^[ \t]*(?:import|export)\b(?:[^"';]*?\bfrom)?\s*"([^"\n]+)"/gm);
  const calls = source.matchAll(/^(?![ \t]*(?:\*|\/\/|\/\*)).*?\bimport\(\s*"([^"\n]+)"/gm);
  return [...statements, ...calls].map((match) => match[1]);
}
