import { checkNumber } from "@basin/energy-core";
import { checkLength, checkOptions } from "@basin/energy-core/internal";
import { categorical, log } from "@basin/energy-core/random";
import { gaussianMixture } from "@basin/energy-core/targets";
import type { Toy } from "./toy.ts";

/** Options of {@link gaussianRing}. */
export interface GaussianRingOptions {
  /** Number of Gaussians, and of labels. Default 8. */
  count?: number;
  /** Radius of the circle that their means lie on, evenly. Default 2. */
  radius?: number;
  /** σ of each, above 0. Default 0.2. */
  standardDeviation?: number;
  /** Relative weights, above 0. Default 1, 2, …, `count`: so a model must also learn the weights. */
  weights?: ArrayLike<number>;
}

/**
 * Returns Gaussians on a circle, of unequal weight by default: a mixture that separates models with the right modes and
 * weights from models with the right modes only.
 *
 * @example
 * ```ts
 * import { gaussianRing } from "@basin/jem/toys";
 *
 * console.log(gaussianRing({ count: 4 }).labels); // 4
 * ```
 *
 * @throws {ArgumentError} for numbers out of range.
 */
export function gaussianRing(options: GaussianRingOptions = {}): Toy {
  checkOptions("gaussianRing", options, "count radius standardDeviation weights");
  const count = checkNumber("count", options.count ?? 8, { min: 1, max: 255, integer: true });
  const radius = checkNumber("radius", options.radius ?? 2, { min: 0 });
  const sd = checkNumber("standardDeviation", options.standardDeviation ?? 0.2, { above: 0 });
  const weights = Float64Array.from({ length: count }, (_, k) => options.weights?.[k] ?? k + 1);
  if (options.weights !== undefined) checkLength("weights", options.weights.length, count);
  const angle = (k: number) => (2 * Math.PI * k) / count;
  const means = Array.from({ length: count }, (_, k) => [
    radius * Math.cos(angle(k)),
    radius * Math.sin(angle(k)),
  ]);
  const target = gaussianMixture({ means, standardDeviations: sd, weights });
  const parts = means.map((mean) => gaussianMixture({ means: [mean], standardDeviations: sd }));
  const total = weights.reduce((sum, w) => sum + w, 0);
  const state = new Float64Array(2);
  const jointEnergies: Toy["jointEnergies"] = (x, out) => {
    checkLength("out", out.length, count);
    state.set([x[0], x[1]]);
    for (const [y, part] of parts.entries()) out[y] = part.energy(state) - log(weights[y] / total);
    return out;
  };
  const half = Math.ceil(2 * (radius + 5.5 * sd)) / 2;
  return {
    ...target,
    name: "mixture",
    labels: count,
    box: [-half, half],
    jointEnergies,
    sampleLabeled(rng) {
      const y = categorical(rng, weights);
      return { x: parts[y].sample(rng), y };
    },
  };
}
