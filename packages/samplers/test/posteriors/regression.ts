import { differentiable } from "@basin/energy-core";
import { type Posterior, type PosteriorFile, readPosterior } from "./posterior.ts";

/** Prior of σ > 0, as −log density and its derivative. */
interface ScalePrior {
  energy(sigma: number): number;
  derivative(sigma: number): number;
}

const flat: ScalePrior = { energy: () => 0, derivative: () => 0 };
const halfCauchy = (scale: number): ScalePrior => ({
  energy: (sigma) => Math.log1p((sigma / scale) ** 2),
  derivative: (sigma) => (2 * sigma) / (scale * scale + sigma * sigma),
});
const halfNormal = (scale: number): ScalePrior => ({
  energy: (sigma) => 0.5 * (sigma / scale) ** 2,
  derivative: (sigma) => sigma / (scale * scale),
});

interface Regression {
  readonly y: readonly number[];
  /** One array for each coefficient. */
  readonly columns: readonly (readonly number[])[];
  /** Normal prior of each coefficient; none is flat. */
  readonly priors?: readonly { readonly mean: number; readonly sd: number }[];
  readonly scalePrior: ScalePrior;
}

/**
 * y ~ N(Σ_k β_k column_k, σ). Coordinates (β, u = log σ):
 * E = n u + Σ r² / (2 e^{2u}) + priors − u, the last term being the Jacobian of σ = e^u.
 */
function regression(file: PosteriorFile, { y, columns, priors, scalePrior }: Regression): Posterior {
  const k = columns.length;
  const n = y.length;
  const rows = Float64Array.from({ length: n * k }, (_, at) => columns[at % k][Math.floor(at / k)]);
  const energy = differentiable(k + 1, (x, gradient) => {
    const sigma = Math.exp(x[k]);
    const precision = 1 / (sigma * sigma);
    gradient.fill(0);
    let squares = 0;
    for (let t = 0, at = 0; t < n; t++, at += k) {
      let residual = y[t];
      for (let j = 0; j < k; j++) residual -= rows[at + j] * x[j];
      squares += residual * residual;
      for (let j = 0; j < k; j++) gradient[j] -= precision * residual * rows[at + j];
    }
    gradient[k] = n - 1 - precision * squares + sigma * scalePrior.derivative(sigma);
    let value = (n - 1) * x[k] + 0.5 * precision * squares + scalePrior.energy(sigma);
    for (const [j, { mean, sd }] of priors?.entries() ?? []) {
      const z = (x[j] - mean) / sd;
      value += 0.5 * z * z;
      gradient[j] += z / sd;
    }
    return value;
  });
  return {
    name: file.name,
    energy,
    reference: file.reference,
    constrain: (x) => [...x.subarray(0, k), Math.exp(x[k])],
  };
}

const ones = (n: number) => new Array<number>(n).fill(1);

export function arK(): Posterior {
  const file = readPosterior("arK-arK");
  const { K, T, y } = file.data;
  const lag = (k: number) => Array.from({ length: T - K }, (_, t) => y[t + K - k]);
  return regression(file, {
    y: y.slice(K),
    columns: [ones(T - K), ...Array.from({ length: K }, (_, k) => lag(k + 1))],
    priors: Array.from({ length: K + 1 }, () => ({ mean: 0, sd: 10 })),
    scalePrior: halfCauchy(2.5),
  });
}

export function kidscoreInteraction(): Posterior {
  const file = readPosterior("kidiq-kidscore_interaction");
  const { N, kid_score, mom_hs, mom_iq } = file.data;
  const product = mom_hs.map((hs: number, i: number) => hs * mom_iq[i]);
  return regression(file, {
    y: kid_score,
    columns: [ones(N), mom_hs, mom_iq, product],
    scalePrior: halfCauchy(2.5),
  });
}

export function kilpisjarvi(): Posterior {
  const file = readPosterior("kilpisjarvi_mod-kilpisjarvi");
  const { N, x, y, pmualpha, psalpha, pmubeta, psbeta } = file.data;
  const priors = [
    { mean: pmualpha, sd: psalpha },
    { mean: pmubeta, sd: psbeta },
  ];
  return regression(file, { y, columns: [ones(N), x], priors, scalePrior: flat });
}

export function logMesquite(): Posterior {
  const file = readPosterior("mesquite-logmesquite_logvolume");
  const { N, weight, diam1, diam2, canopy_height } = file.data;
  const logVolume = diam1.map((d: number, i: number) => Math.log(d * diam2[i] * canopy_height[i]));
  return regression(file, { y: weight.map(Math.log), columns: [ones(N), logVolume], scalePrior: flat });
}

export function nes2000(): Posterior {
  const file = readPosterior("nes2000-nes");
  const { N, partyid7, real_ideo, race_adj, age_discrete, educ1, gender, income } = file.data;
  const isAge = (age: number) => age_discrete.map((value: number) => (value === age ? 1 : 0));
  return regression(file, {
    y: partyid7,
    columns: [ones(N), real_ideo, race_adj, isAge(2), isAge(3), isAge(4), educ1, gender, income],
    scalePrior: flat,
  });
}

export function sblrc(): Posterior {
  const file = readPosterior("sblrc-blr");
  const { D, X, y } = file.data;
  return regression(file, {
    y,
    columns: Array.from({ length: D }, (_, d) => X.map((row: number[]) => row[d])),
    priors: Array.from({ length: D }, () => ({ mean: 0, sd: 10 })),
    scalePrior: halfNormal(10),
  });
}
