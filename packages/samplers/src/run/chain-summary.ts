import { energyFraction } from "../diagnose/energy-fraction.ts";
import type { ChainDraws, Draws, StateArray } from "./draws.ts";

/** Statistics of one chain. NaN if the kernel does not record the statistic. */
export interface ChainSummaryRow {
  /** Mean acceptance probability. */
  readonly acceptance: number;
  /** Mean step size ε. */
  readonly stepSize: number;
  /** Mean and greatest number of doublings of a trajectory. */
  readonly treeDepth: number;
  readonly maxTreeDepth: number;
  /** Draws whose trajectory stopped at the greatest depth allowed. */
  readonly saturated: number;
  /** Gradients per draw. */
  readonly gradients: number;
  /** Energy fraction (E-BFMI). */
  readonly energyFraction: number;
  /** Number of draws that diverged, and of those that met an energy of NaN. */
  readonly divergences: number;
  readonly undefinedEnergies: number;
}

/**
 * Returns a line for each chain: acceptance, step size, tree depth, gradients, energy fraction and divergences. Made
 * for `console.table`; {@link warnings} judges them.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { chainSummary, nuts, sample } from "@basin/samplers";
 *
 * console.table(chainSummary(await sample(gaussian({ dimension: 3 }), nuts(), { seed: 1 })));
 * ```
 */
export function chainSummary<X extends StateArray>(draws: Draws<X>): Record<string, ChainSummaryRow> {
  return Object.fromEntries(draws.chains.map((chain, k) => [`chain ${k}`, rowOf(chain)]));
}

function rowOf<X extends StateArray>({ stats }: ChainDraws<X>): ChainSummaryRow {
  const sum = (name: string) => (stats[name] ?? [Number.NaN]).reduce((total, value) => total + value, 0);
  const mean = (name: string) => sum(name) / (stats[name]?.length ?? 1);
  const { hamiltonian } = stats;
  const treeDepth = stats.treeDepth ?? Float64Array.of(Number.NaN);
  return {
    acceptance: mean("acceptanceProbability"),
    stepSize: mean("stepSize"),
    treeDepth: mean("treeDepth"),
    maxTreeDepth: treeDepth.reduce((most, depth) => Math.max(most, depth), -Infinity),
    saturated: sum("saturated"),
    gradients: mean("gradients"),
    energyFraction:
      hamiltonian === undefined || hamiltonian.length < 4 ? Number.NaN : energyFraction(hamiltonian)[0],
    divergences: sum("diverged"),
    undefinedEnergies: sum("undefinedEnergy"),
  };
}

/** A draw whose step diverged. */
export interface Divergence<X extends StateArray = Float64Array> {
  readonly chain: number;
  readonly draw: number;
  /** A copy of the position after that step, near the place where the trajectory failed. */
  readonly position: X;
  /** Whether the energy there was NaN. */
  readonly undefinedEnergy: boolean;
}

/**
 * Returns the draws whose step diverged, with their positions. Where they cluster, the energy curves too sharply for
 * the step size, or is undefined.
 *
 * @example
 * ```ts
 * import { funnel } from "@basin/energy-core/targets";
 * import { divergences, nuts, sample } from "@basin/samplers";
 *
 * const draws = await sample(funnel({ dimension: 5 }), nuts(), { seed: 2 });
 * for (const { chain, draw, position } of divergences(draws).slice(0, 3)) console.log(chain, draw, position);
 * ```
 */
export function divergences<X extends StateArray>(draws: Draws<X>): Divergence<X>[] {
  const { dimension } = draws;
  return draws.chains.flatMap(({ stats, positions }, chain) =>
    [...(stats.diverged ?? [])].flatMap((diverged, draw) =>
      diverged === 1
        ? [
            {
              chain,
              draw,
              position: positions.slice(draw * dimension, (draw + 1) * dimension) as X,
              undefinedEnergy: stats.undefinedEnergy?.[draw] === 1,
            },
          ]
        : [],
    ),
  );
}
