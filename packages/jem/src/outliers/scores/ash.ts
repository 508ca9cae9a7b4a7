import { ArgumentError } from "@basin/energy-core";
import { headState, shapedEnergies } from "../head.ts";
import { number, type OptionRange, type ScoreKind } from "../kind.ts";
import type { Rows } from "../rows.ts";

const percentile = (standard: number): OptionRange => ({
  default: standard,
  min: 0,
  max: 99.999,
  what: "percentage of activations that count as small",
});

/**
 * −log Σ_y exp f_y with f = W g(x) + b. The function g keeps the largest activations in x, sets the others to 0, and
 * multiplies by exp(s₁/s₂), where s₁ is the sum of all activations and s₂ that of the kept ones (ASH-S: Djurisic et al.
 * 2023). It keeps d − round(d · `percentile`/100) activations, at least one, and of equal ones the first; the default
 * 65 is that of OpenOOD. Activations must be at least 0, as after a ReLU. If all are 0, nothing is multiplied.
 */
export const ash: ScoreKind = {
  name: "ash",
  equation: "−log Σ_y exp f_y, f = W g(x) + b, g = largest of x · exp(s₁/s₂)",
  source: "Djurisic et al. 2023",
  needs: ["features", "head"],
  scores: ["features"],
  learns: false,
  options: { percentile: percentile(65) },
  fit: ({ head }, options) => ({ ...headState(head), percentile: options.percentile as number }),
  score: (state, { features }) => scaled(state, features, true),
};

/** As ASH, but without setting activations to 0 (SCALE: Xu et al. 2024), with their default of 85: x · exp(s₁/s₂). */
export const scale: ScoreKind = {
  ...ash,
  name: "scale",
  equation: "−log Σ_y exp f_y, f = W x exp(s₁/s₂) + b",
  source: "Xu et al. 2024",
  options: { percentile: percentile(85) },
  score: (state, { features }) => scaled(state, features, false),
};

function scaled(state: Parameters<ScoreKind["score"]>[0], features: Rows, prune: boolean): Float64Array {
  const d = features.width;
  const kept = Math.max(1, d - roundHalfEven((d * number(state, "percentile")) / 100));
  const order = Uint32Array.from({ length: d }, (_, j) => j);
  return shapedEnergies(state, features, (out, data, from) => {
    let all = 0;
    for (let j = 0; j < d; j++) {
      const x = data[from + j];
      if (x < 0)
        throw new ArgumentError(
          `features row ${from / d}, column ${j} is ${x}, expected at least 0, as after a ReLU`,
        );
      all += x;
      out[j] = x;
    }
    order.sort((i, j) => data[from + j] - data[from + i] || i - j);
    let sum = 0;
    for (let k = 0; k < kept; k++) sum += data[from + order[k]];
    const factor = all > 0 ? Math.exp(all / sum) : 1;
    if (prune) for (let k = kept; k < d; k++) out[order[k]] = 0;
    for (let j = 0; j < d; j++) out[j] *= factor;
  });
}

/** Rounds as numpy does, so that the count equals that of the published code. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
