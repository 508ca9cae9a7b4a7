import { ArgumentError, checkNumber, type DifferentiableEnergy, EnergyValueError } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import type { Metric } from "../adapt/metric-learner.ts";
import type { BoundKernel, Kernel, KernelState, StepInfo } from "../kernel.ts";
import { checkStart, copyVector, type GradientState, gradientState } from "./hamiltonian.ts";
import { type HmcKernel, hmc } from "./hmc.ts";
import { checkDifferentiable } from "./spaces.ts";

/** Diagnostics of an unadjusted Langevin step. */
export interface LangevinInfo extends StepInfo {
  /** s²/(2a): the temperature that the step size and the noise imply as a → 0. */
  readonly impliedTemperature: number;
  /** Gradients evaluated: 1. */
  readonly gradients: number;
}

/** Options of {@link ula}. */
export interface UlaOptions {
  /** Step size a of the drift, above 0. No default: it decides how far the law is off. */
  stepSize: number;
  /**
   * Noise scale s. Default √(2a/β), which makes the temperature 1/β. If it is given, the temperature is s²/(2a) for
   * every β, and each step reports it as `impliedTemperature`.
   */
  noiseScale?: number;
}

/** A kernel of unadjusted Langevin steps. */
export type UlaKernel = Kernel<DifferentiableEnergy, Float64Array, GradientState, LangevinInfo>;

/**
 * Returns the unadjusted Langevin algorithm, x ← x − a ∇E(x) + s ξ with ξ standard normal. Its law is exp(−βE) only in
 * the limit a → 0. On a Gaussian of precision λ, its exact variance is T/(λ(1 − aλ/2)) with T = s²/(2a) (Roberts &
 * Tweedie 1996). {@link mala} adds the Metropolis test that removes the error.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { ula, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), ula({ stepSize: 0.1 }), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export function ula(options: UlaOptions): UlaKernel {
  checkOptions("ula", options, "stepSize noiseScale");
  const stepSize = checkNumber("stepSize", options.stepSize, { above: 0 });
  const { noiseScale } = options;
  if (noiseScale !== undefined) checkNumber("noiseScale", noiseScale, { min: 0 });
  return {
    name: "ula",
    bind(energy) {
      checkDifferentiable(energy, "ula");
      const info = {
        acceptanceProbability: 1,
        diverged: false,
        undefinedEnergy: false,
        impliedTemperature: 1,
        gradients: 1,
      };
      const next = new Float64Array(energy.space.dimension);
      const gradient = new Float64Array(energy.space.dimension);
      return {
        init: (position) => gradientState(energy, position),
        step(rng, state, inverseTemperature) {
          const noise = noiseScale ?? derivedNoise(stepSize, inverseTemperature);
          for (let i = 0; i < next.length; i++) {
            next[i] = state.position[i] - stepSize * state.gradient[i] + noise * rng.normal();
          }
          const value = energy.can.gradient(next, gradient);
          info.impliedTemperature = (noise * noise) / (2 * stepSize);
          // If the energy is not finite, the chain stays, and the step counts as a divergence.
          info.diverged = !Number.isFinite(value);
          info.undefinedEnergy = Number.isNaN(value);
          info.acceptanceProbability = info.diverged ? 0 : 1;
          if (!info.diverged) {
            copyVector(next, state.position);
            copyVector(gradient, state.gradient);
            state.energy = value;
          }
          return info;
        },
      };
    },
  };
}

function derivedNoise(stepSize: number, inverseTemperature: number): number {
  if (inverseTemperature === 0) {
    throw new ArgumentError("inverseTemperature is 0, which asks for infinite noise; give a noiseScale");
  }
  return Math.sqrt((2 * stepSize) / inverseTemperature);
}

/** The state of {@link sgld}. It keeps no gradient, because each gradient is a new estimate. */
export interface SgldState extends KernelState<Float64Array> {
  energy: number;
  /** Steps taken, which the schedule of step sizes reads. */
  steps: number;
}

/** Options of {@link sgld}. */
export interface SgldOptions {
  /** Step size a, above 0: a number, or a function of the steps taken so far. */
  stepSize: number | ((step: number) => number);
  /** Noise scale s. Default √(2a/β), renewed with a. Given, the implied temperature s²/(2a) is reported instead. */
  noiseScale?: number;
}

/** A kernel of stochastic-gradient Langevin steps. */
export type SgldKernel = Kernel<DifferentiableEnergy, Float64Array, SgldState, LangevinInfo>;

/**
 * Returns stochastic gradient Langevin dynamics, x ← x − a_t ∇Ê(x) + s_t ξ (Welling & Teh 2011), for energies whose
 * gradient is an unbiased estimate, such as one from a minibatch. Every step computes a new one. With exact gradients
 * and constant a it is {@link ula}. Noise of variance V in the gradients adds a V/2 to the temperature.
 *
 * The `energy` it reports is the estimate at the position before the step.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { sgld, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), sgld({ stepSize: (step) => 0.1 / (1 + step / 1000) }), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export function sgld(options: SgldOptions): SgldKernel {
  checkOptions("sgld", options, "stepSize noiseScale");
  const { stepSize, noiseScale } = options;
  if (typeof stepSize === "number") checkNumber("stepSize", stepSize, { above: 0 });
  if (noiseScale !== undefined) checkNumber("noiseScale", noiseScale, { min: 0 });
  return {
    name: "sgld",
    bind(energy): BoundKernel<Float64Array, SgldState, LangevinInfo> {
      checkDifferentiable(energy, "sgld");
      const gradient = new Float64Array(energy.space.dimension);
      const info = { acceptanceProbability: 1, diverged: false, impliedTemperature: 1, gradients: 1 };
      return {
        memory: (state) => [state.steps],
        init(position, memory = [0]) {
          const value = energy.can.gradient(position, gradient);
          checkStart(value, position, energy);
          return { position: position.slice(), energy: value, steps: memory[0] };
        },
        step(rng, state, inverseTemperature) {
          const a = typeof stepSize === "number" ? stepSize : stepSize(state.steps);
          checkNumber("stepSize", a, { above: 0 });
          const noise = noiseScale ?? derivedNoise(a, inverseTemperature);
          state.energy = energy.can.gradient(state.position, gradient);
          if (!Number.isFinite(state.energy)) {
            throw new EnergyValueError(
              `after ${state.steps} steps the energy is ${state.energy}: the dynamics ran away; use a smaller step size`,
            );
          }
          for (let i = 0; i < gradient.length; i++) {
            state.position[i] += noise * rng.normal() - a * gradient[i];
          }
          state.steps++;
          info.impliedTemperature = (noise * noise) / (2 * a);
          return info;
        },
      };
    },
  };
}

/** Options of {@link mala}. */
export interface MalaOptions {
  /** Step size ε of the proposal x − (ε²/2) β∇E + ε ξ, above 0. Default 1; warm-up replaces it. */
  stepSize?: number;
  /** Mean acceptance probability that warm-up tunes ε to. Default 0.574 (Roberts & Rosenthal 1998). */
  targetAcceptance?: number;
  /** Preconditioner that warm-up learns. Default "low-rank". */
  metric?: Metric;
}

/**
 * Returns the Metropolis-adjusted Langevin algorithm: the {@link ula} proposal with a = ε²/2, with a Metropolis test
 * that makes exp(−βE) exactly invariant (Besag 1994; Roberts & Tweedie 1996). It runs as Hamiltonian Monte Carlo with
 * one leapfrog step.
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { mala, sample, summary } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), mala(), { seed: 1 });
 * console.table(summary(draws));
 * ```
 */
export function mala(options: MalaOptions = {}): HmcKernel {
  checkOptions("mala", options, "stepSize targetAcceptance metric");
  const { targetAcceptance = 0.574, ...rest } = options;
  const { bind, warmup } = hmc({ ...rest, targetAcceptance, steps: 1, jitter: 0 });
  return {
    name: "mala",
    warmup,
    bind(energy) {
      checkDifferentiable(energy, "mala");
      return bind(energy);
    },
  };
}
