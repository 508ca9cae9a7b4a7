import { ArgumentError, type Can, type Energy } from "@basin/energy-core";
import {
  checkOptions,
  resolveInverseTemperature,
  type TemperatureOptions,
} from "@basin/energy-core/internal";
import { exp, log } from "@basin/energy-core/random";

/**
 * Returns the negative log-pseudo-likelihood of data, −Σ_i log p(s_i | s_\i) with p(s_i | s_\i) = 1/(1 + exp(−β ΔE_i))
 * (Besag 1975): no partition function, and its minimum is that of the likelihood when data abound. Costs a gradient of
 * E for every spin of every datum.
 *
 * @example
 * ```ts
 * import { boltzmannMachine, pseudoLikelihood } from "@basin/ising/learn";
 *
 * const { loss } = pseudoLikelihood(boltzmannMachine(3), [Int8Array.of(1, 1, -1)]);
 * console.log(loss / Math.LN2); // 3: with no bonds every spin is a coin
 * ```
 *
 * @throws {ArgumentError} for no data.
 */
export function pseudoLikelihood(
  energy: Energy<Int8Array, Can<Int8Array, "moves" | "parameters">>,
  data: readonly Int8Array[],
  options: TemperatureOptions = {},
): {
  /** Mean over the data of −Σ_i log p(s_i | s_\i), in nats a state. */
  readonly loss: number;
  /** ∂loss/∂θ. */
  readonly gradient: Float64Array;
} {
  checkOptions("pseudoLikelihood", options, "inverseTemperature temperature");
  if (data.length === 0) throw new ArgumentError("no data were given, expected at least one state");
  const { moves, parameters } = energy.can;
  const beta = resolveInverseTemperature(options);
  const gradient = new Float64Array(parameters.values.length);
  let loss = 0;
  for (const state of data) {
    const cursor = moves(state);
    const other = state.slice();
    for (let i = 0; i < state.length; i++) {
      const delta = beta * cursor.delta(i);
      loss += (Math.max(0, -delta) + log(1 + exp(-Math.abs(delta)))) / data.length;
      // d/dθ log(1 + e^−βΔ) = −β σ(−βΔ) (∂E(flipped) − ∂E(s)).
      const pull = beta / (1 + exp(delta)) / data.length;
      parameters.addGradient(state, pull, gradient);
      other[i] = -other[i];
      parameters.addGradient(other, -pull, gradient);
      other[i] = -other[i];
    }
  }
  return { loss, gradient };
}
