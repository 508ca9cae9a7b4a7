import type { Node } from "../node.ts";
import type { Builder, LawEntry } from "./law.ts";

const LOG_2PI = Math.log(2 * Math.PI);

/** (y − μ) / σ. */
const standard = ({ sub, div }: Builder, y: Node, mu: Node, sigma: Node) => div(sub(y, mu), sigma);
/** log(1 + (y − μ)² / `square`). */
function distance({ sub, mul, f }: Builder, y: Node, mu: Node, square: Node): Node {
  const difference = sub(y, mu);
  return f("log1pRatio", mul(difference, difference), square);
}
/** +∞ where the condition does not hold: outside the support. */
const inside = ({ f }: Builder, condition: Node, value: Node) => f("where", condition, value, Infinity);
const above = (b: Builder, y: Node, low: number, value: Node) => inside(b, b.f("less", low, y), value);
/** log B(a, b). */
const logBeta = ({ f, add, sub }: Builder, a: Node, b: Node) =>
  sub(add(f("lgamma", a), f("lgamma", b)), f("lgamma", add(a, b)));

function student(b: Builder, y: Node, nu: Node, mu: Node, sigma: Node): Node {
  const n = b.count(y, nu, mu, sigma);
  const half = b.mul(0.5, b.add(nu, 1));
  const tail = b.mul(half, distance(b, y, mu, b.mul(nu, b.mul(sigma, sigma))));
  const norm = b.sub(b.f("lgamma", b.mul(0.5, nu)), b.f("lgamma", half));
  const scale = b.add(b.f("log", sigma), b.mul(0.5, b.f("log", b.mul(Math.PI, nu))));
  return b.add(b.total(tail, n), b.total(norm, n), b.total(scale, n));
}

function cauchy(b: Builder, y: Node, mu: Node, sigma: Node): Node {
  const n = b.count(y, mu, sigma);
  const scale = b.add(b.f("log", sigma), Math.log(Math.PI));
  return b.add(b.total(distance(b, y, mu, b.mul(sigma, sigma)), n), b.total(scale, n));
}

/** Laws of real numbers. */
export const continuous = {
  normal: {
    arity: 3,
    defaults: [0, 1],
    positive: [2],
    law(b, y, mu, sigma) {
      const n = b.count(y, mu, sigma);
      const z = standard(b, y, mu, sigma);
      const scale = b.total(b.f("log", sigma), n);
      return b.add(b.mul(0.5, b.total(b.mul(z, z), n)), scale, 0.5 * LOG_2PI * n);
    },
  },
  student: { arity: 4, positive: [1, 3], law: student },
  cauchy: { arity: 3, defaults: [0, 1], positive: [2], law: cauchy },
  halfNormal: {
    support: "positive()",
    arity: 2,
    defaults: [1],
    positive: [1],
    law(b, y, sigma) {
      const n = b.count(y, sigma);
      const z = b.div(y, sigma);
      const energy = b.add(b.mul(0.5, b.mul(z, z)), b.f("log", sigma), 0.5 * Math.log(Math.PI / 2));
      return b.total(notNegative(b, y, energy), n);
    },
  },
  halfStudent: {
    support: "positive()",
    arity: 3,
    positive: [1, 2],
    law(b, y, nu, sigma) {
      const n = b.count(y, nu, sigma);
      const full = student(b, y, nu, b.trace.graph.number(0), sigma);
      return b.add(notNegativeSum(b, y, full), -n * Math.LN2);
    },
  },
  halfCauchy: {
    support: "positive()",
    arity: 2,
    defaults: [1],
    positive: [1],
    law(b, y, sigma) {
      const n = b.count(y, sigma);
      const full = cauchy(b, y, b.trace.graph.number(0), sigma);
      return b.add(notNegativeSum(b, y, full), -n * Math.LN2);
    },
  },
  lognormal: {
    support: "positive()",
    arity: 3,
    defaults: [0, 1],
    positive: [2],
    law(b, y, mu, sigma) {
      const n = b.count(y, mu, sigma);
      const logs = b.f("log", positiveOf(b, y));
      const z = standard(b, logs, mu, sigma);
      const energy = b.add(b.mul(0.5, b.mul(z, z)), logs, b.f("log", sigma), 0.5 * LOG_2PI);
      return b.total(above(b, y, 0, energy), n);
    },
  },
  gamma: {
    support: "positive()",
    arity: 3,
    positive: [1, 2],
    law(b, y, alpha, beta) {
      const n = b.count(y, alpha, beta);
      const logs = b.mul(b.sub(1, alpha), b.f("log", positiveOf(b, y)));
      const energy = b.add(logs, b.mul(beta, y));
      const norm = b.sub(b.f("lgamma", alpha), b.mul(alpha, b.f("log", beta)));
      return b.add(b.total(above(b, y, 0, energy), n), b.total(norm, n));
    },
  },
  inverseGamma: {
    support: "positive()",
    arity: 3,
    positive: [1, 2],
    law(b, y, alpha, beta) {
      const n = b.count(y, alpha, beta);
      const held = positiveOf(b, y);
      const energy = b.add(b.mul(b.add(alpha, 1), b.f("log", held)), b.div(beta, held));
      const norm = b.sub(b.f("lgamma", alpha), b.mul(alpha, b.f("log", beta)));
      return b.add(b.total(above(b, y, 0, energy), n), b.total(norm, n));
    },
  },
  beta: {
    support: "interval(0, 1)",
    arity: 3,
    positive: [1, 2],
    law(b, y, alpha, beta) {
      const n = b.count(y, alpha, beta);
      const isInside = b.mul(b.f("less", 0, y), b.f("less", y, 1));
      const held = b.f("where", isInside, y, 0.5);
      const low = b.mul(b.sub(1, alpha), b.f("log", held));
      const high = b.mul(b.sub(1, beta), b.f("log1p", b.f("neg", held)));
      const energy = inside(b, isInside, b.add(low, high));
      return b.add(b.total(energy, n), b.total(logBeta(b, alpha, beta), n));
    },
  },
  exponential: {
    support: "positive()",
    arity: 2,
    defaults: [1],
    positive: [1],
    law(b, y, beta) {
      const n = b.count(y, beta);
      return b.total(notNegative(b, y, b.sub(b.mul(beta, y), b.f("log", beta))), n);
    },
  },
  uniform: {
    support: "interval(low, high)",
    arity: 3,
    law(b, y, low, high) {
      const n = b.count(y, low, high);
      const isInside = b.mul(b.f("lessEqual", low, y), b.f("lessEqual", y, high));
      return b.total(inside(b, isInside, b.f("log", b.sub(high, low))), n);
    },
  },
  laplace: {
    arity: 3,
    defaults: [0, 1],
    positive: [2],
    law(b, y, mu, sigma) {
      const n = b.count(y, mu, sigma);
      const size = b.f("abs", standard(b, y, mu, sigma));
      return b.add(b.total(size, n), b.total(b.f("log", b.mul(2, sigma)), n));
    },
  },
  logistic: {
    arity: 3,
    defaults: [0, 1],
    positive: [2],
    law(b, y, mu, sigma) {
      const n = b.count(y, mu, sigma);
      const size = b.f("abs", standard(b, y, mu, sigma));
      const energy = b.add(size, b.mul(2, b.f("softplus", b.f("neg", size))));
      return b.add(b.total(energy, n), b.total(b.f("log", sigma), n));
    },
  },
} satisfies Record<string, LawEntry>;

/** `y` where it is above 0, else 1: logarithms elsewhere would be NaN, and their derivatives too. */
function positiveOf({ f }: Builder, y: Node): Node {
  return f("where", f("less", 0, y), y, 1);
}

function notNegative(b: Builder, y: Node, energy: Node): Node {
  return inside(b, b.f("lessEqual", 0, y), energy);
}

/** A sum, or +∞ where an entry of `y` is below 0. */
function notNegativeSum(b: Builder, y: Node, energy: Node): Node {
  const negative = b.total(b.f("less", y, 0), 1);
  return inside(b, b.f("lessEqual", negative, 0), energy);
}
