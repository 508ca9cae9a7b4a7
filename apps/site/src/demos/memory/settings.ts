import { choice, range, seed, type Values } from "../shared/settings.ts";

/** What a visitor sets. */
export const schema = {
  rule: choice("Rule", "pseudo-inverse", {
    hebbian: "Hebb",
    "pseudo-inverse": "pseudo-inverse",
    storkey: "Storkey",
    modern: "modern",
  }),
  patterns: choice("Patterns", "digits", { digits: "handwritten digits", random: "random" }),
  load: choice("Stored", "30", { 3: "3", 10: "10", 30: "30", 100: "100", 300: "300", 2000: "2,000" }),
  pattern: range("Begin from pattern", 1, [1, 12, 1]),
  noise: range("Pixels flipped", 0.2, [0, 0.5, 0.01], { show: (share) => `${Math.round(100 * share)} %` }),
  temperature: range("Temperature", 0, [0, 1.5, 0.05]),
  seed: seed(),
};

export type Settings = Values<typeof schema>;

const hints: Readonly<Record<Settings["rule"], string>> = {
  hebbian: "w is the sum over patterns of ξξᵀ/N. Alike patterns blur into one another.",
  "pseudo-inverse": "Takes the overlaps between patterns out, so that every stored one is a fixed point.",
  storkey: "Learns pattern after pattern and takes out some of the overlap.",
  modern: "Recall is attention: the softmax of the overlaps weighs the patterns.",
};

/** Rules on weights hold no more than this: beyond it no one of the 784 neurons is free. */
const mostInWeights = 300;

/** Returns how many patterns are stored and what is to be said of the settings. */
export function planOf({ rule, load, temperature }: Settings) {
  const count = rule === "modern" ? Number(load) : Math.min(Number(load), mostInWeights);
  return {
    count,
    notes: {
      rule: hints[rule],
      load: count < Number(load) ? `Stores ${count}: more do not fit into 784 × 784 weights.` : "",
      temperature:
        rule === "modern" && temperature > 0
          ? "The modern memory recalls without noise."
          : "Above 0, each pixel is drawn from its law given the others.",
    },
  };
}
