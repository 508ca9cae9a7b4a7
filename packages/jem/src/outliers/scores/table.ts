import type { ScoreKind } from "../kind.ts";
import { ash, scale } from "./ash.ts";
import { energy } from "./energy.ts";
import { entropy } from "./entropy.ts";
import { gen } from "./gen.ts";
import { klMatching } from "./kl-matching.ts";
import { mahalanobis, relativeMahalanobis } from "./mahalanobis.ts";
import { maxLogit } from "./max-logit.ts";
import { maxSoftmax } from "./max-softmax.ts";
import { multiLabelEnergy } from "./multi-label-energy.ts";
import { neighbors } from "./neighbors.ts";
import { react } from "./react.ts";
import { residual } from "./residual.ts";
import { vim } from "./vim.ts";

/** Every score by its name. */
export const table = {
  energy,
  "multi-label-energy": multiLabelEnergy,
  "max-softmax": maxSoftmax,
  "max-logit": maxLogit,
  entropy,
  gen,
  "kl-matching": klMatching,
  mahalanobis,
  "relative-mahalanobis": relativeMahalanobis,
  neighbors,
  residual,
  vim,
  react,
  ash,
  scale,
} as const satisfies Record<string, ScoreKind>;

/** The name of a score. */
export type OutlierScoreName = keyof typeof table;
