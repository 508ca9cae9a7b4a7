import { array, type Opened, type ScoreKind } from "../kind.ts";
import { meanOf, scatter, squaredLength, whitening } from "../linear/covariance.ts";
import type { State } from "../pack.ts";
import { mapRows } from "../rows.ts";

/**
 * min_k (x − μ_k)ᵀ Σ⁻¹ (x − μ_k) over the classes, with their mean features μ_k and their shared covariance Σ, divided
 * by n (Lee et al. 2018). If Σ does not have full rank, the pseudo-inverse is used: directions with eigenvalues up to
 * 10⁻¹² of the largest count for nothing.
 */
export const mahalanobis: ScoreKind = {
  name: "mahalanobis",
  equation: "min_k (x − μ_k)ᵀ Σ⁻¹ (x − μ_k)",
  source: "Lee et al. 2018",
  needs: ["features", "labels"],
  scores: ["features"],
  learns: true,
  options: {},
  fit: fitClasses,
  score: (state, { features }) => classDistances(state, features),
};

/** Returns the means of the classes, and a matrix that whitens their shared covariance. */
function fitClasses({ features, labels }: Pick<Opened, "features" | "labels">) {
  const { data, count, width: d } = features;
  const classes = [...new Set(Array.from(labels))];
  const places = new Map(classes.map((label, place) => [label, place]));
  const own = Uint32Array.from({ length: count }, (_, i) => places.get(labels[i]) as number);
  const [means, counts] = [new Float64Array(classes.length * d), new Float64Array(classes.length)];
  for (let i = 0; i < count; i++) {
    counts[own[i]]++;
    for (let j = 0; j < d; j++) means[own[i] * d + j] += data[i * d + j];
  }
  for (let k = 0; k < means.length; k++) means[k] /= counts[Math.floor(k / d)];
  return { means, directions: whitening(scatter(features, means, own), d) };
}

/** Returns the smallest squared distance of each input to a class. */
function classDistances(state: State, features: Opened["features"]): Float64Array {
  const [means, directions] = [array(state, "means"), array(state, "directions")];
  const d = features.width;
  return mapRows(features, (data, from) => {
    let least = Number.POSITIVE_INFINITY;
    for (let center = 0; center < means.length; center += d)
      least = Math.min(least, squaredLength(data, from, means, center, directions, d));
    return least;
  });
}

/**
 * The Mahalanobis distance to the nearest class minus the distance to all features as one class, min_k MD_k(x) − MD₀(x)
 * (Ren et al. 2021). This removes what does not depend on the classes. Covariances are as in {@link mahalanobis}.
 */
export const relativeMahalanobis: ScoreKind = {
  name: "relative-mahalanobis",
  equation: "min_k MD_k(x) − MD₀(x)",
  source: "Ren et al. 2021",
  needs: ["features", "labels"],
  scores: ["features"],
  learns: true,
  options: {},
  fit({ features, labels }) {
    const mean = meanOf(features);
    const all = whitening(scatter(features, mean), features.width);
    return { ...fitClasses({ features, labels }), mean, all };
  },
  score(state, { features }) {
    const [mean, all] = [array(state, "mean"), array(state, "all")];
    const toClasses = classDistances(state, features);
    return mapRows(features, (data, from) => squaredLength(data, from, mean, 0, all, features.width)).map(
      (toAll, i) => toClasses[i] - toAll,
    );
  },
};
