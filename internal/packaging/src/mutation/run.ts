import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { run } from "../run.ts";
import { equivalents } from "./equivalents.ts";
import { linesOf, type Mutant, mutantsOf } from "./mutants.ts";
import { kernelTargets, libraryTargets, type Target } from "./targets.ts";
import { startTesting } from "./testing.ts";

/**
 * Makes one small fault at a time in a clone of the last commit, runs the tests that mirror its source, and counts how
 * many faults they see. Which faults is drawn by the seed; `--package jem` draws from one package alone. Fails where they
 * see a smaller share than `--least`, or than `--least-others` of those that are not known to change nothing.
 */
const repository = resolve(import.meta.dirname, "../../../..");
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "60" },
    kernels: { type: "string", default: "10" },
    package: { type: "string", default: "" },
    least: { type: "string", default: "0.85" },
    "least-others": { type: "string", default: "0.95" },
  },
});

interface Drawn {
  readonly target: Target;
  readonly mutant: Mutant;
}
type End = "killed" | "survived" | "equivalent" | "not compiled";

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

async function endOf({ target, mutant }: Drawn): Promise<{ end: End; by?: string }> {
  const file = join(clone, target.source);
  const source = readFileSync(file, "utf8");
  const { was, becomes } = linesOf(source, mutant);
  const isKnown = equivalents.some(
    (known) => known.source === target.source && known.was === was && known.becomes === becomes,
  );
  writeFileSync(file, source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end));
  let changed: readonly string[] = [];
  try {
    if (target.generated !== undefined) {
      const compiled = await run("pnpm", ["--filter", `./${target.generated}`, "generate"], clone).catch(
        () => undefined,
      );
      if (compiled === undefined) return { end: "not compiled" };
    }
    changed = (await run("git", ["diff", "--name-only"], clone)).split("\n").filter(Boolean);
    const by = (await testing.failure(target.tests, changed)) ?? (await testing.failure(target.others, []));
    if (by !== undefined && isKnown) throw new Error(`${was} → ${becomes} is no equivalent: ${by} fails`);
    return { end: by !== undefined ? "killed" : isKnown ? "equivalent" : "survived", by };
  } finally {
    await run("git", ["checkout", "--quiet", "."], clone);
    testing.changed(changed);
  }
}

const workshop = mkdtempSync(join(tmpdir(), "basin-mutation-"));
const clone = join(workshop, "clone");
const testing = startTesting(clone);
const counts: Record<End, number> = { killed: 0, survived: 0, equivalent: 0, "not compiled": 0 };
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
    const { was, becomes } = linesOf(readFileSync(join(clone, target.source), "utf8"), mutant);
    console.log(
      `${end}  ${target.source}:${mutant.line}  ${was}  →  ${becomes}${by === undefined ? "" : `  (${by})`}`,
    );
  }
} finally {
  testing.close();
  rmSync(workshop, { recursive: true, force: true });
}
const { killed, survived, equivalent } = counts;
const raw = killed / (killed + survived + equivalent);
const others = killed / (killed + survived);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log(
  `\n${killed} killed, ${survived} survived, ${equivalent} equivalent, ${counts["not compiled"]} not compiled: ` +
    `${percent(raw)} killed, ${percent(others)} of those that change something`,
);
process.exitCode = raw >= Number(values.least) && others >= Number(values["least-others"]) ? 0 : 1;
