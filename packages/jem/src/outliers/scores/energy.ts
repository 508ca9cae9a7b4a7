import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { expBelow0 } from "../exp.ts";
import { number, type ScoreKind } from "../kind.ts";
import { type LogitOptions, mapRows, openLogits, type Rows, type RowsLike } from "../rows.ts";

/** Options of {@link energyScore}. */
export interface EnergyScoreOptions extends LogitOptions {
  /** T, above 0. Default 1. */
  temperature?: number;
}

/**
 * Returns the energy of each row of logits, −T log Σ_y exp(f_y / T) (Liu et al. 2020): high where no class has a large logit. Higher is more
 * outlying.
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
 * @throws {ArgumentError} for a number that is not finite, naming its row, and for probabilities in place of logits; {DimensionError} for what is
 *   not whole rows.
 */
export function energyScore(logits: RowsLike, options: EnergyScoreOptions = {}): Float64Array {
  checkOptions("energyScore", options, "temperature classes of");
  return energies(
    openLogits(logits, options),
    checkNumber("temperature", options.temperature ?? 1, { above: 0 }),
  );
}

/** The score {@link energyScore} in the table. */
export const energy: ScoreKind = {
  name: "energy",
  equation: "−T log Σ_y exp(f_y/T)",
  source: "Liu et al. 2020",
  needs: ["logits"],
  learns: false,
  options: { temperature: { default: 1, above: 0, what: "T of the energy" } },
  fit: (_, { temperature }) => ({ temperature: temperature as number }),
  score: (state, { logits }) => energies(logits, number(state, "temperature")),
};

/** Returns −T log Σ_y exp(f_y / T) of each row, the largest taken out. */
export function energies(logits: Rows, temperature: number): Float64Array {
  const inverse = 1 / temperature;
  return mapRows(logits, (data, from, to) => {
    let most = data[from];
    for (let k = from + 1; k < to; k++) if (data[k] > most) most = data[k];
    let sum = 0;
    for (let k = from; k < to; k++) sum += expBelow0((data[k] - most) * inverse);
    return -most - temperature * Math.log(sum);
  });
}
