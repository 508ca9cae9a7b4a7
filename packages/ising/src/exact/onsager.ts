import { checkNumber } from "@basin/energy-core";
import { ellipticIntegrals } from "./elliptic.ts";

/** T_c = 2 / ln(1 + √2) of the square lattice with J = 1 (Kramers & Wannier 1941). */
const criticalTemperature = 2 / Math.log1p(Math.SQRT2);

/**
 * Returns the spontaneous magnetization per site (1 − sinh(2/T)⁻⁴)^⅛ below T_c, 0 from T_c on (Onsager 1949; Yang
 * 1952).
 *
 * @param temperature T in units of J, at least 0.
 */
function magnetization(temperature: number): number {
  checkNumber("temperature", temperature, { min: 0 });
  if (temperature >= criticalTemperature) return 0;
  return (1 - Math.sinh(2 / temperature) ** -4) ** 0.125;
}

/**
 * Returns the energy per site u = −coth 2K [1 + (2/π)(2 tanh² 2K − 1) K₁(k)], K = 1/T, k = 2 sinh 2K / cosh² 2K
 * (Onsager 1944); −√2 at T_c.
 *
 * @param temperature T in units of J, above 0.
 */
function energy(temperature: number): number {
  checkNumber("temperature", temperature, { above: 0 });
  const K = 1 / temperature;
  const difference = 2 * Math.tanh(2 * K) ** 2 - 1;
  // K₁ diverges as a logarithm where its factor vanishes.
  const term = Math.abs(difference) < 1e-300 ? 0 : difference * ellipticIntegrals(Math.abs(difference)).first;
  return -(1 + (2 / Math.PI) * term) / Math.tanh(2 * K);
}

/**
 * Returns the specific heat per site (k_B = 1) c = (4/π)(K coth 2K)² {K₁ − E₁ − (1 − tanh² 2K)[π/2 + (2 tanh² 2K − 1)
 * K₁]} (Onsager 1944); it diverges as a logarithm, and is +∞ at T_c.
 *
 * @param temperature T in units of J, above 0.
 */
function specificHeat(temperature: number): number {
  checkNumber("temperature", temperature, { above: 0 });
  const K = 1 / temperature;
  const tanhSquared = Math.tanh(2 * K) ** 2;
  const difference = 2 * tanhSquared - 1;
  if (Math.abs(difference) < 1e-15) return Number.POSITIVE_INFINITY;
  const { first, second } = ellipticIntegrals(Math.abs(difference));
  const braces = first - second - (1 - tanhSquared) * (Math.PI / 2 + difference * first);
  return (4 / Math.PI) * (K / Math.tanh(2 * K)) ** 2 * braces;
}

/** Exact results for the infinite square lattice with J = 1 and no field. */
export const onsager = { criticalTemperature, magnetization, energy, specificHeat } as const;
