import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { markdownSnippets } from "@basin/testing/markdown";
import { build, type Rolldown } from "vite";
import { emptyProject, npm } from "./npm.ts";
import { run } from "./run.ts";
import { closure, effectEntries, type Tarball } from "./tarball.ts";

export const compiler = join(
  dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
  "bin/tsc",
);

/** An empty npm project into which one package was installed by the command of its README. */
export interface Consumer {
  readonly folder: string;
  readonly tarball: Tarball;
  readonly readme: string;
  /** Entry points that can be loaded here: without tfjs, not those for tensors. */
  readonly entries: readonly string[];
  readonly hasTensors: boolean;
}

/** Installs a package as its README says, its tarball and those it needs in place of their names. */
export async function install(
  tarball: Tarball,
  all: readonly Tarball[],
  folder: string,
  installer: "npm" | "pnpm" = "npm",
): Promise<Consumer> {
  const readme = readFileSync(join(tarball.unpacked, "README.md"), "utf8");
  const command = /^npm (?:install|i) (.+)$/m.exec(readme);
  if (!command?.[1].split(/\s+/).includes(tarball.name))
    throw new Error(`README.md has no line "npm install ${tarball.name}"`);
  const others = command[1].split(/\s+/).filter((name) => !all.some((ours) => ours.name === name));
  const named = all.filter(({ name }) => command[1].split(/\s+/).includes(name));
  const ours = new Set(named.flatMap((each) => closure(each, all)));
  emptyProject(folder, { name: "consumer" });
  if (installer === "npm") await npm(folder, ["install", ...[...ours].map(({ file }) => file), ...others]);
  else {
    // pnpm would look for what a tarball depends on in the registry.
    const overrides = Object.fromEntries([...ours].map(({ name, file }) => [name, `file:${file}`]));
    writeFileSync(
      join(folder, "pnpm-workspace.yaml"),
      JSON.stringify({ overrides, allowBuilds: { "core-js": false } }),
    );
    await run("pnpm", ["add", ...named.map(({ file }) => file), ...others], folder);
  }
  const hasTensors = existsSync(join(folder, "node_modules/@tensorflow"));
  const entries = Object.keys(tarball.manifest.exports ?? {})
    .filter((entry) => entry !== "./package.json" && (hasTensors || entry !== "./tensor"))
    .map((entry) => tarball.name + entry.slice(1));
  return { folder, tarball, readme, entries, hasTensors };
}

/**
 * Imports every entry point in a process of its own. One that is imported for its effects, a worker say, may export
 * nothing.
 */
export async function importEntries({ folder, entries, tarball }: Consumer, node: string): Promise<void> {
  const forEffects = effectEntries(tarball.manifest);
  for (const entry of entries) {
    const check = forEffects.includes(entry)
      ? `await import("${entry}")`
      : `const names = Object.keys(await import("${entry}")); if (names.length === 0) throw new Error("${entry} exports nothing");`;
    await run(node, ["--input-type=module", "--eval", check], folder);
  }
}

/** Runs the programs of the README as a reader would: saved to a file, started by node. */
export async function runReadme({ folder, readme }: Consumer, node: string): Promise<void> {
  const programs = markdownSnippets(readme).filter(({ noRun }) => !noRun);
  if (programs.length === 0) throw new Error("README.md has no program to run");
  for (const { line, code } of programs) {
    const file = join(folder, `readme-${line}.ts`);
    writeFileSync(file, `${code}\nexport {};\n`);
    await run(node, ["--disable-warning=ExperimentalWarning", file], folder);
  }
}

/**
 * Type-checks a program that imports every entry point, declarations of dependencies included where they are ours
 * alone.
 */
export async function typeCheck(
  { folder, entries, hasTensors }: Consumer,
  resolution: "nodenext" | "bundler",
  tsc = compiler,
): Promise<void> {
  const imports = entries.map(
    (entry, i) => `import * as entry${i} from "${entry}";\nexport { entry${i} };\n`,
  );
  writeFileSync(join(folder, "consumer.ts"), imports.join(""));
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: "es2023",
    lib: ["es2023"],
    types: [],
    module: resolution === "nodenext" ? "nodenext" : "esnext",
    moduleResolution: resolution,
    skipLibCheck: hasTensors,
  };
  const project = join(folder, `tsconfig.${resolution}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  await run(process.execPath, [tsc, "--project", project, "--pretty", "false"], folder);
}

/**
 * The chunks that a page loads to begin with: the entries and what they import statically, not what they import on
 * demand.
 */
function loadedAtOnce(chunks: readonly Rolldown.OutputChunk[]): Set<Rolldown.OutputChunk> {
  const found = new Set(chunks.filter(({ isEntry }) => isEntry));
  for (const { imports } of found) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) found.add(chunk);
  }
  return found;
}

/**
 * Bundles all entry points as a browser would receive them and returns the size of what it loads at once, minified and
 * gzipped, in bytes.
 *
 * @throws Error when an entry needs a module that only Node has; a guarded dynamic import of one is fine
 */
export async function bundleForBrowser({ folder, entries }: Consumer): Promise<number> {
  const entry = join(folder, "bundle.ts");
  writeFileSync(entry, entries.map((name, i) => `export * as entry${i} from "${name}";\n`).join(""));
  const nodeModules: string[] = [];
  const onlyInNode = {
    name: "only-in-node",
    enforce: "pre" as const,
    resolveId(id: string, importer: string | undefined, { kind }: { kind?: string }) {
      if (id.startsWith("node:") && kind !== "dynamic-import") nodeModules.push(`${importer} imports ${id}`);
      return null;
    },
  };
  const outputs = (await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    plugins: [onlyInNode],
    build: { write: false, target: "es2023", minify: true, lib: { entry, formats: ["es"] } },
  })) as Rolldown.RolldownOutput[];
  if (nodeModules.length > 0) throw new Error(nodeModules.join("\n"));
  const chunks = outputs.flatMap(({ output }) => output.filter((part) => part.type === "chunk"));
  return gzipSync([...loadedAtOnce(chunks)].map(({ code }) => code).join("")).length;
}
