import { array, type ScoreKind } from "../kind.ts";
import { meanOf, scatter } from "../linear/covariance.ts";
import { distanceToSpan, leadingEigenvectors } from "../linear/subspace.ts";
import { mapRows } from "../rows.ts";

/**
 * ‖(x − μ) − V Vᵀ(x − μ)‖², where V holds the leading eigenvectors of the covariance of the features. It measures what
 * a linear model leaves unexplained. If the features are the inputs themselves, it is a baseline for every other score.
 * `components` is the number of eigenvectors, by default 50 or ⌊d/2⌋, whichever is smaller. Eigenvectors with
 * eigenvalues up to 10⁻¹² of the largest are left out.
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
