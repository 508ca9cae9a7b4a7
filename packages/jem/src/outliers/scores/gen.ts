import { number, type ScoreKind } from "../kind.ts";
import { mapRows } from "../rows.ts";
import { softmaxInto } from "../softmax.ts";

/**
 * The generalized entropy of p = softmax(f) over its M largest entries (GEN), with the γ = 0.1 and M = 100 of the paper
 * by default. If there are fewer classes than M, all count.
 */
export const gen: ScoreKind = {
  name: "gen",
  equation: "Σ_m (p_m (1 − p_m))^γ over the M largest p",
  source: "Liu, Lochman & Zach 2023",
  needs: ["logits"],
  learns: false,
  shiftFree: true,
  options: {
    gamma: { default: 0.1, above: 0, max: 1 - 1e-12, what: "γ of the generalized entropy" },
    largest: { default: 100, min: 1, integer: true, what: "how many of the largest probabilities count" },
  },
  fit: (_, { gamma, largest }) => ({ gamma: gamma as number, largest: largest as number }),
  score(state, { logits }) {
    const [gamma, largest] = [number(state, "gamma"), number(state, "largest")];
    const p = new Float64Array(logits.width);
    return mapRows(logits, (data, from) => {
      softmaxInto(p, data, from);
      if (largest < p.length) p.sort();
      let sum = 0;
      for (let m = Math.max(0, p.length - largest); m < p.length; m++) sum += (p[m] * (1 - p[m])) ** gamma;
      return sum;
    });
  },
};
