import type { ScoreKind } from "../kind.ts";
import { mapRows } from "../rows.ts";

/** The energy for labels that do not exclude each other and have a sigmoid each. */
export const multiLabelEnergy: ScoreKind = {
  name: "multi-label-energy",
  equation: "−Σ_y log(1 + exp f_y)",
  source: "Wang et al. 2021",
  needs: ["logits"],
  learns: false,
  options: {},
  fit: () => ({}),
  score: (_, { logits }) =>
    mapRows(logits, (data, from, to) => {
      let sum = 0;
      for (let k = from; k < to; k++) sum += Math.max(0, data[k]) + Math.log1p(Math.exp(-Math.abs(data[k])));
      return -sum;
    }),
};
