import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { run } from "../run.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { kernelTargets, libraryTargets, type Target } from "./targets.ts";

/**
 * Makes one small fault at a time in a clone of the last commit, runs the tests that mirror its source, and counts how
 * many faults they see. Which faults is drawn by the seed. Fails below the share that `--least` sets.
 */
const repository = resolve(import.meta.dirname, "../../../..");
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "60" },
    kernels: { type: "string", default: "10" },
    least: { type: "string", default: "0.85" },
  },
});

interface Drawn {
  readonly target: Target;
  readonly mutant: Mutant;
}
type End = "killed" | "survived" | "not compiled";

/** The mutants whose hash with the seed is least: a sample without replacement that no order of files changes. */
function draw(targets: readonly Target[], count: number): Drawn[] {
  const hashed = targets.flatMap((target) =>
    mutantsOf(readFileSync(join(clone, target.source), "utf8")).map((mutant) => {
      const key = `${values.seed} ${target.source} ${mutant.start} ${mutant.text}`;
      return { target, mutant, hash: createHash("sha256").update(key).digest("hex") };
    }),
  );
  console.log(`${hashed.length} faults in ${targets.length} files`);
  return hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, count);
}

async function endOf({ target, mutant }: Drawn): Promise<End> {
  const file = join(clone, target.source);
  const source = readFileSync(file, "utf8");
  writeFileSync(file, source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end));
  try {
    if (target.generated !== undefined) {
      const compiled = await run("pnpm", ["--filter", `./${target.generated}`, "generate"], clone).catch(
        () => undefined,
      );
      if (compiled === undefined) return "not compiled";
    }
    const options = ["--project", target.project, "--maxWorkers=1", "--bail=1", "--passWithNoTests=false"];
    return await run("pnpm", ["vitest", "run", ...options, ...target.tests], clone).then(
      () => "survived" as const,
      () => "killed" as const,
    );
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
    const end = await endOf(each);
    counts[end]++;
    const before = readFileSync(join(clone, target.source), "utf8").slice(mutant.start, mutant.end);
    console.log(
      `${end}  ${target.source}:${mutant.line}  ${before.replace(/\s+/g, " ")}  →  ${mutant.text.replace(/\s+/g, " ")}`,
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
