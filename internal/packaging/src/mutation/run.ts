import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { inherited, run } from "../run.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { kernelTargets, libraryTargets, type Target } from "./targets.ts";

/**
 * Makes one small fault at a time in a clone of the last commit, runs the tests that mirror its source, and counts how
 * many faults they see. Which faults is drawn by the seed; `--package jem` draws from one package alone. Fails below the
 * share that `--least` sets.
 */
const repository = resolve(import.meta.dirname, "../../../..");
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "60" },
    kernels: { type: "string", default: "10" },
    package: { type: "string", default: "" },
    least: { type: "string", default: "0.85" },
  },
});

interface Drawn {
  readonly target: Target;
  readonly mutant: Mutant;
}
type End = "killed" | "survived" | "not compiled";

/** A fault may make a loop that never ends, which a test cannot stop from within. Milliseconds. */
const LIMIT = 600_000;

/** The mutants whose hash with the seed is least: a sample without replacement that no order of files changes. */
function draw(targets: readonly Target[], count: number): Drawn[] {
  const wanted = targets.filter(({ project }) => values.package === "" || project === values.package);
  const hashed = wanted.flatMap((target) =>
    mutantsOf(readFileSync(join(clone, target.source), "utf8")).map((mutant) => {
      const key = `${values.seed} ${target.source} ${mutant.start} ${mutant.text}`;
      return { target, mutant, hash: createHash("sha256").update(key).digest("hex") };
    }),
  );
  console.log(`${hashed.length} faults in ${wanted.length} files`);
  return hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, count);
}

/** Resolves to what saw a fault: the first test that fails, or the limit. Undefined where all tests pass. */
function seenBy({ project, tests }: Target): Promise<string | undefined> {
  const options = ["--project", project, "--maxWorkers=1", "--bail=1", "--passWithNoTests=false"];
  // In a group of its own, the workers of the tests end with it.
  const child = spawn("pnpm", ["vitest", "run", ...options, ...tests], {
    ...{ cwd: clone, detached: true, env: { ...inherited, NODE_OPTIONS: "" } },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), LIMIT);
    child.on("error", reject);
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      const failure = signal === null ? /FAIL +(.*)/.exec(printed)?.[1] : "the limit in time";
      resolve(status === 0 ? undefined : (failure ?? "an error outside of tests"));
    });
  });
}

async function endOf({ target, mutant }: Drawn): Promise<{ end: End; by?: string }> {
  const file = join(clone, target.source);
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end));
  try {
    if (target.generated !== undefined) {
      const compiled = await run("pnpm", ["--filter", `./${target.generated}`, "generate"], clone).catch(
        () => undefined,
      );
      if (compiled === undefined) return { end: "not compiled" };
    }
    const by = await seenBy(target);
    return { end: by === undefined ? "survived" : "killed", by };
  } finally {
    await run("git", ["checkout", "--quiet", "."], clone);
  }
}

const workshop = mkdtempSync(join(tmpdir(), "basin-mutation-"));
const clone = join(workshop, "clone");
const counts = { killed: 0, survived: 0, "not compiled": 0 };
try {
  await run("git", ["clone", "--quiet", repository, clone], workshop);
  await run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], clone);
  const drawn = [
    ...draw(libraryTargets(clone), Number(values.count)),
    ...draw(kernelTargets(clone), Number(values.kernels)),
  ];
  for (const each of drawn) {
    const { target, mutant } = each;
    const { end, by } = await endOf(each);
    counts[end]++;
    const before = readFileSync(join(clone, target.source), "utf8").slice(mutant.start, mutant.end);
    console.log(
      `${end}  ${target.source}:${mutant.line}  ${before.replace(/\s+/g, " ")}  →  ${mutant.text.replace(/\s+/g, " ")}${by === undefined ? "" : `  (${by})`}`,
    );
  }
} finally {
  rmSync(workshop, { recursive: true, force: true });
}
const share = counts.killed / (counts.killed + counts.survived);
console.log(
  `\n${counts.killed} killed, ${counts.survived} survived, ${counts["not compiled"]} not compiled: ${(100 * share).toFixed(1)} % killed`,
);
process.exitCode = share >= Number(values.least) ? 0 : 1;
