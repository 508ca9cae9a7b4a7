/** The nine posteriors as formulas, in the coordinates of those that models.ts writes by hand. */
import {
  type Expression,
  expression,
  interval,
  ordered,
  positive,
  real,
  type Value,
  vector,
} from "@basin/energy-core/expression";
import { readPosterior } from "./posterior.ts";

const { data: ark } = readPosterior("arK-arK");
const { data: schools } = readPosterior("eight_schools-eight_schools_noncentered");
const { data: garch } = readPosterior("garch-garch11");
const { data: kidiq } = readPosterior("kidiq-kidscore_interaction");
const { data: lapland } = readPosterior("kilpisjarvi_mod-kilpisjarvi");
const { data: mix } = readPosterior("low_dim_gauss_mix-low_dim_gauss_mix");
const { data: mesquite } = readPosterior("mesquite-logmesquite_logvolume");
const { data: nes } = readPosterior("nes2000-nes");
const { data: blr } = readPosterior("sblrc-blr");

/** The matrix whose columns these are, with a column of ones before them. */
const design = (...columns: number[][]) =>
  columns[0].map((_, i) => [1, ...columns.map((column) => column[i])]);
const times = (a: number[], b: number[]) => a.map((value, i) => value * b[i]);

const lags = ark.y.slice(ark.K).map((_: number, t: number) => [1, ...ark.y.slice(t, t + ark.K).reverse()]);
const arK = expression(
  { beta: vector(6), sigma: positive() },
  ({ beta, sigma }, { add, matmul, normal, halfCauchy }) =>
    add(normal(beta, 0, 10), halfCauchy(sigma, 2.5), normal(ark.y.slice(ark.K), matmul(lags, beta), sigma)),
);

const eightSchools = expression(
  { z: vector(8), mu: real(), tau: positive() },
  ({ z, mu, tau }, { add, mul, normal, halfCauchy }) =>
    add(
      normal(z),
      normal(mu, 0, 5),
      halfCauchy(tau, 5),
      normal(schools.y, add(mu, mul(tau, z)), schools.sigma),
    ),
);

const garch11 = expression(
  { mu: real(), alpha0: positive(), alpha1: interval(0, 1), share: interval(0, 1) },
  ({ mu, alpha0, alpha1, share }, { add, sub, mul, square, sqrt, log, scan, stack, normal }) => {
    const beta1 = mul(sub(1, alpha1), share);
    const variances = scan(
      (variance, [y]) => add(alpha0, mul(alpha1, square(sub(y, mu))), mul(beta1, variance)),
      garch.sigma1 ** 2,
      [garch.y.slice(0, -1)],
    );
    // β₁ is uniform on (0, 1 − α₁): the share's Jacobian.
    return sub(normal(garch.y, mu, sqrt(stack([garch.sigma1 ** 2, variances]))), log(sub(1, alpha1)));
  },
);

const kidscore = expression(
  { beta: vector(4), sigma: positive() },
  ({ beta, sigma }, { add, matmul, normal, halfCauchy }) => {
    const x = design(kidiq.mom_hs, kidiq.mom_iq, times(kidiq.mom_hs, kidiq.mom_iq));
    return add(halfCauchy(sigma, 2.5), normal(kidiq.kid_score, matmul(x, beta), sigma));
  },
);

const kilpisjarvi = expression(
  { alpha: real(), beta: real(), sigma: positive() },
  ({ alpha, beta, sigma }, { add, mul, normal }) =>
    add(
      normal(alpha, lapland.pmualpha, lapland.psalpha),
      normal(beta, lapland.pmubeta, lapland.psbeta),
      normal(lapland.y, add(alpha, mul(beta, lapland.x)), sigma),
    ),
);

const gaussMix = expression(
  { mu: ordered(2), sigma: positive(2), theta: interval(0, 1) },
  (
    { mu, sigma, theta },
    { add, sub, neg, log, log1p, div, square, mul, at, max, min, softplus, sum, normal, halfNormal, beta },
  ) => {
    // log p of every value in either component, but for a constant; the larger and what the other adds.
    const part = (k: number, weight: Value) =>
      sub(sub(weight, log(at(sigma, k))), mul(0.5, square(div(sub(mix.y, at(mu, k)), at(sigma, k)))));
    const [first, second] = [part(0, log(theta)), part(1, log1p(neg(theta)))];
    const either = add(max(first, second), softplus(sub(min(first, second), max(first, second))));
    return add(normal(mu, 0, 2), halfNormal(sigma, 2), beta(theta, 5, 5), neg(sum(either)));
  },
);

const logMesquite = expression(
  { beta: vector(2), sigma: positive() },
  ({ beta, sigma }, { log, matmul, normal }) => {
    const volume = times(times(mesquite.diam1, mesquite.diam2), mesquite.canopy_height);
    return normal(log(mesquite.weight), matmul(design(volume.map(Math.log)), beta), sigma);
  },
);

const nes2000 = expression({ beta: vector(9), sigma: positive() }, ({ beta, sigma }, { matmul, normal }) => {
  const ages = [2, 3, 4].map((age) => nes.age_discrete.map((value: number) => Number(value === age)));
  const x = design(nes.real_ideo, nes.race_adj, ...ages, nes.educ1, nes.gender, nes.income);
  return normal(nes.partyid7, matmul(x, beta), sigma);
});

const sblrc = expression(
  { beta: vector(blr.D), sigma: positive() },
  ({ beta, sigma }, { add, matmul, normal, halfNormal }) =>
    add(normal(beta, 0, 10), halfNormal(sigma, 10), normal(blr.y, matmul(blr.X, beta), sigma)),
);

/** The formulas, in the order of `posteriors` of models.ts. */
export const formulas: readonly Expression[] = [
  ...[arK, eightSchools, garch11, kidscore, kilpisjarvi],
  ...[gaussMix, logMesquite, nes2000, sblrc],
];
