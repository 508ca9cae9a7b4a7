import { array, type ScoreKind } from "../kind.ts";
import { mapRows } from "../rows.ts";
import { softmaxInto } from "../softmax.ts";

/**
 * min_k KL(p(·|x) ‖ d_k), where d_k is the mean of p over the inputs of class k at fitting (Hendrycks et al. 2022).
 * Classes without such inputs have no template. The score is +∞ if every template has a 0 where p does not.
 */
export const klMatching: ScoreKind = {
  name: "kl-matching",
  equation: "min_k KL(p ‖ mean p of class k)",
  source: "Hendrycks et al. 2022",
  needs: ["logits", "labels"],
  scores: ["logits"],
  learns: true,
  shiftFree: true,
  options: {},
  fit({ logits, labels }) {
    const { data, count, width } = logits;
    const p = new Float64Array(width);
    const sums = new Map<number, { count: number; sum: Float64Array }>();
    for (let i = 0; i < count; i++) {
      softmaxInto(p, data, i * width);
      const own = sums.get(labels[i]) ?? { count: 0, sum: new Float64Array(width) };
      sums.set(labels[i], own);
      own.count++;
      for (let y = 0; y < width; y++) own.sum[y] += p[y];
    }
    const templates = new Float64Array(sums.size * width);
    for (const [k, own] of [...sums.values()].entries())
      templates.set(
        own.sum.map((value) => value / own.count),
        k * width,
      );
    return { templates };
  },
  score(state, { logits }) {
    const templates = array(state, "templates");
    const p = new Float64Array(logits.width);
    return mapRows(logits, (data, from) => {
      softmaxInto(p, data, from);
      let least = Number.POSITIVE_INFINITY;
      for (let at = 0; at < templates.length; at += p.length)
        least = Math.min(least, divergence(p, templates, at));
      return least;
    });
  },
};

/** Returns Σ_y p_y log(p_y / q_y), where q is the template at `at`. */
function divergence(p: Float64Array, templates: Float64Array, at: number): number {
  let sum = 0;
  for (let y = 0; y < p.length; y++) if (p[y] > 0) sum += p[y] * Math.log(p[y] / templates[at + y]);
  return sum;
}
