import { headState, shapedEnergies } from "../head.ts";
import { number, type ScoreKind } from "../kind.ts";

/**
 * −log Σ_y exp f_y with f = W min(x, c) + b (Sun, Guo & Li 2021): the energy after activations are cut at c. The cut c
 * is the given `percentile` of all activations at fitting, by default 90, interpolated linearly between order
 * statistics.
 */
export const react: ScoreKind = {
  name: "react",
  equation: "−log Σ_y exp f_y, f = W min(x, c) + b",
  source: "Sun, Guo & Li 2021",
  needs: ["features", "head"],
  scores: ["features"],
  learns: true,
  options: {
    percentile: { default: 90, above: 0, max: 100, what: "percentile of the activations to cut at" },
  },
  fit({ features, head }, options) {
    const sorted = Float64Array.from(features.data).sort();
    const place = ((options.percentile as number) / 100) * (sorted.length - 1);
    const low = Math.floor(place);
    const high = sorted[Math.min(low + 1, sorted.length - 1)];
    return { ...headState(head), cut: sorted[low] + (place - low) * (high - sorted[low]) };
  },
  score(state, { features }) {
    const cut = number(state, "cut");
    return shapedEnergies(state, features, (out, data, from) => {
      for (let j = 0; j < out.length; j++) out[j] = Math.min(data[from + j], cut);
    });
  },
};
