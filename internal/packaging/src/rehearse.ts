import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { emptyProject, npm } from "./npm.ts";
import { publishedFolders } from "./published.ts";
import { startRegistry } from "./registry.ts";
import { run } from "./run.ts";

/**
 * Rehearses two releases on a registry of its own: the first one, from the changesets that wait, and a breaking one.
 * Everything happens in a clone of the last commit. It installs both as a user would, and upgrades.
 */

const repository = resolve(import.meta.dirname, "../../..");
const workshop = mkdtempSync(join(tmpdir(), "basin-rehearsal-"));
const clone = join(workshop, "clone");

const registry = await startRegistry(join(workshop, "registry"));
try {
  await step("clone the last commit and install", prepare);
  await step("refuse to release without the owner's addresses", refusal);
  await step("make 0.1.0 of the changesets that wait", () => version("0.1.0"));
  await step("publish 0.1.0", publish);
  const consumer = await step("install 0.1.0 into an empty project", firstInstall);
  await step("make 0.2.0 of a breaking change in energy-core", breakingChange);
  await step("publish 0.2.0", publish);
  await step("a project on ^0.1.0 stays there", () => stays(consumer));
  await step("one package moved alone: errors are still known", () => mixed(consumer));
  await step("moved as the changelog says: one energy-core", () => upgraded(consumer));
  await step("the command runs in another empty project", command);
  console.log("\nboth releases went well");
} finally {
  registry.close();
  rmSync(workshop, { recursive: true, force: true });
}

async function step<T>(title: string, body: () => Promise<T>): Promise<T> {
  const value = await body();
  console.log(`ok  ${title}`);
  return value;
}

async function prepare(): Promise<void> {
  await run("git", ["clone", "--quiet", repository, clone], workshop);
  await run("git", ["config", "user.email", "rehearsal@localhost"], clone);
  await run("git", ["config", "user.name", "Rehearsal"], clone);
  await run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], clone);
}

async function refusal(): Promise<void> {
  const refused = await run("pnpm", ["release"], clone, registry.env).catch(String);
  if (!refused.includes("publisher.json lacks repository"))
    throw new Error(`expected a refusal that names publisher.json, got: ${refused}`);
  const address = "https://example.org/basin";
  const publisher = { repository: address, homepage: address, bugs: address, security: address };
  writeFileSync(join(clone, "publisher.json"), JSON.stringify(publisher));
}

/** Turns the changesets that wait into versions, and reads what a user would read. */
async function version(expected: string): Promise<void> {
  await run("pnpm", ["version-packages"], clone, registry.env);
  for (const [name, place] of Object.entries(publishedFolders(repository))) {
    const folder = join(clone, place);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (manifest.version !== expected)
      throw new Error(`${name} is ${manifest.version}, expected ${expected}`);
    const changelog = readFileSync(join(folder, "CHANGELOG.md"), "utf8");
    if (!changelog.includes(`## ${expected}`)) throw new Error(`the changelog of ${name} lacks ${expected}`);
  }
  await run("git", ["commit", "--quiet", "--all", "--message", `Release ${expected}`], clone);
}

async function publish(): Promise<void> {
  await run("pnpm", ["release"], clone, registry.env);
}

function install(folder: string, ...names: string[]): Promise<string> {
  return npm(folder, ["install", ...names], registry.env);
}

/** Returns the versions of energy-core that a project has. */
async function cores(folder: string): Promise<string[]> {
  const tree = await npm(folder, ["ls", "@basin/energy-core", "--all", "--json"], registry.env);
  return [...new Set([...tree.matchAll(/energy-core-([\d.]+)\.tgz/g)].map(([, found]) => found))].sort();
}

async function runsOn(folder: string, expected: readonly string[]): Promise<void> {
  await run(process.execPath, ["program.mjs"], folder);
  const found = await cores(folder);
  if (String(found) !== String(expected))
    throw new Error(`the project has energy-core ${found.join(", ")}, expected ${expected.join(", ")}`);
}

async function firstInstall(): Promise<string> {
  const folder = join(workshop, "consumer");
  emptyProject(folder);
  cpSync(join(import.meta.dirname, "../rehearsal-program.mjs"), join(folder, "program.mjs"));
  await install(folder, "@basin/energy-core", "@basin/samplers", "@basin/ising");
  await runsOn(folder, ["0.1.0"]);
  return folder;
}

async function breakingChange(): Promise<void> {
  appendFileSync(
    join(clone, "packages/energy-core/src/index.ts"),
    "\n/** A name that the rehearsal adds. */\nexport const rehearsed = true;\n",
  );
  writeFileSync(
    join(clone, ".changeset/breaking.md"),
    '---\n"@basin/energy-core": minor\n---\n\n**Breaking.** A rehearsed change. Move all `@basin` packages together.\n',
  );
  await run("git", ["add", "--all"], clone);
  await run("git", ["commit", "--quiet", "--message", "Change something"], clone);
  await version("0.2.0");
}

async function stays(folder: string): Promise<void> {
  await npm(folder, ["update"], registry.env);
  await runsOn(folder, ["0.1.0"]);
}

async function mixed(folder: string): Promise<void> {
  await install(folder, "@basin/ising@0.2.0");
  await runsOn(folder, ["0.1.0", "0.2.0"]);
}

async function upgraded(folder: string): Promise<void> {
  await install(folder, ...["energy-core", "samplers", "ising"].map((name) => `@basin/${name}@0.2.0`));
  await runsOn(folder, ["0.2.0"]);
}

async function command(): Promise<void> {
  const folder = join(workshop, "command");
  emptyProject(folder);
  await install(folder, "@basin/cli");
  const shown = await run("npx", ["basin", "--version"], folder, registry.env);
  if (shown.trim() !== "0.2.0") throw new Error(`basin --version shows ${shown}`);
}
