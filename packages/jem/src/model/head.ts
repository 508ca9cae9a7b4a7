import { checkName } from "@basin/energy-core/internal";
import { tensorLogSumExp } from "@basin/energy-core/tensor";
import * as tf from "@tensorflow/tfjs";

/** How the outputs of a classifier become the logits f_y(x) = −E(x, y); see {@link jointEnergy}. */
export const headNames = ["logits", "logits+scalar", "centered+scalar"] as const;
/** A head of {@link headNames}, or that of {@link energyNet}: "energy", a single output that is E(x). */
export type HeadName = (typeof headNames)[number] | "energy";

/** How a head reads `outputs` units. */
export interface Head {
  readonly name: HeadName;
  /** Units beyond one a label: 1 where the last unit is the shared scalar g(x). */
  readonly extra: 0 | 1;
  /** Maps outputs `[batch, labels + extra]` to logits `[batch, labels]`. */
  apply(outputs: tf.Tensor2D): tf.Tensor2D;
}

/** @throws {ArgumentError} for an unknown head, listing the known ones. */
export function headNamed(name: HeadName): Head {
  checkName("head", name, [...headNames, "energy"] as const);
  if (name === "logits") return { name, extra: 0, apply: (outputs) => outputs };
  if (name === "energy") return { name, extra: 0, apply: (outputs) => outputs.neg() };
  const centered = name === "centered+scalar";
  return {
    name,
    extra: 1,
    apply: (outputs) =>
      tf.tidy(() => {
        const labels = outputs.shape[1] - 1;
        const logits = outputs.slice([0, 0], [-1, labels]);
        const scalar = outputs.slice([0, labels], [-1, 1]);
        const base = centered ? logits.sub(tensorLogSumExp(logits, 1).expandDims(1)) : logits;
        return base.add(scalar) as tf.Tensor2D;
      }),
  };
}
