import type { ChainSummaryRow, Draws, StateArray, SummaryRow } from "@basin/samplers";
import type { Context } from "../context.ts";
import { significant, table } from "../output.ts";

/** The report on draws, from Basin or from another program. */
export interface DrawSummary {
  readonly kernel: string;
  readonly chains: number;
  readonly draws: number;
  readonly divergences: number;
  readonly summary: Readonly<Record<string, SummaryRow>>;
  readonly perChain: Readonly<Record<string, ChainSummaryRow>>;
}

/** Returns the report on draws, and adds its warnings to those of the run. */
export async function summaryOf(draws: Draws<StateArray>, context: Context): Promise<DrawSummary> {
  const { chainSummary, statistic, summary, warnings } = await import("@basin/samplers");
  context.warn(...warnings(draws));
  const diverged = "diverged" in draws.chains[0].stats ? statistic(draws, "diverged") : [];
  return {
    kernel: draws.kernel,
    chains: draws.chains.length,
    draws: draws.draws,
    divergences: diverged.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0),
    summary: summary(draws),
    perChain: chainSummary(draws),
  };
}

/** Returns a summary as lines of text; `by` names the source of the draws. */
export function summaryLines(found: DrawSummary, by = ""): string[] {
  const tables = summaryTables(found).flatMap(({ head, rows }) => ["", ...table(rows, head)]);
  return [`${sizeOf(found)}${by}`, ...tables];
}

/** Returns "4 chains of 1000 draws". */
export function sizeOf({ chains, draws }: DrawSummary): string {
  return `${chains} ${chains === 1 ? "chain" : "chains"} of ${draws} draws`;
}

type Column<Row> = readonly [keyof Row, string, (value: number) => string];

const four = (value: number) => significant(value, 4);
const fixed = (digits: number) => (value: number) => value.toFixed(digits);

const COLUMNS: readonly Column<SummaryRow>[] = [
  ["mean", "mean", four],
  ["sd", "sd", four],
  ["standardError", "standard error", four],
  ["q5", "5 %", four],
  ["median", "median", four],
  ["q95", "95 %", four],
  ["essBulk", "ESS bulk", fixed(0)],
  ["essTail", "ESS tail", fixed(0)],
  ["rHat", "R-hat", fixed(3)],
];

const CHAIN_COLUMNS: readonly Column<ChainSummaryRow>[] = [
  ["acceptance", "acceptance", fixed(3)],
  ["stepSize", "step size", four],
  ["treeDepth", "depth", fixed(2)],
  ["maxTreeDepth", "deepest", fixed(0)],
  ["saturated", "cut short", fixed(0)],
  ["gradients", "gradients", fixed(1)],
  ["energyFraction", "E-BFMI", fixed(2)],
  ["divergences", "diverged", fixed(0)],
];

/** Returns figures as text: a heading, and a line for each row that begins with its name. */
export interface FigureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Returns the summaries of the quantities and of the chains as text, without empty columns. */
export function summaryTables({ summary, perChain }: DrawSummary): FigureTable[] {
  return [figures(summary, COLUMNS), figures(perChain, CHAIN_COLUMNS)].filter(({ head }) => head.length > 1);
}

function figures<Row>(rows: Readonly<Record<string, Row>>, columns: readonly Column<Row>[]): FigureTable {
  const shown = columns.filter(([key]) => Object.values(rows).some((row) => !Number.isNaN(Number(row[key]))));
  return {
    head: ["", ...shown.map(([, title]) => title)],
    rows: Object.entries(rows).map(([name, row]) => [
      name,
      ...shown.map(([key, , show]) => cell(Number(row[key]), show)),
    ]),
  };
}

/** Returns a figure as text; a dash if it is undefined. */
function cell(value: number, show: (value: number) => string): string {
  if (Number.isNaN(value)) return "-";
  return Number.isFinite(value) ? show(value) : value > 0 ? "∞" : "-∞";
}
