import { expression, positive, real, vector } from "@basin/energy-core/expression";
import { nuts, sample, summary } from "@basin/samplers";

// A hierarchical model, the eight schools of Rubin (1981): the effect of a course in each, and its standard error.
const effect = [28, 8, -3, 7, -1, 1, 18, 12];
const error = [15, 10, 16, 11, 9, 11, 10, 18];
const schools = expression(
  { mu: real(), tau: positive(), z: vector(8) },
  ({ mu, tau, z }, { add, mul, normal, halfCauchy }) =>
    add(normal(z), normal(mu, 0, 5), halfCauchy(tau, 5), normal(effect, add(mu, mul(tau, z)), error)),
);

const draws = await sample(schools, nuts(), { seed: 1, until: { essBulk: 400, rHat: 1.01 } });
console.table(summary(draws)); // rows mu, tau, z[0] …
