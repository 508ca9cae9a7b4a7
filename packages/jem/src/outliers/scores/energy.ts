import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { energies } from "../energies.ts";
import { compiledEnergies } from "../energy-kernel.ts";
import { number, type ScoreKind } from "../kind.ts";
import { type LogitOptions, openLogits, type RowsLike } from "../rows.ts";

/** Options of {@link energyScore}. */
export interface EnergyScoreOptions extends LogitOptions {
  /** T, above 0. Default 1. */
  temperature?: number;
}

/**
 * Returns the energy of each row of logits, −T log Σ_y exp(f_y / T) (Liu et al. 2020). It is high if no class has a
 * large logit. Higher is more outlying.
 *
 * @param logits f(x) `[n, classes]`: nested arrays, `{ data, shape }`, or one array with `classes` given.
 *
 * @example
 * ```ts
 * import { energyScore } from "@basin/jem/outliers";
 *
 * console.log(energyScore([[4, 0], [0, 0]])); // −4.018 and −log 2 = −0.693: the second is the more outlying
 * console.log(energyScore({ data: Float32Array.of(4, 0), shape: [1, 2] }, { temperature: 10 }));
 * ```
 *
 * @throws {ArgumentError} for a number that is not finite, naming its row, and for probabilities in place of logits;
 *   {DimensionError} for what is not whole rows.
 */
export function energyScore(logits: RowsLike, options: EnergyScoreOptions = {}): Float64Array {
  checkOptions("energyScore", options, "temperature classes of");
  return energies(
    openLogits(logits, options),
    checkNumber("temperature", options.temperature ?? 1, { above: 0 }),
  );
}

/** The score {@link energyScore} as a table entry. */
export const energy: ScoreKind = {
  name: "energy",
  equation: "−T log Σ_y exp(f_y/T)",
  source: "Liu et al. 2020",
  needs: ["logits"],
  learns: false,
  options: { temperature: { default: 1, above: 0, what: "T of the energy" } },
  fit: (_, { temperature }) => ({ temperature: temperature as number }),
  score: (state, { logits }) => compiledEnergies(logits, number(state, "temperature")),
};
