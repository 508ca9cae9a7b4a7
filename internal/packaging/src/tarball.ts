import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** A packed package, as the registry would receive it. */
export interface Tarball {
  readonly name: string;
  readonly file: string;
  /** Folder of the unpacked copy. */
  readonly unpacked: string;
  readonly manifest: Manifest;
  readonly files: readonly string[];
  /** Size of the tarball in bytes. */
  readonly bytes: number;
}

/** The part of a published package.json that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** Absent in a package that is a command alone. */
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly sideEffects?: boolean | readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packs the package of a folder with pnpm, which alone applies `publishConfig.exports`. */
export async function pack(folder: string, destination: string): Promise<Tarball> {
  mkdirSync(destination, { recursive: true });
  const report = JSON.parse(await run("pnpm", ["pack", "--pack-destination", destination, "--json"], folder));
  const unpacked = report.filename.replace(/\.tgz$/, "");
  mkdirSync(unpacked, { recursive: true });
  await run("tar", ["-xzf", report.filename, "-C", unpacked, "--strip-components=1"], destination);
  const manifest: Manifest = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
  const files = report.files.map((file: { path: string }) => file.path);
  return {
    name: manifest.name,
    file: report.filename,
    unpacked,
    manifest,
    files,
    bytes: statSync(report.filename).size,
  };
}

const targets = (target: NonNullable<Manifest["exports"]>[string]): readonly string[] =>
  typeof target === "string" ? [target] : Object.values(target);

/** Returns what is wrong with the contents of a tarball, a sentence each. */
export function contentFaults({ files, manifest, bytes }: Tarball, budget: number): string[] {
  const faults: string[] = [];
  const { exports, bin = {} } = manifest;
  const index = exports ? ["dist/index.js", "dist/index.d.ts"] : [];
  for (const needed of ["LICENSE", "README.md", "package.json", ...index, ...Object.values(bin)]) {
    if (!files.includes(needed.replace(/^\.\//, ""))) faults.push(`${needed} is missing`);
  }
  const strays = files.filter(
    (file) => !/^(LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/.*|src\/.*)$/.test(file),
  );
  if (strays.length > 0) faults.push(`holds ${strays.join(", ")}`);
  const text = JSON.stringify({ ...manifest, scripts: undefined, devDependencies: undefined });
  if (text.includes("@basin/source")) faults.push('its exports hold the private condition "@basin/source"');
  if (text.includes("workspace:") || text.includes("catalog:"))
    faults.push("a dependency range was not resolved");
  if (manifest.license !== "Apache-2.0")
    faults.push(`its license is ${manifest.license}, expected Apache-2.0`);
  if (bytes > budget) faults.push(`weighs ${bytes} bytes, more than its budget of ${budget}`);
  for (const [entry, target] of Object.entries(exports ?? {})) {
    for (const path of targets(target)) {
      if (!files.includes(path.slice(2)))
        faults.push(`the entry "${entry}" names ${path}, which is not in it`);
    }
  }
  return faults;
}

/** Returns the entry points, by the name they are imported with, that the manifest lists under `sideEffects`. */
export function effectEntries({ name, exports = {}, sideEffects }: Manifest): string[] {
  const listed = Array.isArray(sideEffects) ? sideEffects : [];
  return Object.keys(exports)
    .filter((entry) => targets(exports[entry]).some((path) => listed.includes(path)))
    .map((entry) => name + entry.slice(1));
}

/** Returns a package and all packages of this workspace that it needs, itself first. */
export function closure(tarball: Tarball, all: readonly Tarball[]): Tarball[] {
  const found = new Set([tarball]);
  for (const { manifest } of found) {
    for (const other of all) if (other.name in (manifest.dependencies ?? {})) found.add(other);
  }
  return [...found];
}
