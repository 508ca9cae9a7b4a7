import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { allocatedBytes } from "./allocations.ts";
import { type Contest, hold, type Outcome } from "./contest.ts";

/** What `--save` writes and `--compare` reads: outcomes, and where they were measured. */
interface Report {
  readonly date: string;
  readonly processor: string;
  readonly threads: number;
  readonly node: string;
  readonly outcomes: readonly Measured[];
}

/** An outcome, and where that was asked for the bytes that each contender allocated. */
interface Measured extends Outcome {
  readonly allocated?: readonly { readonly name: string; readonly bytes: number }[];
}

interface Options {
  readonly rounds: number;
  readonly json: boolean;
  readonly allocations: boolean;
  readonly save?: string;
  readonly compare?: string;
}

const families = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.slice(0, -".bench.ts".length))
  .sort();

function family(name: string, before: string[] = []): string[] {
  if (!families.includes(name)) throw new InvalidArgumentError(`Known: ${families.join(", ")}.`);
  return [...before, name];
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("Expected an integer from 1 to 9999.");
  return Number(text);
}

async function main(chosen: readonly string[], options: Options): Promise<void> {
  const before = options.compare === undefined ? undefined : readReport(options.compare);
  if (options.save !== undefined) checkWritable(options.save);
  const outcomes: Measured[] = [];
  for (const name of chosen.length > 0 ? chosen : families) {
    const { contests } = (await import(`./${name}.bench.ts`)) as { contests: readonly Contest[] };
    for (const contest of contests) {
      const held = await hold(contest, options.rounds);
      const outcome = options.allocations ? { ...held, allocated: await allocations(contest) } : held;
      outcomes.push(outcome);
      if (!options.json) print(outcome, before);
    }
  }
  const report: Report = {
    date: new Date().toISOString(),
    processor: cpus()[0].model,
    threads: availableParallelism(),
    node: process.version,
    outcomes,
  };
  if (options.save !== undefined) writeFileSync(options.save, `${JSON.stringify(report, null, 2)}\n`);
  if (options.json) console.log(JSON.stringify(report, null, 2));
}

function readReport(file: string): Report {
  try {
    const report = JSON.parse(readFileSync(file, "utf8")) as Report;
    if (!Array.isArray(report.outcomes)) throw new Error("it has no outcomes");
    return report;
  } catch (error) {
    console.error(`${file} is no run that --save has written: ${(error as Error).message}`);
    process.exit(2);
  }
}

/** Ends before the work where the outcomes could not be written after it. What is in the file stays until then. */
function checkWritable(file: string): void {
  try {
    closeSync(openSync(file, "a"));
  } catch (error) {
    console.error(`--save ${file} cannot be written: ${(error as Error).message}`);
    process.exit(2);
  }
}

const show = (value: number) => Number(value.toPrecision(4)).toString();

function print(
  { question, unit, rounds, figures, absent, ratios, allocated = [] }: Measured,
  before?: Report,
): void {
  console.log(`\n${question}  [${unit}, median of ${rounds}]`);
  const old = before?.outcomes.find((outcome) => outcome.question === question);
  if (before !== undefined && old === undefined) console.log("  (not in the saved run)");
  for (const { name, median, lowest, highest } of figures) {
    const then = old?.figures.find((figure) => figure.name === name)?.median;
    const change = then === undefined ? "" : `   ${show(median / then)} of the saved run`;
    console.log(
      `  ${name.padEnd(44)} ${show(median).padStart(10)}   ${show(lowest)} … ${show(highest)}${change}`,
    );
  }
  for (const { name, why } of absent) console.log(`  ${name.padEnd(44)} not measured: ${why}`);
  for (const { name, bytes } of allocated)
    console.log(`  ${name.padEnd(44)} ${show(bytes / 1e6).padStart(10)} MB allocated`);
  for (const { of, to, ratio, aim } of ratios) {
    console.log(`  ${of} / ${to} = ${show(ratio)}${aim === undefined ? "" : ` (aim ${aim})`}`);
  }
}

async function allocations({ contenders }: Contest) {
  const allocated: { name: string; bytes: number }[] = [];
  for (const { name, measure } of contenders)
    if (typeof measure === "function") allocated.push({ name, bytes: await allocatedBytes(measure) });
  return allocated;
}

await new Command("bench")
  .description("measure contests of speed: contenders in turn, round after round, in one run, held as ratios")
  .argument("[families...]", `of ${families.join(", ")} (default: all)`, family)
  .option("--rounds <integer>", "measurements of each contender, of which the median is shown", count, 5)
  .option(
    "--allocations",
    "measure also what each allocates on the JavaScript heap, in a round of its own",
    false,
  )
  .option("--save <file>", "write the outcomes as JSON, with the date and the processor")
  .option("--compare <file>", "show each median as a ratio to that of a saved run")
  .option("--json", "print the outcomes as JSON", false)
  .addHelpText("after", "\nExample:\n  pnpm bench ising --rounds 9 --compare before.json")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action(main)
  .parseAsync();
