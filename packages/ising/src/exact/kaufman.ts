import { checkNumber } from "@basin/energy-core";

/** Exact values of a finite torus. */
export interface TorusThermodynamics {
  /** ln Z. */
  readonly logPartition: number;
  /** ⟨H⟩ / N, in units of J. */
  readonly energyPerSite: number;
  /** (⟨H²⟩ − ⟨H⟩²) / (T² N), k_B = 1. */
  readonly specificHeat: number;
}

/** e^scale · (value + s·slope + ½ s²·curve): a positive factor's Taylor expansion in K, scaled. */
interface Term {
  readonly scale: number;
  /** First and second derivative of `scale`. */
  readonly rate: number;
  readonly bend: number;
  readonly value: number;
  readonly slope: number;
  readonly curve: number;
}

/** γ_l and its first two derivatives. */
interface Mode {
  readonly gamma: number;
  readonly slope: number;
  readonly curve: number;
}

/**
 * Returns ln Z, the energy and the specific heat of the L × M square-lattice torus with J = 1 and no field, exactly
 * (Kaufman 1949):
 *
 * Z = ½ (2 sinh 2K)^(LM/2) [Π 2 cosh(L γ_(2r+1)/2) + Π 2 sinh(L γ_(2r+1)/2) + Π 2 cosh(L γ_2r/2) + Π 2 sinh(L γ_2r/2)],
 * r = 0 … M − 1, cosh γ_l = cosh 2K coth 2K − cos(π l/M), γ_0 = 2K + ln tanh K, which is negative above T_c.
 *
 * Stable for sides up to 32768 and any T > 0: products are sums of logarithms, differences are never taken between
 * totals.
 *
 * @param temperature T in units of J, above 0; +∞ is allowed.
 *
 * @example
 * ```ts
 * import { kaufman } from "@basin/ising";
 *
 * const { logPartition } = kaufman(2, 2, 2);
 * console.log(logPartition, Math.log(2 * Math.exp(4) + 12 + 2 * Math.exp(-4))); // the same: 16 states, two bonds a pair
 * ```
 *
 * @throws {ArgumentError} for a side that is not an integer from 1 to 32768, or a temperature out of range.
 */
export function kaufman(L: number, M: number, temperature: number): TorusThermodynamics {
  for (const [name, side] of [
    ["L", L],
    ["M", M],
  ] as const) {
    checkNumber(name, side, { min: 1, max: 32768, integer: true });
  }
  const sites = L * M;
  if (temperature === Number.POSITIVE_INFINITY) {
    return { logPartition: sites * Math.LN2, energyPerSite: 0, specificHeat: 0 };
  }
  const K = 1 / checkNumber("temperature", temperature, { above: 0 });
  if (K > 100) return groundState(sites, K);
  const terms = products(L, M, K);
  const scale = Math.max(...terms.map((term) => term.scale));
  const reference = terms[0].rate;
  let z = 0;
  let first = 0;
  let second = 0;
  for (const term of terms) {
    // e^(−reference·K) is taken out, so that the derivatives are small numbers.
    const weight = Math.exp(term.scale - scale);
    const rate = term.rate - reference;
    z += weight * term.value;
    first += weight * (rate * term.value + term.slope);
    second += weight * ((rate * rate + term.bend) * term.value + 2 * rate * term.slope + term.curve);
  }
  const sinh = Math.sinh(2 * K);
  const mean = first / z;
  const logSinh = 2 * K + Math.log1p(-Math.exp(-4 * K));
  return {
    logPartition: -Math.LN2 + 0.5 * sites * logSinh + scale + Math.log(z),
    energyPerSite: -(reference + mean) / sites - Math.cosh(2 * K) / sinh,
    // Far below the gap the difference rounds to either side of zero.
    specificHeat: Math.max(0, K * K * ((second / z - mean * mean) / sites - 2 / (sinh * sinh))),
  };
}

/** Below T = 0.01 every excitation has a weight under e⁻⁴⁰⁰. */
function groundState(sites: number, K: number): TorusThermodynamics {
  return { logPartition: 2 * sites * K + Math.LN2, energyPerSite: -2, specificHeat: 0 };
}

/**
 * The four products over modes; the factor of γ_0, whose sinh may vanish or be negative, is kept out of the logarithms.
 */
function products(L: number, M: number, K: number): Term[] {
  const terms: Term[] = [];
  for (const start of [1, 0]) {
    const cosh = { scale: 0, rate: 0, bend: 0 };
    const sinh = { scale: 0, rate: 0, bend: 0 };
    for (let l = start; l < 2 * M; l += 2) {
      if (l === 0) continue;
      const { gamma, slope, curve } = mode(l, M, K);
      const decay = Math.exp(-L * gamma);
      const tanh = (1 - decay) / (1 + decay);
      const half = 0.5 * L;
      cosh.scale += half * gamma + Math.log1p(decay);
      cosh.rate += half * slope * tanh;
      cosh.bend += half * curve * tanh + (half * slope) ** 2 * (1 - tanh * tanh);
      sinh.scale += half * gamma + Math.log1p(-decay);
      sinh.rate += (half * slope) / tanh;
      sinh.bend += (half * curve) / tanh - (half * slope) ** 2 * (1 / (tanh * tanh) - 1);
    }
    const zero = start === 0 ? zeroMode(L, K) : { cosh: UNIT, sinh: UNIT, scale: 0 };
    terms.push({ ...cosh, scale: cosh.scale + zero.scale, ...zero.cosh });
    terms.push({ ...sinh, scale: sinh.scale + zero.scale, ...zero.sinh });
  }
  return terms;
}

const UNIT = { value: 1, slope: 0, curve: 0 };

/** 2 cosh and 2 sinh of L γ_0 / 2 with their derivatives, over e^scale. */
function zeroMode(L: number, K: number) {
  const { gamma, slope, curve } = mode(0, 1, K);
  const half = 0.5 * L;
  const decay = Math.exp(-L * Math.abs(gamma));
  const cosh = 1 + decay;
  const sinh = Math.sign(gamma) * -Math.expm1(-L * Math.abs(gamma));
  const first = half * slope;
  return {
    scale: half * Math.abs(gamma),
    cosh: { value: cosh, slope: first * sinh, curve: half * curve * sinh + first * first * cosh },
    sinh: { value: sinh, slope: first * cosh, curve: half * curve * cosh + first * first * sinh },
  };
}

/** γ_l and its derivatives from x = cosh γ_l − 1 = (s − 1)²/s + 2 sin²(π l/2M), s = sinh 2K. */
function mode(l: number, M: number, K: number): Mode {
  const s = Math.sinh(2 * K);
  const c = Math.cosh(2 * K);
  if (l === 0) {
    const gamma = 2 * K + Math.log(Math.tanh(K));
    return { gamma, slope: 2 + 2 / s, curve: (-4 * c) / (s * s) };
  }
  const x = (s - 1) ** 2 / s + 2 * Math.sin((0.5 * Math.PI * l) / M) ** 2;
  const sinhGamma = Math.sqrt(x * (2 + x));
  const a1 = 2 * c * (1 - 1 / (s * s));
  const a2 = 4 * s - 4 / s + (8 * c * c) / (s * s * s);
  const slope = a1 / sinhGamma;
  return {
    gamma: Math.log1p(x + sinhGamma),
    slope,
    curve: a2 / sinhGamma - (slope * slope * (1 + x)) / sinhGamma,
  };
}
