import { resolve } from "node:path";
import { toJson, writeWhole } from "../output.ts";
import { startProgress } from "../progress.ts";
import { bananaPart } from "./banana.ts";
import { jemPart } from "./jem.ts";
import { magnetPart } from "./magnet.ts";
import { maxCutPart } from "./max-cut.ts";
import { memoryPart } from "./memory.ts";
import { type Part, type PartResult, share } from "./part.ts";
import { type Row, renderReport, type Section } from "./report.ts";

/** How `basin tour` runs. */
export interface TourOptions {
  /** Walk the short road. */
  quick: boolean;
  /** Seed of all randomness; the parts without a tensor backend repeat to the bit. */
  seed: number;
  /** Directory of the report. */
  out: string;
}

const PARTS: readonly Part[] = [magnetPart, bananaPart, maxCutPart, memoryPart, jemPart];

/** Walks every family on real data, writes `report.html` and `results.json`, and says what to try next. */
export async function tour({ quick, seed, out }: TourOptions): Promise<void> {
  const started = performance.now();
  const results: Record<string, unknown> = {};
  const sections: Section[] = [];
  for (const [k, part] of PARTS.entries()) {
    const partStarted = performance.now();
    const { results: figures, section } = await runPart(
      part,
      `${k + 1}/${PARTS.length} ${part.label}`,
      quick,
      seed,
    );
    const seconds = (performance.now() - partStarted) / 1000;
    results[part.id] = { ...figures, seconds };
    sections.push({ ...section, id: part.id, seconds });
    print(section.title, section.rows, seconds);
  }
  const seconds = (performance.now() - started) / 1000;
  const directory = resolve(out);
  writeWhole(`${directory}/results.json`, `${toJson({ tour: { seed, quick, seconds }, ...results })}\n`);
  writeWhole(`${directory}/report.html`, renderReport(sections, about(seed, quick, seconds)));
  process.stdout.write(`${farewell(directory, seconds)}\n`);
}

async function runPart(part: Part, title: string, quick: boolean, seed: number): Promise<PartResult> {
  const bar = startProgress(title);
  try {
    return await part.run({ quick, seed, progress: share(bar) });
  } finally {
    bar.stop();
  }
}

function print(title: string, rows: readonly Row[], seconds: number): void {
  const width = Math.max(...rows.map((row) => row.quantity.length));
  const lines = rows.map(({ quantity, measured, exact, z }) => {
    const beside =
      exact === undefined ? "" : `   exact ${exact}${z === undefined ? "" : `, z = ${z.toFixed(1)}`}`;
    return `  ${quantity.padEnd(width)}   ${measured}${beside}`;
  });
  process.stdout.write(`\n${title} (${seconds.toFixed(1)} s)\n${lines.join("\n")}\n`);
}

function about(seed: number, quick: boolean, seconds: number): string {
  const road = quick ? "the short road" : "the whole road";
  return (
    "An energy gives every state a number, and low is preferred. Five families of models, one idea: each part below ran on real " +
    `data and puts its figures beside the exact ones where exact ones exist. This was ${road}, seed ${seed}, ${seconds.toFixed(0)} s.`
  );
}

function farewell(directory: string, seconds: number): string {
  return `
The tour took ${seconds.toFixed(0)} s. Open ${directory}/report.html for the pictures; the figures are in results.json.

Try next:
  pnpm --silent basin ising simulate --size 1024 --temperature 2.2 --sweeps 2000   a larger magnet, nearer its transition
  pnpm --silent basin --help                                                       every command
  docs/                                                                            a guide for each package`;
}
