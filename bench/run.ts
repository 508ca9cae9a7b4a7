import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Contest, hold, type Outcome } from "./contest.ts";

const families = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.slice(0, -".bench.ts".length))
  .sort();

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "5" } },
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !families.includes(name));
if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.error(
    unknown.length > 0
      ? `unknown benchmark "${unknown[0]}"; known: ${families.join(", ")}`
      : `--rounds is ${values.rounds}, expected an integer of at least 1`,
  );
  process.exit(2);
}

const outcomes: Outcome[] = [];
for (const family of positionals.length > 0 ? positionals : families) {
  const { contests } = (await import(`./${family}.bench.ts`)) as { contests: readonly Contest[] };
  for (const contest of contests) {
    const outcome = await hold(contest, rounds);
    outcomes.push(outcome);
    if (!values.json) print(outcome);
  }
}
if (values.json) console.log(JSON.stringify(outcomes, null, 2));

function print({ question, unit, figures, absent, ratios }: Outcome): void {
  const show = (value: number) => Number(value.toPrecision(4)).toString();
  console.log(`\n${question}  [${unit}, median of ${rounds}]`);
  for (const { name, median, lowest, highest } of figures) {
    console.log(`  ${name.padEnd(44)} ${show(median).padStart(10)}   ${show(lowest)} … ${show(highest)}`);
  }
  for (const { name, why } of absent) console.log(`  ${name.padEnd(44)} not measured: ${why}`);
  for (const { of, to, ratio, aim } of ratios) {
    console.log(`  ${of} / ${to} = ${show(ratio)}${aim === undefined ? "" : ` (aim ${aim})`}`);
  }
}
