import { join } from "node:path";
import type { Context } from "../context.ts";
import { toJson } from "../output.ts";
import { bananaPart } from "./banana.ts";
import { jemPart } from "./jem.ts";
import { magnetPart } from "./magnet.ts";
import { maxCutPart } from "./max-cut.ts";
import { memoryPart } from "./memory.ts";
import type { Part } from "./part.ts";
import { type Row, renderReport, type Section } from "./report.ts";

/** Options of `basin tour`. */
export interface TourOptions {
  /** Whether to run with smaller samples. */
  quick: boolean;
  /** Seed of all randomness. The parts without a tensor backend repeat bit for bit. */
  seed: number;
  /** Directory of the report. */
  out: string;
}

const PARTS: readonly Part[] = [magnetPart, bananaPart, maxCutPart, memoryPart, jemPart];

/** The figures of a part of the tour, which differ from part to part. */
interface PartFigures {
  readonly [figure: string]: unknown;
  readonly seconds: number;
}

/**
 * Runs every family on real data, writes `report.html` and `results.json`, and resolves to the figures of each part.
 */
export async function tour(
  { quick, seed, out }: TourOptions,
  context: Context,
): Promise<Record<string, PartFigures>> {
  const started = performance.now();
  const results: Record<string, PartFigures> = {};
  const sections: Section[] = [];
  for (const [k, part] of PARTS.entries()) {
    const partStarted = performance.now();
    const update = context.progress(`${k + 1}/${PARTS.length} ${part.label}`);
    const progress = (share: number, note?: string) =>
      update({ done: Math.min(1, Math.max(0, share)), total: 1 }, note);
    const { results: figures, section } = await part.run({ quick, seed, progress, signal: context.signal });
    await context.breathe();
    const seconds = (performance.now() - partStarted) / 1000;
    results[part.id] = { ...figures, seconds };
    sections.push({ ...section, id: part.id, seconds });
    context.say(lines(section.title, section.rows, seconds));
  }
  const seconds = (performance.now() - started) / 1000;
  await context.write(
    join(out, "results.json"),
    `${toJson({ tour: { seed, quick, seconds }, ...results })}\n`,
  );
  await context.write(join(out, "report.html"), renderReport(sections, about(seed, quick, seconds)));
  context.say(farewell(out, seconds));
  return results;
}

function lines(title: string, rows: readonly Row[], seconds: number): string {
  const width = Math.max(...rows.map((row) => row.quantity.length));
  const each = rows.map(({ quantity, measured, exact, z }) => {
    const beside =
      exact === undefined ? "" : `   exact ${exact}${z === undefined ? "" : `, z = ${z.toFixed(1)}`}`;
    return `  ${quantity.padEnd(width)}   ${measured}${beside}`;
  });
  return `\n${title} (${seconds.toFixed(1)} s)\n${each.join("\n")}`;
}

function about(seed: number, quick: boolean, seconds: number): string {
  const road = quick ? "the short road" : "the whole road";
  return (
    "An energy gives every state a number, and low is preferred. Five families of models, one idea: each part below ran on real " +
    `data and puts its figures beside the exact ones where exact ones exist. This was ${road}, seed ${seed}, ${seconds.toFixed(0)} s.`
  );
}

function farewell(folder: string, seconds: number): string {
  return `
The tour took ${seconds.toFixed(0)} s. Open ${folder}/report.html for the pictures; the figures are in results.json.

Try next:
  pnpm --silent basin ising simulate --size 1024 --temperature 2.2 --sweeps 2000   a larger magnet, nearer its transition
  pnpm --silent basin --help                                                       every command
  docs/                                                                            a guide for each package`;
}
