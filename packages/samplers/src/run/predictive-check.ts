import { ArgumentError, DimensionError } from "@basin/energy-core";
import { checkKind, checkNumbers } from "@basin/energy-core/internal";
import { type Estimate, estimateMean } from "../diagnose/estimate.ts";
import { checkDraws, type Draws, deriveDraws, type StateArray, series } from "./draws.ts";

/**
 * Returns a posterior predictive check (Rubin 1984; Gelman, Meng & Stern 1996): the share of the replicated data y_rep
 * whose statistic T is at least that of the data y, with its Monte Carlo standard error.
 *
 * @param replicated draws of data like those observed, such as those of {@link generateDraws}.
 * @param statistic T. Its argument is valid during the call.
 * @throws {DimensionError} for data of another length. @throws {ArgumentError} if T is not finite.
 *
 * @example
 * ```ts
 * import { differentiable } from "@basin/energy-core";
 * import { generateDraws, nuts, predictiveCheck, sample } from "@basin/samplers";
 *
 * // Normal observations of unknown mean, one of them far from the others.
 * const y = [0.3, -0.9, 1.4, 0.2, 4];
 * const energy = differentiable(1, ([mu], out) => {
 *   out[0] = y.reduce((sum, value) => sum + mu - value, 0);
 *   return y.reduce((sum, value) => sum + 0.5 * (value - mu) ** 2, 0);
 * });
 * const draws = await sample(energy, nuts(), { seed: 1, names: ["mu"] });
 * const replicated = generateDraws(draws, ({ mu: [mu] }, rng) => ({ y: y.map(() => mu + rng.normal()) }), { seed: 2 });
 * const { pValue } = predictiveCheck(replicated, y, (values) => Math.max(...values));
 * console.log(pValue.mean, "±", pValue.standardError); // small: the model seldom has such an observation
 * ```
 */
export function predictiveCheck<X extends StateArray>(
  replicated: Draws<X>,
  observed: ArrayLike<number>,
  statistic: (values: Float64Array) => number,
): {
  /**
   * P(T(y_rep) ≥ T(y)). It is near 0 or 1 if the model does not generate such data. Its error is NaN if every
   * replication is on one side.
   */
  readonly pValue: Estimate;
  /** T(y). */
  readonly observed: number;
  /** T(y_rep) at each draw, an array a chain. */
  readonly replicated: readonly Float64Array[];
} {
  checkDraws(replicated, "predictiveCheck");
  checkNumbers("observed", observed);
  checkKind("statistic", statistic, typeof statistic === "function", "a function of the values of the data");
  if (observed.length !== replicated.dimension)
    throw new DimensionError(
      `there are ${observed.length} observations, and ${replicated.dimension} in each replication: ${replicated.names.slice(0, 4).join(", ")}${replicated.dimension > 4 ? ", …" : ""}`,
    );
  const of = (values: ArrayLike<number>, where: string) => {
    const found = statistic(Float64Array.from(values));
    if (Number.isFinite(found)) return found;
    throw new ArgumentError(`the statistic of ${where} is ${found}, expected a finite number`);
  };
  const own = of(observed, "the observations");
  const derived = deriveDraws(replicated, ["statistic"], (values) => [of(values, "a replication")]);
  const chains = series(derived, 0);
  const atLeast = chains.map((chain) => chain.map((value) => (value >= own ? 1 : 0)));
  return { pValue: estimateMean(atLeast), observed: own, replicated: chains };
}
