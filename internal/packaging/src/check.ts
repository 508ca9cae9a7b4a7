import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { energyAnywhere, helpAnywhere, missingData } from "./command.ts";
import { bundleForBrowser, type Consumer, importEntries, install, runReadme, typeCheck } from "./consumer.ts";
import { installExamples, openPage, pages, programs, runProgram } from "./examples.ts";
import { publishedFolders } from "./published.ts";
import { run } from "./run.ts";
import { contentFaults, pack, type Tarball } from "./tarball.ts";

/**
 * Largest tarball, and largest bundle of all entry points (minified, gzipped), in bytes: a guard against shipping data
 * or a stray build, to be raised on purpose.
 */
const budgets: Readonly<Record<string, { tarball: number; bundle?: number }>> = {
  "@basin/energy-core": { tarball: 640_000, bundle: 128_000 },
  "@basin/samplers": { tarball: 450_000, bundle: 105_000 },
  "@basin/ising": { tarball: 740_000, bundle: 200_000 },
  "@basin/hopfield": { tarball: 280_000, bundle: 60_000 },
  "@basin/jem": { tarball: 360_000, bundle: 600_000 },
  "@basin/cli": { tarball: 550_000 },
};

const repository = resolve(import.meta.dirname, "../../..");
const folders = publishedFolders(repository);
const attwPackage = createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json");
const attw = join(dirname(attwPackage), JSON.parse(readFileSync(attwPackage, "utf8")).bin.attw);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { node: { type: "string", multiple: true, default: [process.execPath] } },
});
const names = positionals.length > 0 ? positionals : Object.keys(folders);
const unknown = names.find((name) => !(name in folders));
if (unknown !== undefined) {
  console.error(`unknown package "${unknown}"; known: ${Object.keys(folders).join(", ")}`);
  process.exit(2);
}

const tally = { passed: 0, failed: 0 };
const workshop = mkdtempSync(join(tmpdir(), "basin-packages-"));
try {
  const tarballs: Tarball[] = [];
  for (const folder of Object.values(folders))
    tarballs.push(await pack(join(repository, folder), join(workshop, "tarballs")));
  for (const name of names)
    await checkPackage(tarballs.find((tarball) => tarball.name === `@basin/${name}`)!, tarballs);
  if (positionals.length === 0) await checkExamples(tarballs);
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed, 0 skipped`);
process.exitCode = tally.failed > 0 ? 1 : 0;

async function checkPackage(tarball: Tarball, all: readonly Tarball[]): Promise<void> {
  const { name } = tarball;
  await check(`${name} packs what it should (${Math.round(tarball.bytes / 1000)} kB)`, () =>
    complain(contentFaults(tarball, budgets[name].tarball)),
  );
  await check(`${name} passes publint`, async () => {
    const { messages, pkg } = await publint({ pkgDir: tarball.unpacked, pack: false, strict: true });
    complain(messages.map((message) => `${message.type}: ${formatMessage(message, pkg, { color: false })}`));
  });
  const consumer = await check(`${name} installs into an empty project`, () =>
    install(tarball, all, join(workshop, name.slice("@basin/".length))),
  );
  if (!consumer) return;
  if (tarball.manifest.bin) await checkCommand(consumer);
  if (tarball.manifest.exports) await checkLibrary(consumer);
}

async function checkLibrary(consumer: Consumer): Promise<void> {
  const { name, file } = consumer.tarball;
  await check(`${name} passes are-the-types-wrong`, () =>
    run(process.execPath, [attw, file, "--profile", "esm-only", "--format", "ascii", "--no-color"], workshop),
  );
  if (name !== "@basin/jem") {
    await check(`${name} brings no tfjs`, () =>
      complain(consumer.hasTensors ? ["node_modules/@tensorflow exists after the install"] : []),
    );
  }
  for (const resolution of ["nodenext", "bundler"] as const) {
    await check(`${name} type-checks in a ${resolution} project`, () => typeCheck(consumer, resolution));
  }
  await check(`${name} bundles for a browser within its budget`, async () => {
    const bytes = await bundleForBrowser(consumer);
    const { bundle = 0 } = budgets[name];
    complain(bytes > bundle ? [`weighs ${bytes} bytes, more than its budget of ${bundle}`] : []);
  });
  for (const node of values.node) {
    const version = (await run(node, ["--version"], workshop)).trim();
    await check(`${name} loads in node ${version}`, () => importEntries(consumer, node));
    await check(`${name} runs its README in node ${version}`, () => runReadme(consumer, node));
  }
}

/** The programs run in the oldest Node that is given. */
async function checkExamples(all: readonly Tarball[]): Promise<void> {
  const folder = join(workshop, "examples");
  const [node] = values.node;
  const installed = await check("the examples install", async () => {
    await installExamples(join(repository, "examples"), all, folder);
    return true;
  });
  if (!installed) return;
  for (const name of Object.keys(programs))
    await check(`the example ${name} prints what it should`, () => runProgram(folder, name, node));
  for (const name of Object.keys(pages))
    await check(`the example ${name} shows what it should`, () => openPage(folder, name));
}

async function checkCommand(consumer: Consumer): Promise<void> {
  const { name } = consumer.tarball;
  for (const node of values.node) {
    const version = (await run(node, ["--version"], workshop)).trim();
    await check(`${name} shows its help from any folder in node ${version}`, () =>
      helpAnywhere(consumer, node),
    );
    await check(`${name} runs an energy from a folder where nothing is installed in node ${version}`, () =>
      energyAnywhere(consumer, node),
    );
    await check(`${name} names the package of a data set that is missing in node ${version}`, () =>
      missingData(consumer, node),
    );
  }
}

/** Runs one check, prints how it ended and counts it; returns its value, or undefined where it failed. */
async function check<T>(title: string, body: () => T | Promise<T>): Promise<T | undefined> {
  try {
    const value = await body();
    tally.passed++;
    console.log(`ok      ${title}`);
    return value;
  } catch (error) {
    tally.failed++;
    console.log(
      `FAILED  ${title}\n${String(error instanceof Error ? error.message : error).replace(/^/gm, "        ")}`,
    );
    return undefined;
  }
}

function complain(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(faults.join("\n"));
}
