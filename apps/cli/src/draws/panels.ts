import { type Draws, energyFraction, type StateArray, series, whyUndefined } from "@basin/samplers";
import {
  autocorrelationChart,
  type ChainValues,
  energyChart,
  forestChart,
  pairChart,
  rankChart,
  traceChart,
} from "../charts/chains.ts";
import type { Figure } from "../html/page.ts";

/** The most points of a pair, and the most marks of divergences in it. */
const POINTS = 500;

const untold = { untold: true };

/** Whether a quantity can be plotted: it moves, and all its draws are finite. */
export function isPlottable(draws: Draws<StateArray>, name: string): boolean {
  return whyUndefined(series(draws, name)) === undefined;
}

/** Returns the trace, ranks and autocorrelations of a quantity. */
export function quantityFigures(draws: Draws<StateArray>, name: string): Figure[] {
  const chains = series(draws, name);
  const diverged = draws.chains.map(({ stats }) => stats.diverged ?? new Float64Array(0));
  return [
    { ...untold, caption: `Trace of ${name}`, width: 520, svg: traceChart(chains, diverged) },
    { ...untold, caption: `Ranks of ${name}`, width: 272, svg: rankChart(chains) },
    { ...untold, caption: `Autocorrelations of ${name}`, width: 272, svg: autocorrelationChart(chains) },
  ];
}

/** Returns forest plots. Quantities of one variable share an axis. */
export function forestFigures(draws: Draws<StateArray>, names: readonly string[]): Figure[] {
  const variables = new Map<string, string[]>();
  for (const name of names.filter((each) => isPlottable(draws, each))) {
    const variable = /^(.+?)(\[.*\])?$/s.exec(name)?.[1] ?? name;
    variables.set(variable, [...(variables.get(variable) ?? []), name]);
  }
  const labelWidth = 20 + 6.5 * Math.min(24, Math.max(...names.map(({ length }) => length)));
  return [...variables].map(([variable, own]) => ({
    ...{ ...untold, caption: `Forest of ${variable}`, width: 528 },
    svg: forestChart(
      own.map((name) => ({ name, chains: series(draws, name) })),
      labelWidth,
    ),
  }));
}

/** Returns plots of each pair of quantities. */
export function pairFigures(draws: Draws<StateArray>, names: readonly string[]): Figure[] {
  const at = placesOf(draws);
  const values = names.map((name) => series(draws, name));
  return names.flatMap((yName, row) =>
    names.slice(0, row).map((xName, column) => ({
      ...{ ...untold, caption: `${yName} against ${xName}`, width: 300 },
      svg: pairChart(
        [xName, yName],
        at.map(({ chain, draw, diverged }) => ({
          ...{ x: values[column][chain][draw], y: values[row][chain][draw], diverged },
        })),
      ),
      style: `grid-area: ${row} / ${column + 1}`,
    })),
  );
}

/** Returns the draws that a pair shows: an evenly spread part of those that did not diverge, and those that did. */
function placesOf({ chains, draws }: Draws<StateArray>) {
  const all = chains.flatMap(({ stats }, chain) =>
    Array.from({ length: draws }, (_, draw) => ({ chain, draw, diverged: stats.diverged?.[draw] === 1 })),
  );
  return [false, true].flatMap((which) => {
    const own = all.filter(({ diverged }) => diverged === which);
    const step = Math.max(1, own.length / POINTS);
    return Array.from({ length: Math.min(own.length, POINTS) }, (_, k) => own[Math.floor(k * step)]);
  });
}

/** Returns plots of the energies of Hamiltonian kernels; none for other kernels. */
export function energyFigures({ chains }: Draws<StateArray>): Figure[] {
  const energies: ChainValues = chains.flatMap(({ stats: { hamiltonian } }) => hamiltonian ?? []);
  if (energies.length < chains.length || whyUndefined(energies) !== undefined) return [];
  const fractions = energyFraction(energies).map((fraction) => fraction.toFixed(2));
  const caption = `Energy fraction (E-BFMI) of the chains: ${fractions.join(", ")}.`;
  return [{ caption, width: 528, svg: energyChart(energies) }];
}
