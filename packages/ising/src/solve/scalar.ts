import { exp, type Rng } from "@basin/energy-core/random";
import type { Kernel, KernelState } from "@basin/samplers";
import { statedBinaryForm } from "../problem/binary-form.ts";
import { isRounded, localFields, type SpinProblem } from "../problem/spin-problem.ts";

// Below 2⁻⁵³, exp(−x) is less than the smallest step of a uniform number.
const HOPELESS = 37;

/** A state with its local fields. */
interface ScalarState extends KernelState<Int8Array> {
  readonly local: Float64Array;
}

/**
 * Returns a kernel: single-spin Metropolis dynamics in double precision, for couplings and fields of any size. A step
 * visits the spins in ascending order and flips each with probability min(1, exp(−β ΔE)), ΔE = 2 σ_i (Σ_j J_ij σ_j +
 * h_i).
 */
export function scalar(): Kernel<SpinProblem, Int8Array, ScalarState> {
  const info = { acceptanceProbability: 1, diverged: false };
  return {
    name: "scalar",
    bind: (problem) => ({
      init(start) {
        const position = start.slice();
        return {
          position,
          local: localFields(problem, position),
          get energy() {
            return problem.energy(position);
          },
        };
      },
      step(rng, { position, local }, inverseTemperature) {
        sweep(problem, position, local, inverseTemperature, rng);
        return info;
      },
    }),
  };
}

/** Makes one Metropolis sweep in ascending order. `local` holds the local fields of `state` and is kept up to date. */
export function sweep(
  problem: SpinProblem,
  state: Int8Array,
  local: Float64Array,
  inverseTemperature: number,
  rng: Rng,
): void {
  for (let i = 0; i < state.length; i++) {
    const x = 2 * inverseTemperature * state[i] * local[i];
    if (x <= 0 || (x < HOPELESS && rng.bernoulli(exp(-x)))) flip(problem, state, local, i);
  }
}

/** Flips spins in place while a flip lowers the energy, and returns the final energy. */
export function descend(problem: SpinProblem, state: Int8Array): number {
  const stated = isRounded(problem) ? statedBinaryForm(problem) : undefined;
  if (stated !== undefined) return descendBits(problem, stated.linear, state);
  const local = localFields(problem, state);
  // Rounding in cached real fields could repeat a flip forever, so the number of passes is bounded.
  for (let pass = 0; pass < 1000; pass++) {
    let flips = 0;
    for (let i = 0; i < state.length; i++) {
      if (state[i] * local[i] < 0) {
        flip(problem, state, local, i);
        flips++;
      }
    }
    if (flips === 0) break;
  }
  return problem.energy(state);
}

/** Does the same over the bits that a problem was stated in. Large penalties round h and J, but not these sums. */
function descendBits(problem: SpinProblem, linear: Float64Array, state: Int8Array): number {
  const { starts, neighbors, values } = problem.adjacency;
  for (let flips = 1; flips > 0; ) {
    flips = 0;
    for (let i = 0; i < state.length; i++) {
      let high = linear[i];
      let low = 0;
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        if (state[neighbors[k]] < 0) continue;
        const term = -4 * values[k];
        const sum = high + term;
        const part = sum - high;
        low += high - (sum - part) + (term - part);
        high = sum;
      }
      if (state[i] * (high + low) <= 0) continue;
      state[i] = -state[i];
      flips++;
    }
  }
  return problem.energy(state);
}

function flip(problem: SpinProblem, state: Int8Array, local: Float64Array, i: number): void {
  const { starts, neighbors, values } = problem.adjacency;
  const change = -2 * state[i];
  state[i] = -state[i];
  for (let k = starts[i]; k < starts[i + 1]; k++) local[neighbors[k]] += change * values[k];
}
