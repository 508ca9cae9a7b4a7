import type { ScoreKind } from "../kind.ts";
import { mapRows } from "../rows.ts";
import { softmaxInto } from "../softmax.ts";

/** The entropy of p = softmax(f) in nats, from 0 to log(classes). */
export const entropy: ScoreKind = {
  name: "entropy",
  equation: "−Σ_y p_y log p_y",
  source: "Shannon 1948",
  needs: ["logits"],
  learns: false,
  shiftFree: true,
  options: {},
  fit: () => ({}),
  score(_, { logits }) {
    const p = new Float64Array(logits.width);
    return mapRows(logits, (data, from) => {
      softmaxInto(p, data, from);
      let sum = 0;
      for (const q of p) if (q > 0) sum -= q * Math.log(q);
      return sum;
    });
  },
};
