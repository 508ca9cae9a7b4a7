import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { run } from "./run.ts";

/**
 * The deep suite, which is too long for every change: fifty kills of each long command, and two releases on a registry
 * of their own. Writes what came of it, with the commit and the date.
 */

const repository = resolve(import.meta.dirname, "../../..");
const { values } = parseArgs({ options: { out: { type: "string", default: "verify.json" } } });

interface Part {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const parts: readonly Part[] = [
  {
    name: "kills",
    command: ["pnpm", "vitest", "run", "apps/cli/test/conformance/kill.test.ts"],
    env: { BASIN_KILLS: "50" },
  },
  { name: "releases", command: ["pnpm", "rehearse"] },
];

const commit = (await run("git", ["rev-parse", "HEAD"], repository)).trim();
const changed = (await run("git", ["status", "--porcelain"], repository)).trim() !== "";
const date = new Date().toISOString();
const results = parts.map(({ name, command: [program, ...args], env }) => {
  const start = performance.now();
  const { status } = spawnSync(program, args, {
    ...{ cwd: repository, stdio: "inherit" as const },
    env: { ...process.env, BASIN_CI: "1", ...env },
  });
  return { name, passed: status === 0, seconds: Math.round((performance.now() - start) / 1000) };
});
writeFileSync(values.out, `${JSON.stringify({ commit, changed, date, results }, null, 2)}\n`);
for (const { name, passed, seconds } of results)
  console.log(`${passed ? "ok    " : "FAILED"}  ${name} (${seconds} s)`);
const failed = results.filter(({ passed }) => !passed).length;
console.log(`\n${results.length - failed} passed, ${failed} failed, 0 skipped; written to ${values.out}`);
process.exitCode = failed > 0 ? 1 : 0;
