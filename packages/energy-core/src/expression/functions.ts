/**
 * Functions written in simpler ones, once for every machine: what an interpreter and machine code then do is the
 * same, operation by operation. All branches are computed and one is chosen, so that they run in the lanes of
 * vectors.
 */
import type { Elements, Node } from "./node.ts";

/** Short names for building. */
function arithmetic(graph: Elements) {
  const lift = (x: Node | number) => (typeof x === "number" ? graph.number(x) : x);
  const apply =
    (op: Parameters<Elements["apply"]>[0]) =>
    (...inputs: (Node | number)[]) =>
      graph.apply(op, ...inputs.map(lift));
  const [add, sub, mul, div] = [apply("add"), apply("sub"), apply("mul"), apply("div")];
  const [neg, abs, min, max] = [apply("neg"), apply("abs"), apply("min"), apply("max")];
  const [less, where, floor] = [apply("less"), apply("where"), apply("floor")];
  const [exp, log, log1p] = [apply("exp"), apply("log"), apply("log1p")];
  /** Σ_k c_k x^k, coefficients highest first. */
  const polynomial = (x: Node, [first, ...rest]: readonly number[]) =>
    rest.reduce<Node>((p, c) => add(mul(p, x), c), lift(first));
  return {
    lift,
    apply,
    add,
    sub,
    mul,
    div,
    neg,
    abs,
    min,
    max,
    less,
    where,
    floor,
    exp,
    log,
    log1p,
    polynomial,
  };
}

/** Σ_k c_k x^k, coefficients lowest first, with the terms in pairs (Estrin 1960): a shorter chain than Horner's. */
function paired(graph: Elements, x: Node, coefficients: readonly (Node | number)[]): Node {
  const { lift, add, mul } = arithmetic(graph);
  if (coefficients.length === 1) return lift(coefficients[0]);
  const pairs = coefficients.flatMap((c, k) =>
    k % 2 === 1 ? [] : k + 1 < coefficients.length ? [add(c, mul(coefficients[k + 1], x))] : [c],
  );
  return paired(graph, mul(x, x), pairs);
}

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const ascending = (n: number) => Array.from({ length: n }, (_, k) => k);
const EXP = [...ascending(12).map((k) => 1 / factorial(13 - k))];
const ARTANH = ascending(11).map((k) => 1 / (23 - 2 * k));

/** The `exp` of @basin/energy-core/random, operation by operation; far out the choice at the end is all that counts. */
export function exp(graph: Elements, x: Node): Node {
  const { add, sub, mul, less, where, floor, apply, polynomial } = arithmetic(graph);
  const k = floor(add(mul(x, Math.LOG2E), 0.5));
  const high = sub(x, mul(k, LN2_HIGH));
  const low = mul(k, LN2_LOW);
  const r = sub(high, low);
  const p = polynomial(r, EXP);
  const correction = sub(sub(high, r), low);
  const value = add(1, add(r, add(mul(mul(r, r), p), correction)));
  const half = floor(mul(k, 0.5));
  const twoTo = apply("twoTo");
  const scaled = mul(mul(value, twoTo(half)), twoTo(sub(k, half)));
  return where(less(709.79, x), Number.POSITIVE_INFINITY, where(apply("lessEqual")(x, -745.2), 0, scaled));
}

/** The `log` of @basin/energy-core/random, operation by operation. */
export function log(graph: Elements, x: Node): Node {
  const { add, sub, mul, div, less, where, apply, polynomial } = arithmetic(graph);
  const isSmall = less(x, 2.2250738585072014e-308);
  const normal = where(isSmall, mul(x, 18014398509481984), x);
  const mantissa = apply("mantissa")(normal);
  const isUpper = less(Math.SQRT2, mantissa);
  const m = where(isUpper, mul(mantissa, 0.5), mantissa);
  const shift = where(isSmall, -54, 0);
  const k = add(add(shift, apply("exponent")(normal)), where(isUpper, 1, 0));
  const f = sub(m, 1);
  const s = div(f, add(2, f));
  const z = mul(s, s);
  const p = polynomial(z, ARTANH);
  const halfSquare = mul(mul(0.5, f), f);
  const tail = add(mul(s, add(halfSquare, mul(mul(2, z), p))), mul(k, LN2_LOW));
  const finite = sub(mul(k, LN2_HIGH), sub(sub(halfSquare, tail), f));
  const upper = where(less(x, Number.POSITIVE_INFINITY), finite, x);
  const isZero = apply("equal")(x, 0);
  return where(less(0, x), upper, where(isZero, Number.NEGATIVE_INFINITY, Number.NaN));
}

/** log(1 + x): the logarithm of the rounded sum, and what the rounding lost. */
export function log1p(graph: Elements, x: Node): Node {
  const { add, sub, div, log, less, where } = arithmetic(graph);
  const u = add(1, x);
  const value = sub(log(u), div(sub(sub(u, 1), x), u));
  return where(less(x, Number.POSITIVE_INFINITY), where(less(-1, x), value, log(u)), x);
}

/** e^x − 1: Taylor's series where |x| < 0.35. */
export function expm1(graph: Elements, x: Node): Node {
  const { add, sub, mul, abs, exp, less, where, polynomial } = arithmetic(graph);
  const series = add(x, mul(mul(x, x), polynomial(x, EXP)));
  return where(less(abs(x), 0.35), series, sub(exp(x), 1));
}

export function tanh(graph: Elements, x: Node): Node {
  const { add, mul, div, neg, abs, min, less, where, apply } = arithmetic(graph);
  const m = apply("expm1")(mul(2, min(abs(x), 20)));
  const size = div(m, add(m, 2));
  return where(less(x, 0), neg(size), where(apply("equal")(x, x), size, x));
}

/** (e^r − 1 − r) / r² where |r| ≤ ½ ln 2, to 2e-17 of e^r. */
const EXP_TAIL = [
  ...[0.5000000000000001, 0.1666666666666667, 0.04166666666662382, 0.008333333333326082],
  ...[0.0013888888917368964, 0.00019841269875003973, 2.4801521055364205e-5, 2.7557255168123062e-6],
  ...[2.76202026313159e-7, 2.5105313423078524e-8],
];

/** (artanh √z / √z − 1) / z where 0 ≤ z ≤ 1/9, to 5e-18. */
const ARTANH_TAIL = [
  ...[0.3333333333333333, 0.20000000000007456, 0.1428571428351453, 0.11111111362409382],
  ...[0.09090894546491375, 0.07692789505129312, 0.06657003641335145, 0.060011469977136564],
  ...[0.04397433369474833, 0.08087903454072548],
];

/** Adding and subtracting it rounds to an integer. */
const ROUND = 6755399441055744;

/** e^−|x|, in less time than `exp`. */
function expMinusSize(graph: Elements, x: Node): Node {
  const { add, sub, mul, neg, abs, less, where, floor, apply } = arithmetic(graph);
  const size = abs(x);
  const y = neg(where(less(746, size), 746, size));
  const k = sub(add(mul(y, Math.LOG2E), ROUND), ROUND);
  const r = sub(sub(y, mul(k, LN2_HIGH)), mul(k, LN2_LOW));
  const value = add(1, add(r, mul(mul(r, r), paired(graph, r, EXP_TAIL))));
  const half = floor(mul(k, 0.5));
  const twoTo = apply("twoTo");
  return mul(mul(value, twoTo(half)), twoTo(sub(k, half)));
}

/** log(1 + e) for 0 ≤ e ≤ 1: 2 artanh(e / (2 + e)). */
function log1pOfPart(graph: Elements, e: Node): Node {
  const { add, mul, div } = arithmetic(graph);
  const s = div(e, add(2, e));
  const z = mul(s, s);
  const twice = mul(2, s);
  return add(twice, mul(twice, mul(z, paired(graph, z, ARTANH_TAIL))));
}

/** 1 / (1 + e^−x), with e^−|x|, which cannot overflow. */
export function sigmoid(graph: Elements, x: Node): Node {
  const { add, div, less, where } = arithmetic(graph);
  const e = expMinusSize(graph, x);
  return div(where(less(x, 0), e, 1), add(1, e));
}

/** σ(x) σ(−x) = e / (1 + e)² with e = e^−|x|. */
export function sigmoidSlope(graph: Elements, x: Node): Node {
  const { add, mul, div } = arithmetic(graph);
  const e = expMinusSize(graph, x);
  const sum = add(1, e);
  return div(e, mul(sum, sum));
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^−|x|). */
export function softplus(graph: Elements, x: Node): Node {
  const { add, less, where } = arithmetic(graph);
  return add(where(less(x, 0), 0, x), log1pOfPart(graph, expMinusSize(graph, x)));
}

/** B₂, B₄ … B₂₀. */
const BERNOULLI = [
  ...[1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730],
  ...[7 / 6, -3617 / 510, 43867 / 798, -174611 / 330],
];

/** log Γ(x) for x > 0: Stirling's series at 8 or more, and x (x + 1) … (x + 7) below. +∞ at 0, NaN below. */
export function lgamma(graph: Elements, x: Node): Node {
  const { add, sub, mul, div, log, less, where, apply, polynomial } = arithmetic(graph);
  const isSmall = less(x, 8);
  const y = where(isSmall, add(x, 8), x);
  const inverse = div(1, y);
  const coefficients = BERNOULLI.map((b, k) => b / ((2 * k + 2) * (2 * k + 1))).reverse();
  const series = mul(inverse, polynomial(mul(inverse, inverse), coefficients));
  const stirling = add(sub(mul(sub(y, 0.5), log(y)), y), add(0.5 * Math.log(2 * Math.PI), series));
  const product = ascending(7).reduce((p, k) => mul(p, add(x, k + 1)), x);
  const value = sub(stirling, where(isSmall, log(where(isSmall, product, 1)), 0));
  const inside = where(less(y, Number.POSITIVE_INFINITY), value, y);
  return where(less(x, 0), Number.NaN, where(apply("equal")(x, 0), Number.POSITIVE_INFINITY, inside));
}

/** ψ^(m)(x) for x > 0, by its asymptotic series at 8 or more and the recurrence below. */
export const polygamma =
  (m: number) =>
  (graph: Elements, x: Node): Node => {
    const { add, mul, div, log, less, where, polynomial } = arithmetic(graph);
    const sign = m % 2 === 0 ? -1 : 1;
    const isSmall = less(x, 8);
    const y = where(isSmall, add(x, 8), x);
    const inverse = div(1, y);
    const power = (base: Node, n: number): Node => (n === 1 ? base : mul(power(base, n - 1), base));
    const coefficients = BERNOULLI.map(
      (b, k) => (sign * b * factorial(2 * k + 1 + m)) / factorial(2 * k + 2),
    ).reverse();
    const square = mul(inverse, inverse);
    const tail = mul(polynomial(square, coefficients), m === 0 ? square : mul(power(inverse, m), square));
    const half = mul((sign * factorial(m)) / 2, power(inverse, m + 1));
    const lead = m === 0 ? log(y) : mul(sign * factorial(m - 1), power(inverse, m));
    const shift = ascending(8)
      .map((k) => div(sign * factorial(m), power(add(x, k), m + 1)))
      .reduce((a, b) => add(a, b));
    const value = add(add(lead, add(half, tail)), where(isSmall, shift, 0));
    return where(less(0, x), value, Number.NaN);
  };

/**
 * Chebyshev coefficients of (1 + 2x) e^{x²} erfc(x) in (x − 3.75)/(x + 3.75), x ≥ 0 (Shepherd & Laframboise
 * 1981, computed anew).
 */
const ERFCX = [
  ...[1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189],
  ...[-0.026658668435305753, 0.009074997670705265, -0.002413163540417608, 0.0004907758365258086],
  ...[-6.916973302501207e-5, 4.13902798607301e-6, 7.74038306619849e-7, -2.1886401049234394e-7],
  ...[1.076499946567091e-8, 4.521959811218287e-9, -7.754400208831351e-10, -6.318088340836685e-11],
  ...[2.86879501093067e-11, 1.9455868545777347e-13, -9.65469674843344e-13, 3.25254814814874e-14],
  ...[3.3478119482868056e-14, -1.864562880419313e-15, -1.2507950530687064e-15, 7.418235256624044e-17],
  5.068148904796111e-17,
];

/** e^{x²} erfc(x) for x ≥ 0. */
export function erfcx(graph: Elements, x: Node): Node {
  const { add, sub, mul, div } = arithmetic(graph);
  const y = mul(2, div(sub(x, 3.75), add(x, 3.75)));
  let [next, after]: [Node, Node] = [graph.number(0), graph.number(0)];
  for (let k = ERFCX.length - 1; k > 0; k--) [next, after] = [add(sub(mul(y, next), after), ERFCX[k]), next];
  const value = add(sub(mul(0.5, mul(y, next)), after), ERFCX[0]);
  return div(value, add(1, mul(2, x)));
}

/** e^{−x²/2}, and erfc(|x| / √2) / 2 from it. */
function tail(graph: Elements, x: Node) {
  const { mul, min, abs, exp } = arithmetic(graph);
  const size = min(abs(x), 1e150);
  const gaussian = exp(mul(mul(-0.5, size), size));
  const scaled = graph.apply("erfcx", mul(Math.SQRT1_2, size));
  return { size, gaussian, scaled, upper: mul(0.5, mul(gaussian, scaled)) };
}

/** Φ(x) of the standard normal law. */
export function normalCdf(graph: Elements, x: Node): Node {
  const { sub, less, where, apply } = arithmetic(graph);
  const { upper } = tail(graph, x);
  return where(less(x, 0), upper, where(apply("equal")(x, x), sub(1, upper), x));
}

/** log Φ(x), right where Φ(x) underflows. */
export function logNormalCdf(graph: Elements, x: Node): Node {
  const { add, mul, neg, log, log1p, less, where, apply } = arithmetic(graph);
  const { size, scaled, upper } = tail(graph, x);
  const low = add(mul(mul(-0.5, size), size), log(mul(0.5, scaled)));
  return where(less(x, 0), low, where(apply("equal")(x, x), log1p(neg(upper)), x));
}

/** φ(x) / Φ(x). */
export function normalHazard(graph: Elements, x: Node): Node {
  const { sub, mul, div, less, where, apply } = arithmetic(graph);
  const { gaussian, scaled, upper } = tail(graph, x);
  const high = div(mul(1 / Math.sqrt(2 * Math.PI), gaussian), sub(1, upper));
  const value = where(less(x, 0), div(Math.sqrt(2 / Math.PI), scaled), high);
  return where(apply("equal")(x, x), value, x);
}

/** erf(x): Taylor's series where |x| < 0.75. */
export function erf(graph: Elements, x: Node): Node {
  const { sub, mul, neg, abs, less, where, apply, polynomial } = arithmetic(graph);
  const square = mul(x, x);
  const coefficients = ascending(17).map((k) => (k % 2 ? -1 : 1) / (factorial(k) * (2 * k + 1)));
  const series = mul(mul(2 / Math.sqrt(Math.PI), x), polynomial(square, coefficients.reverse()));
  const { upper } = tail(graph, mul(Math.SQRT2, x));
  const size = sub(1, mul(2, upper));
  const outer = where(less(x, 0), neg(size), where(apply("equal")(x, x), size, x));
  return where(less(abs(x), 0.75), series, outer);
}
