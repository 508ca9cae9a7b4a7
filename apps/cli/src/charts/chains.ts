import { autocorrelation, rankHistogram } from "@basin/samplers";
import { quantileOfSorted } from "@basin/samplers/internal";
import * as Plot from "@observablehq/plot";
import { chart } from "./chart.ts";

/** Values of one quantity, one array per chain. */
export type ChainValues = readonly Float64Array[];

/** What marks divergences. */
const ALARM = "#d9480f";
/** The most points per line; more would not be visible. */
const MOST_POINTS = 1000;
const HEIGHT = 176;

const small = { height: HEIGHT, marginTop: 26, marginBottom: 32, marginLeft: 46, marginRight: 8 };
const color = { type: "ordinal", scheme: "Observable10" } as const;

/** Returns the color of a chain; ten colors repeat. */
export function chainColor(chain: number): string {
  return String(Plot.scale({ color: { ...color, domain: COLORED } }).apply(COLORED[chain % COLORED.length]));
}

const COLORED = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Returns the values in the order of the draws, one line per chain, with divergences as marks below. */
export function traceChart(chains: ChainValues, diverged: ChainValues): string {
  const step = Math.ceil(chains[0].length / MOST_POINTS);
  const points = chains.flatMap((values, chain) =>
    Array.from({ length: Math.ceil(values.length / step) }, (_, k) => ({
      chain,
      draw: k * step,
      value: values[k * step],
    })),
  );
  const marks = diverged.flatMap((flags) => Array.from(flags).flatMap((flag, t) => (flag > 0 ? [t] : [])));
  return chart({
    ...{ ...small, color, width: 520 },
    x: { label: step === 1 ? "draw" : `draw, 1 of ${step} shown`, domain: [0, chains[0].length - 1] },
    y: { label: null, ticks: 4, nice: true },
    marks: [
      Plot.line(points, {
        ...{ x: "draw", y: "value", z: "chain", stroke: "chain" },
        ...{ strokeWidth: 0.8, strokeOpacity: 0.75 },
      }),
      Plot.tickX(marks, { x: (t: number) => t, stroke: ALARM, insetTop: HEIGHT - 70 }),
    ],
  });
}

/**
 * Returns the histogram of the pooled ranks, one line per chain. The band contains 95 % of the bins of independent
 * draws.
 */
export function rankChart(chains: ChainValues): string {
  const counts = rankHistogram(chains);
  const bins = counts[0].length;
  const [draws, total] = [chains[0].length, chains.length * chains[0].length];
  const expected = draws / bins;
  const spread = 1.96 * Math.sqrt(expected * (1 - 1 / bins) * (1 - 1 / chains.length));
  const width = total / bins;
  const steps = counts.flatMap((row, chain) =>
    [...row, row[bins - 1]].map((count, bin) => ({ chain, rank: bin * width, count })),
  );
  return chart({
    ...{ ...small, color, width: 272 },
    x: { label: "rank", domain: [0, total], ticks: 4 },
    y: { label: "draws", domain: [0, Math.max(2 * expected, ...steps.map(({ count }) => count))], ticks: 4 },
    marks: [
      Plot.rect([0], {
        ...{ x1: 0, x2: total, fill: "currentColor", fillOpacity: 0.08 },
        ...{ y1: Math.max(0, expected - spread), y2: expected + spread },
      }),
      Plot.ruleY([expected], { strokeOpacity: 0.4, strokeDasharray: "3 3" }),
      Plot.line(steps, {
        ...{ x: "rank", y: "count", z: "chain", stroke: "chain" },
        ...{ curve: "step-after", strokeWidth: 1.25 },
      }),
    ],
  });
}

/** Returns the autocorrelations up to lag 40, one line per chain. */
export function autocorrelationChart(chains: ChainValues): string {
  const lags = Math.min(40, chains[0].length - 1);
  const points = chains.flatMap((values, chain) =>
    Array.from(autocorrelation(values, lags), (value, lag) => ({ chain, lag, value })),
  );
  return chart({
    ...{ ...small, color, width: 272 },
    x: { label: "lag", ticks: 4 },
    y: {
      label: "autocorrelation",
      domain: [Math.min(-0.2, ...points.map(({ value }) => value || 0)), 1],
      ticks: 4,
    },
    marks: [
      Plot.ruleY([0], { strokeOpacity: 0.4 }),
      Plot.line(points, { x: "lag", y: "value", z: "chain", stroke: "chain", strokeWidth: 1.25 }),
    ],
  });
}

/**
 * Returns medians with the middle 90 % of several quantities over one axis: a thick line for all draws, thin ones for
 * each chain.
 */
export function forestChart(
  rows: readonly { readonly name: string; readonly chains: ChainValues }[],
  labelWidth: number,
): string {
  const chains = rows[0].chains.length;
  const each = rows.flatMap(({ name, chains: own }) =>
    own.map((values, chain) => ({ name, chain, y: `${chain + 1}`, ...intervalOf([values]) })),
  );
  const all = rows.map(({ name, chains: own }) => ({ name, y: "0", ...intervalOf(own) }));
  const line = 8;
  return chart({
    ...{ color, width: 528, marginLeft: labelWidth, marginRight: 16 },
    ...{ marginTop: 8, marginBottom: 28, height: 40 + rows.length * ((chains + 1) * line + 8) },
    x: { label: null, ticks: 5, grid: true, nice: true },
    y: { axis: null, domain: ["0", ...Array.from({ length: chains }, (_, k) => `${k + 1}`)] },
    fy: { label: null, domain: rows.map(({ name }) => name), axis: "left", padding: 0.1 },
    marks: [
      Plot.ruleY(each, {
        ...{ fy: "name", y: "y", x1: "q5", x2: "q95", stroke: "chain" },
        ...{ strokeWidth: 1, strokeOpacity: 0.9 },
      }),
      Plot.dot(each, { fy: "name", y: "y", x: "median", fill: "chain", r: 1.75 }),
      Plot.ruleY(all, { fy: "name", y: "y", x1: "q5", x2: "q95", strokeWidth: 2.5 }),
      Plot.dot(all, { fy: "name", y: "y", x: "median", fill: "currentColor", r: 3.25 }),
    ],
  });
}

function intervalOf(chains: ChainValues) {
  const sorted = Float64Array.from(chains.flatMap((values) => [...values])).sort();
  const [q5, median, q95] = [0.05, 0.5, 0.95].map((p) => quantileOfSorted(sorted, p));
  return { q5, median, q95 };
}

/** Returns draws of two quantities against each other. Those that diverged are marked. */
export function pairChart(
  [xName, yName]: readonly [string, string],
  points: readonly { readonly x: number; readonly y: number; readonly diverged: boolean }[],
): string {
  return chart({
    ...{ width: 300, height: 260, marginLeft: 50, marginTop: 26, marginBottom: 34, marginRight: 10 },
    x: { label: xName, ticks: 4, nice: true },
    y: { label: yName, ticks: 4, nice: true },
    marks: [
      Plot.dot(points, {
        ...{ filter: ({ diverged }: { diverged: boolean }) => !diverged, x: "x", y: "y" },
        ...{ r: 1.5, fill: "currentColor", fillOpacity: 0.3 },
      }),
      Plot.dot(points, { filter: "diverged", x: "x", y: "y", r: 2.5, fill: ALARM }),
    ],
  });
}

/** Returns histograms of the energies about the mean of their chain, and of their steps from draw to draw. */
export function energyChart(energies: ChainValues): string {
  const draws = energies.length * energies[0].length;
  const values = energies.flatMap((chain) => {
    const mean = chain.reduce((sum, value) => sum + value, 0) / chain.length;
    const about = Array.from(chain, (value) => ({
      ...{ what: "energies", value: value - mean, share: 1 / draws },
    }));
    const steps = Array.from(chain.subarray(1), (value, t) => ({
      ...{ what: "steps", value: value - chain[t], share: 1 / (draws - energies.length) },
    }));
    return [...about, ...steps];
  });
  const total = (bin: typeof values) => bin.reduce((sum, { share }) => sum + share, 0);
  const bins = { x: "value", z: "what", thresholds: 40, curve: "step", stroke: "what", strokeWidth: 1.75 };
  const keys = ENERGY_COLORS.domain.map((key, row) =>
    Plot.text([key], { ...{ fill: [key], fontWeight: "bold" }, frameAnchor: "top-right", dy: 16 * row }),
  );
  return chart({
    ...{ width: 528, height: 240, marginLeft: 46, marginRight: 16, marginBottom: 34, marginTop: 26 },
    x: { label: "H", ticks: 6 },
    y: { label: "share", ticks: 4 },
    color: ENERGY_COLORS,
    marks: [Plot.lineY(values, Plot.binX({ y: total } as never, bins as never)), ...keys],
  });
}

const ENERGY_COLORS = { domain: ["energies", "steps"], range: ["#0b7a75", "#8a5fbf"] };
