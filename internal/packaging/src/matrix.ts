import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compiler, importEntries, install, runReadme, typeCheck } from "./consumer.ts";
import { emptyProject, npm } from "./npm.ts";
import { publishedFolders } from "./published.ts";
import { run } from "./run.ts";
import { contentFaults, pack, type Tarball } from "./tarball.ts";

/**
 * Installs each library alone, as users do who have other tools: every pair of a Node, an installer, a TypeScript and a
 * way to resolve modules is in one row. `--rows 3,4` runs the third and the fourth alone.
 */
const OLDEST_TYPESCRIPT = "5.7";
const rows = [
  ["22.18", "npm", OLDEST_TYPESCRIPT, "bundler"],
  ["22.18", "pnpm", "newest", "nodenext"],
  ["24", "npm", "newest", "nodenext"],
  ["24", "pnpm", OLDEST_TYPESCRIPT, "bundler"],
  ["26", "npm", OLDEST_TYPESCRIPT, "nodenext"],
  ["26", "pnpm", "newest", "bundler"],
] as const;

const { values } = parseArgs({ options: { rows: { type: "string", default: "1,2,3,4,5,6" } } });
const chosen = values.rows.split(",").map(Number);
if (chosen.some((row) => rows[row - 1] === undefined)) {
  console.error(`--rows is ${values.rows}, expected numbers from 1 to ${rows.length}`);
  process.exit(2);
}

const repository = resolve(import.meta.dirname, "../../..");
const workshop = mkdtempSync(join(tmpdir(), "basin-matrix-"));
const tally = { passed: 0, failed: 0 };
try {
  const tarballs: Tarball[] = [];
  for (const [name, folder] of Object.entries(publishedFolders(repository)))
    if (name !== "cli") tarballs.push(await pack(join(repository, folder), join(workshop, "tarballs")));
  const faults = tarballs.flatMap((tarball) => contentFaults(tarball, Number.POSITIVE_INFINITY));
  if (faults.length > 0) throw new Error(`${faults.join("\n")}\nrun pnpm build first`);
  const tools = join(workshop, "tools");
  emptyProject(tools);
  await npm(tools, ["install", `typescript@${OLDEST_TYPESCRIPT}`]);
  for (const k of chosen) {
    const [node, installer, typescript, resolution] = rows[k - 1];
    const program = (
      await run("npx", ["-y", "-p", `node@${node}`, "node", "-p", "process.execPath"], workshop)
    ).trim();
    const tsc = typescript === "newest" ? compiler : join(tools, "node_modules/typescript/bin/tsc");
    for (const tarball of tarballs) {
      const title = `${tarball.name}: Node ${node}, ${installer}, TypeScript ${typescript}, ${resolution}`;
      try {
        const consumer = await install(tarball, tarballs, join(workshop, `${k}`, tarball.name), installer);
        await typeCheck(consumer, resolution, tsc);
        await importEntries(consumer, program);
        await runReadme(consumer, program);
        tally.passed++;
        console.log(`ok      ${title}`);
      } catch (error) {
        tally.failed++;
        console.log(`FAILED  ${title}\n${(error as Error).message.replace(/^/gm, "        ")}`);
      }
    }
  }
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed, 0 skipped`);
process.exitCode = tally.failed > 0 ? 1 : 0;
