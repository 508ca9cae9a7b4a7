import { checkNumber, type Energy } from "@basin/energy-core";
import { checkOptions, seedOf, spread } from "@basin/energy-core/internal";
import { createRng, type Rng } from "@basin/energy-core/random";
import type { RunOptions } from "@basin/energy-core/run";
import type { Kernel, KernelState, StepInfo } from "../kernel.ts";
import { series } from "./draws.ts";
import { sample } from "./sample.ts";

/** A model for simulation-based calibration: draws of the prior, simulated data, and the energy of the posterior. */
export interface GenerativeModel<D, E> {
  /** Returns parameters drawn from the prior. */
  prior(rng: Rng): Float64Array;
  /** Returns data drawn given parameters. */
  simulate(rng: Rng, parameters: Float64Array): D;
  /** Returns the energy of the posterior given data, over the same parameters. */
  posterior(data: D): E;
}

/** Options of {@link simulationBasedCalibration}; `onProgress` counts data sets. */
export interface CalibrationOptions extends RunOptions {
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /** Data sets simulated. Default 200. */
  simulations?: number;
  /** Number L of draws that each parameter is ranked among, so ranks are 0 … L. Default 63. */
  draws?: number;
  /** Kernel steps between draws, enough to make them nearly independent. Default 10. */
  thin?: number;
  /** Warm-up of each posterior. Default 500. */
  warmup?: number;
}

/** Ranks of the true parameters among posterior draws. */
export interface Calibration {
  /** Ranks by parameter: one array of `simulations` ranks in 0 … `draws` for each. Uniform if all is right. */
  readonly ranks: readonly Int32Array[];
  readonly draws: number;
  /** The seed used. */
  readonly seed: number;
}

/**
 * Returns the ranks of simulation-based calibration (Talts et al. 2018): parameters are drawn from the prior and data
 * from the parameters, and each parameter is ranked among draws of its posterior. The ranks are uniform if prior,
 * simulator, energy and sampler agree. A ∪ shape means that the draws are too narrow, a ∩ shape that they are too wide,
 * and a slope that they are biased.
 *
 * @example
 * ```ts
 * import { differentiable } from "@basin/energy-core";
 * import { nuts, simulationBasedCalibration } from "@basin/samplers";
 *
 * // μ ~ N(0, 1), y ~ N(μ, 1).
 * const { ranks } = await simulationBasedCalibration(
 *   {
 *     prior: (rng) => Float64Array.of(rng.normal()),
 *     simulate: (rng, [mu]) => mu + rng.normal(),
 *     posterior: (y: number) =>
 *       differentiable(1, ([mu], gradient) => {
 *         gradient[0] = 2 * mu - y;
 *         return 0.5 * mu * mu + 0.5 * (y - mu) ** 2;
 *       }),
 *   },
 *   nuts(),
 *   { seed: 1, simulations: 20, draws: 15, warmup: 100 },
 * );
 * console.log(ranks[0]); // uniform on 0 … 15
 * ```
 */
export async function simulationBasedCalibration<
  D,
  C extends object,
  S extends KernelState<Float64Array>,
  I extends StepInfo,
>(
  model: GenerativeModel<D, Energy<Float64Array, C>>,
  kernel: Kernel<NoInfer<Energy<Float64Array, C>>, Float64Array, S, I>,
  options: CalibrationOptions = {},
): Promise<Calibration> {
  checkOptions("simulationBasedCalibration", options, "seed simulations draws thin warmup signal onProgress");
  const simulations = checkNumber("simulations", options.simulations ?? 200, { min: 1, integer: true });
  const draws = checkNumber("draws", options.draws ?? 63, { min: 1, integer: true });
  const { thin = 10, warmup = 500, signal, onProgress } = options;
  const seed = seedOf(options);
  const root = createRng(seed);
  const here = async (s: number) => {
    const rng = root.split(s);
    const truth = model.prior(rng);
    const energy = model.posterior(model.simulate(rng, truth));
    // The true parameters are a draw of the posterior. Chains that start there leave the ranks uniform and need no
    // search.
    const run = { ...{ chains: 1, draws, thin, warmup, signal }, initial: truth, checkGradient: s === 0 };
    const posterior = await sample(energy, kernel, { ...run, seed: rng.uint32() });
    return Array.from(truth, (value, i) =>
      series(posterior, i)[0].reduce((below, x) => below + (x < value ? 1 : 0), 0),
    );
  };
  const found = await spread(simulations, { here }, { signal, onProgress });
  return { ranks: found[0].map((_, i) => Int32Array.from(found, (ranks) => ranks[i])), draws, seed };
}
