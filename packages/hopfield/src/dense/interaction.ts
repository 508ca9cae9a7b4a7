import { checkNumber } from "@basin/energy-core";
import { exp, log } from "@basin/energy-core/random";

/** How strongly a pattern attracts a state at the overlap M = Σ_i ξ_i S_i, an integer in [−N, N]. */
export interface Interaction {
  /** The name it is reported under. */
  readonly name: string;
  /** n or β of an interaction of this package, from which a thread recreates it; absent on others. */
  readonly parameter?: { readonly order: number } | { readonly sharpness: number };
  /** Returns the interaction for states of `neurons` spins and `patterns` patterns, to be used by one cursor. */
  bind(neurons: number, patterns: number): BoundInteraction;
}

/** An interaction with the caches of one cursor. */
export interface BoundInteraction {
  /** Takes note of the overlaps M^μ (which it may keep) and returns E. Called after every change. */
  refresh(overlaps: Int32Array): number;
  /**
   * Returns the change of E when a spin flips that contributes c^μ = `spin` · `columns[at + μ]` to M^μ.
   *
   * @param spin −1 or +1.
   */
  delta(columns: Int8Array, at: number, spin: number): number;
}

/**
 * Returns E = −N Σ_μ (M^μ/N)ⁿ (Krotov & Hopfield 2016). n = 2 is Hebb's energy up to a factor and a constant; P at a
 * given error grows like N^(n−1). With an even n a state and its negative have the same energy.
 *
 * @param order n, an integer from 2 to 64.
 *
 * @example
 * ```ts
 * import { denseMemory, polynomialInteraction } from "@basin/hopfield";
 *
 * console.log(denseMemory([[1, -1, 1]], { interaction: polynomialInteraction(3) }).energy(Int8Array.of(1, -1, 1))); // −3
 * ```
 */
export function polynomialInteraction(order: number): Interaction {
  checkNumber("order", order, { min: 2, max: 64, integer: true });
  return {
    name: `polynomial ${order}`,
    parameter: { order },
    bind(neurons) {
      const terms = Float64Array.from(
        { length: 2 * neurons + 1 },
        (_, k) => neurons * power((k - neurons) / neurons, order),
      );
      let current: Int32Array = new Int32Array(0);
      return {
        refresh(overlaps) {
          current = overlaps;
          let sum = 0;
          for (const overlap of overlaps) sum += terms[overlap + neurons];
          return -sum;
        },
        delta(columns, at, spin) {
          let sum = 0;
          for (let mu = 0; mu < current.length; mu++) {
            const k = current[mu] + neurons;
            sum += terms[k] - terms[k - 2 * spin * columns[at + mu]];
          }
          return sum;
        },
      };
    },
  };
}

/**
 * Returns E = −(1/β) log Σ_μ exp(β M^μ) with β = `sharpness`: the logarithm of Demircigil et al. (2017), which has the
 * same minima and descents and stays finite for any N. It stores of the order 2^(N/2) patterns.
 *
 * @param sharpness β in (0, 100]. Default 1, Demircigil's.
 *
 * @example
 * ```ts
 * import { denseMemory, exponentialInteraction } from "@basin/hopfield";
 *
 * console.log(denseMemory([[1, -1, 1]], { interaction: exponentialInteraction() }).energy(Int8Array.of(1, -1, 1))); // −3
 * ```
 */
export function exponentialInteraction(sharpness = 1): Interaction {
  checkNumber("sharpness", sharpness, { above: 0, max: 100 });
  const rise = exp(2 * sharpness);
  const fall = exp(-2 * sharpness);
  return {
    name: sharpness === 1 ? "exponential" : `exponential ${sharpness}`,
    parameter: { sharpness },
    bind(neurons, patterns) {
      const decay = Float64Array.from({ length: 2 * neurons + 1 }, (_, k) => exp(-sharpness * k));
      // Shares relative to the nearest pattern: absolute ones would underflow far from all patterns.
      const shares = new Float64Array(patterns);
      let total = 0;
      return {
        refresh(overlaps) {
          let largest = -neurons;
          for (const overlap of overlaps) if (overlap > largest) largest = overlap;
          total = 0;
          for (let mu = 0; mu < patterns; mu++) {
            shares[mu] = decay[largest - overlaps[mu]];
            total += shares[mu];
          }
          return -largest - log(total) / sharpness;
        },
        delta(columns, at, spin) {
          let signed = 0;
          for (let mu = 0; mu < patterns; mu++) signed += shares[mu] * columns[at + mu];
          signed *= spin;
          // Patterns that agree with the spin lose two in their overlap, the others gain two.
          const ratio = (0.5 * (total + signed) * fall + 0.5 * (total - signed) * rise) / total;
          return -log(ratio) / sharpness;
        },
      };
    },
  };
}

/** Repeated products: Math.pow differs between engines. */
function power(x: number, n: number): number {
  let product = 1;
  for (let k = 0; k < n; k++) product *= x;
  return product;
}
