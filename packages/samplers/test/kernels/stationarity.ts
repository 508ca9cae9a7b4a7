import type { Can, DifferentiableEnergy, Energy, Space } from "@basin/energy-core";
import { movesOf } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import { assertMean, type ForkingRng, type TransitionMatrix, transitionMatrix } from "@basin/testing";
import type { Kernel, KernelState, StepInfo } from "../../src/index.ts";
import { gaussian } from "../fixtures/energies.ts";

/** Covariance [[1, 0.6], [0.6, 1]] and its precision. */
const CORRELATION = 0.6;
const DETERMINANT = 1 - CORRELATION ** 2;
export const pair: DifferentiableEnergy = gaussian([
  [1 / DETERMINANT, -CORRELATION / DETERMINANT],
  [-CORRELATION / DETERMINANT, 1 / DETERMINANT],
]);

/** All states of a discrete space. */
export function statesOf<X>(space: Space<X>): X[] {
  const moves = movesOf(space, "the test");
  return Array.from({ length: space.count }, (_, k) => moves.state(k));
}

/** The exact transition matrix of one step of the real kernel among `states`. */
export function matrixOf<X, C extends Can<X, "moves">>(
  kernel: Kernel<NoInfer<Energy<X, C>>, NoInfer<X>>,
  energy: Energy<X, C>,
  states: readonly NoInfer<X>[],
  inverseTemperature: number,
): TransitionMatrix {
  const bound = kernel.bind(energy);
  return transitionMatrix(states, (state, rng: ForkingRng) => {
    const chain = bound.init(state);
    bound.step(rng as never, chain, inverseTemperature);
    return chain.position;
  });
}

function exactDraw(rng: Rng, inverseTemperature: number): Float64Array {
  const scale = 1 / Math.sqrt(inverseTemperature);
  const [a, b] = [scale * rng.normal(), scale * rng.normal()];
  return Float64Array.of(a, CORRELATION * a + Math.sqrt(DETERMINANT) * b);
}

/**
 * Starts many chains from exact draws of a correlated Gaussian, applies four steps, and throws unless the second and
 * fourth moments are still exact: replicas are independent, so that the error bars are those of plain averages.
 */
export function assertKeepsGaussian<S extends KernelState<Float64Array>, I extends StepInfo>(
  kernel: Kernel<DifferentiableEnergy, Float64Array, S, I>,
  { replicas = 100_000, inverseTemperature = 0.7, seed = 31 } = {},
): void {
  const rng = createRng(seed);
  const bound = kernel.bind(pair);
  const functions: [string, number, (x: Float64Array) => number][] = [
    ["⟨x⟩", 0, (x) => x[0]],
    ["⟨x²⟩", 1, (x) => x[0] ** 2],
    ["⟨y²⟩", 1, (x) => x[1] ** 2],
    ["⟨xy⟩", CORRELATION, (x) => x[0] * x[1]],
    ["⟨x⁴⟩", 3, (x) => x[0] ** 4],
    ["⟨|x + y|⟩", Math.sqrt((4 * (1 + CORRELATION)) / Math.PI), (x) => Math.abs(x[0] + x[1])],
  ];
  const sums = functions.map(() => [0, 0]);
  const x = new Float64Array(2);
  for (let r = 0; r < replicas; r++) {
    const state = bound.init(exactDraw(rng, inverseTemperature));
    for (let k = 0; k < 4; k++) bound.step(rng, state, inverseTemperature);
    for (let i = 0; i < 2; i++) x[i] = state.position[i] * Math.sqrt(inverseTemperature);
    for (let f = 0; f < functions.length; f++) {
      const value = functions[f][2](x);
      sums[f][0] += value;
      sums[f][1] += value * value;
    }
  }
  for (const [f, [what, truth]] of functions.entries()) {
    const mean = sums[f][0] / replicas;
    const standardError = Math.sqrt((sums[f][1] / replicas - mean * mean) / replicas);
    assertMean({ mean, standardError }, truth, { comparisons: 64, what });
  }
}
