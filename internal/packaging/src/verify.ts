import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { run } from "./run.ts";

/**
 * The deep suite, which is too long for every change: fifty kills of each long command, two releases on a registry of
 * their own, all pairs of tools that users have, small faults that tests must see, what nobody imports, the site built
 * twice to the same bytes, and the lines that tests run. Writes what came of it and its figures, with the commit and the
 * date. Names of parts run these alone.
 */

const repository = resolve(import.meta.dirname, "../../..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "verify.json" },
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "400" },
  },
});

interface Part {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const node = ["node", "--conditions=@basin/source"];
const parts: Readonly<Record<string, Part>> = {
  kills: {
    command: ["pnpm", "vitest", "run", "apps/cli/test/conformance/kill.test.ts"],
    env: { BASIN_KILLS: "50" },
  },
  releases: { command: ["pnpm", "rehearse"] },
  consumers: { command: [...node, "internal/packaging/src/matrix.ts"] },
  mutation: {
    command: [
      ...node,
      "internal/packaging/src/mutation/run.ts",
      "--seed",
      values.seed,
      "--count",
      values.count,
    ],
  },
  unused: { command: ["npx", "-y", "knip", "--no-config-hints"] },
  site: { command: ["pnpm", "--filter", "site", "run", "repeat"] },
  coverage: { command: ["pnpm", "vitest", "run", "--coverage.enabled", "packages/"] },
};

interface Result {
  readonly name: string;
  readonly command: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** The last lines that it printed: its figures. */
  readonly said: readonly string[];
}

/** Runs a part, shows what it prints, and resolves to how it ended. */
async function resultOf(name: string): Promise<Result> {
  const { command, env } = parts[name];
  const [program, ...args] = command;
  const start = performance.now();
  const child = spawn(program, args, {
    ...{ cwd: repository, stdio: ["inherit", "pipe", "inherit"] },
    env: { ...process.env, BASIN_CI: "1", NO_COLOR: "1", ...env },
  });
  let printed = "";
  child.stdout.on("data", (text: Buffer) => {
    process.stdout.write(text);
    printed = `${printed}${text}`.slice(-10_000);
  });
  const [status] = await once(child, "close");
  const lines = printed.split("\n").filter((line) => /\w/.test(line));
  const seconds = Math.round((performance.now() - start) / 1000);
  return { name, command: command.join(" "), passed: status === 0, seconds, said: lines.slice(-4) };
}

const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = chosen.find((name) => !(name in parts));
if (unknown !== undefined) {
  console.error(`unknown part "${unknown}"; known: ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}

const commit = (await run("git", ["rev-parse", "HEAD"], repository)).trim();
const changed = (await run("git", ["status", "--porcelain"], repository)).trim() !== "";
const date = new Date().toISOString();
const results: Result[] = [];
for (const name of chosen) results.push(await resultOf(name));
writeFileSync(values.out, `${JSON.stringify({ commit, changed, date, results }, null, 2)}\n`);
for (const { name, passed, seconds } of results)
  console.log(`${passed ? "ok    " : "FAILED"}  ${name} (${seconds} s)`);
const failed = results.filter(({ passed }) => !passed).length;
console.log(`\n${results.length - failed} passed, ${failed} failed, 0 skipped; written to ${values.out}`);
process.exitCode = failed > 0 ? 1 : 0;
