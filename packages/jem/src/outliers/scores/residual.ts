import { array, type ScoreKind } from "../kind.ts";
import { meanOf, scatter } from "../linear/covariance.ts";
import { distanceToSpan, leadingEigenvectors } from "../linear/subspace.ts";
import { mapRows } from "../rows.ts";

/**
 * ‖(x − μ) − V Vᵀ(x − μ)‖², V the leading eigenvectors of the covariance of the features: what a linear model leaves
 * unexplained, and a baseline for every other score where the features are the inputs themselves. `components` is their
 * number, by default 50, or ⌊d/2⌋ where that is less; those of eigenvalues at most 10⁻¹² of the largest explain
 * nothing.
 */
export const residual: ScoreKind = {
  name: "residual",
  equation: "‖(x − μ) − V Vᵀ(x − μ)‖²",
  source: "principal components: Jolliffe 2002, §10.1",
  needs: ["features"],
  learns: true,
  options: { components: { min: 1, integer: true, what: "leading eigenvectors that count as explained" } },
  fit({ features }, options) {
    const d = features.width;
    const components = options.components ?? Math.max(1, Math.min(50, Math.floor(d / 2)));
    const mean = meanOf(features);
    return { mean, explained: leadingEigenvectors(scatter(features, mean), d, components) };
  },
  score(state, { features }) {
    return mapRows(features, distanceToSpan(array(state, "mean"), array(state, "explained")));
  },
};
