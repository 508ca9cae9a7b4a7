import { type DifferentiableEnergy, DimensionError } from "@basin/energy-core";
import { checkLength } from "@basin/energy-core/internal";
import type { Metric } from "../adapt/metric-learner.ts";
import type { PhasePoint } from "./hamiltonian.ts";

/**
 * The leapfrog integrator in coordinates where momenta are standard normal: with M⁻¹ = S Sᵀ, p ← p − (ε/2) β Sᵀ∇E(x), x
 * ← x + ε S p, p ← p − (ε/2) β Sᵀ∇E(x). The same flow as with mass matrix M, but kinetic energies and U-turns are plain
 * dot products whatever the metric.
 */
export interface Leapfrog {
  /** Advances `point` in place by ε (negative: backwards in time) and evaluates one gradient. Nothing is allocated. */
  step(point: PhasePoint, stepSize: number, inverseTemperature: number): void;
  /**
   * Replaces S: `[s₁ … s_d]` for a diagonal metric, the row-major lower factor for a dense one, and for low rank, S = D
   * (1 + Σ_k f_k u_k u_kᵀ), `[D₁ … D_d, f₁, u₁, f₂, u₂ …]`.
   */
  setScale(scale: Float64Array): void;
  /** S as last set. */
  readonly scale: Float64Array;
}

/** Returns the integrator of a metric, with S the unit matrix. */
export function leapfrogOf(metric: Metric, energy: DifferentiableEnergy): Leapfrog {
  if (metric === "dense") return denseLeapfrog(energy);
  return metric === "low-rank" ? lowRankLeapfrog(energy) : diagonalLeapfrog(energy);
}

function diagonalLeapfrog(energy: DifferentiableEnergy): Leapfrog {
  const { can } = energy;
  const d = energy.space.dimension;
  const scale = new Float64Array(d).fill(1);
  return {
    scale,
    setScale(next) {
      checkLength("scale", next.length, d);
      scale.set(next);
    },
    step(point, stepSize, inverseTemperature) {
      const { position, momentum, gradient } = point;
      const half = 0.5 * stepSize * inverseTemperature;
      for (let i = 0; i < d; i++) {
        const p = momentum[i] - half * scale[i] * gradient[i];
        momentum[i] = p;
        position[i] += stepSize * scale[i] * p;
      }
      point.energy = can.gradient(position, gradient);
      let square = 0;
      for (let i = 0; i < d; i++) {
        const p = momentum[i] - half * scale[i] * gradient[i];
        momentum[i] = p;
        square += p * p;
      }
      point.kinetic = 0.5 * square;
    },
  };
}

/** S is lower triangular. */
function denseLeapfrog(energy: DifferentiableEnergy): Leapfrog {
  const { can } = energy;
  const d = energy.space.dimension;
  const scale = new Float64Array(d * d);
  for (let i = 0; i < d; i++) scale[i * d + i] = 1;
  const kick = new Float64Array(d);
  const applyKick = (gradient: Float64Array, momentum: Float64Array, factor: number) => {
    kick.fill(0);
    for (let i = 0; i < d; i++) {
      const g = gradient[i];
      for (let j = 0, at = i * d; j <= i; j++, at++) kick[j] += scale[at] * g;
    }
    for (let i = 0; i < d; i++) momentum[i] -= factor * kick[i];
  };
  return {
    scale,
    setScale(next) {
      checkLength("scale", next.length, d * d);
      scale.set(next);
    },
    step(point, stepSize, inverseTemperature) {
      const { position, momentum, gradient } = point;
      const half = 0.5 * stepSize * inverseTemperature;
      applyKick(gradient, momentum, half);
      for (let i = 0; i < d; i++) {
        let drift = 0;
        for (let j = 0, at = i * d; j <= i; j++, at++) drift += scale[at] * momentum[j];
        position[i] += stepSize * drift;
      }
      point.energy = can.gradient(position, gradient);
      applyKick(gradient, momentum, half);
      let square = 0;
      for (let i = 0; i < d; i++) square += momentum[i] * momentum[i];
      point.kinetic = 0.5 * square;
    },
  };
}

/** S = D (1 + Σ_k f_k u_k u_kᵀ) with orthonormal u_k: a step costs O(d) for each direction beside the diagonal. */
function lowRankLeapfrog(energy: DifferentiableEnergy): Leapfrog {
  const { can } = energy;
  const d = energy.space.dimension;
  let scale = new Float64Array(d).fill(1);
  const buffer = new Float64Array(d);
  /** buffer ← (1 + Σ f u uᵀ) buffer. */
  const stretch = () => {
    for (let at = d; at < scale.length; at += d + 1) {
      let along = 0;
      for (let i = 0; i < d; i++) along += scale[at + 1 + i] * buffer[i];
      along *= scale[at];
      for (let i = 0; i < d; i++) buffer[i] += along * scale[at + 1 + i];
    }
  };
  const kick = (gradient: Float64Array, momentum: Float64Array, factor: number) => {
    for (let i = 0; i < d; i++) buffer[i] = scale[i] * gradient[i];
    stretch();
    for (let i = 0; i < d; i++) momentum[i] -= factor * buffer[i];
  };
  return {
    get scale() {
      return scale;
    },
    setScale(next) {
      const directions = (next.length - d) / (d + 1);
      if (!Number.isInteger(directions) || directions < 0) {
        throw new DimensionError(
          `scale has ${next.length} numbers, expected ${d} and ${d + 1} for each direction`,
        );
      }
      scale = Float64Array.from(next);
    },
    step(point, stepSize, inverseTemperature) {
      const { position, momentum, gradient } = point;
      const half = 0.5 * stepSize * inverseTemperature;
      kick(gradient, momentum, half);
      for (let i = 0; i < d; i++) buffer[i] = momentum[i];
      stretch();
      for (let i = 0; i < d; i++) position[i] += stepSize * scale[i] * buffer[i];
      point.energy = can.gradient(position, gradient);
      kick(gradient, momentum, half);
      let square = 0;
      for (let i = 0; i < d; i++) square += momentum[i] * momentum[i];
      point.kinetic = 0.5 * square;
    },
  };
}
