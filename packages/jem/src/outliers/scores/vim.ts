import { ArgumentError, logSumExp } from "@basin/energy-core";
import { headState, linear } from "../head.ts";
import { array, number, type Opened, type ScoreKind } from "../kind.ts";
import { scatter, whitening } from "../linear/covariance.ts";
import { distanceToSpan, leadingEigenvectors } from "../linear/subspace.ts";
import { mapRows } from "../rows.ts";

/**
 * α ‖x^P⊥‖ − log Σ_y exp f_y (Wang et al. 2022): the virtual logit against the logits f = W x + b. The virtual logit is
 * the norm of the part of x − o outside a principal subspace. The origin is o = −W⁺ b. The `components` leading
 * eigenvectors of 1/n Σ (x − o)(x − o)ᵀ span the subspace. α makes the mean virtual logit equal to the mean largest
 * logit of the features at fitting. The default `components` is that of the paper: 1000 from 2048 features on, 512 from
 * 768 on, else ⌊d/2⌋. Eigenvalues up to 10⁻¹² of the largest count as 0, also for W Wᵀ.
 */
export const vim: ScoreKind = {
  name: "vim",
  equation: "α ‖x^P⊥‖ − log Σ_y exp f_y",
  source: "Wang et al. 2022",
  needs: ["features", "head"],
  scores: ["features"],
  learns: true,
  options: { components: { min: 1, integer: true, what: "dimensions of the principal subspace" } },
  fit({ features, head }, options) {
    const d = features.width;
    const components =
      options.components ?? (d >= 2048 ? 1000 : d >= 768 ? 512 : Math.max(1, Math.floor(d / 2)));
    const origin = originOf(head);
    const explained = leadingEigenvectors(scatter(features, origin), d, components);
    const distance = distanceToSpan(origin, explained);
    const { weights, bias } = headState(head);
    const logits = new Float64Array(bias.length);
    let [virtual, largest, length] = [0, 0, 0];
    mapRows(features, (data, from) => {
      linear(logits, weights, bias, data, from);
      virtual += Math.sqrt(distance(data, from));
      largest += logits.reduce((most, f) => Math.max(most, f), Number.NEGATIVE_INFINITY);
      for (let j = 0; j < d; j++) length += (data[from + j] - origin[j]) ** 2;
      return 0;
    });
    // Rounding turns a distance of 0 into less than this.
    if (!(virtual > 1e-10 * Math.sqrt(length * features.count)))
      throw new ArgumentError(
        `${components} components leave nothing of the features, expected fewer than their rank, ${explained.length / d}`,
      );
    return { origin, explained, weights, bias, alpha: largest / virtual };
  },
  score(state, { features }) {
    const [weights, bias, alpha] = [array(state, "weights"), array(state, "bias"), number(state, "alpha")];
    const distance = distanceToSpan(array(state, "origin"), array(state, "explained"));
    const logits = new Float64Array(bias.length);
    return mapRows(features, (data, from) => {
      linear(logits, weights, bias, data, from);
      return alpha * Math.sqrt(distance(data, from)) - logSumExp(logits);
    });
  },
};

/** Returns −W⁺ b = −Wᵀ (W Wᵀ)⁺ b. */
function originOf({ weights: { data, count, width }, bias }: Opened["head"]): Float64Array {
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let k = 0; k <= i; k++)
      for (let j = 0; j < width; j++) gram[i * count + k] += data[i * width + j] * data[k * width + j];
  const directions = whitening(gram, count);
  const solved = new Float64Array(count);
  for (let at = 0; at < directions.length; at += count) {
    let along = 0;
    for (let i = 0; i < count; i++) along += directions[at + i] * bias[i];
    for (let i = 0; i < count; i++) solved[i] += along * directions[at + i];
  }
  const origin = new Float64Array(width);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < width; j++) origin[j] -= solved[i] * data[i * width + j];
  return origin;
}
