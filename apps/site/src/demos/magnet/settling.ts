/** T_c = 2/ln(1 + √2) of the square lattice (Onsager 1944), without the package, which stays in the worker. */
const criticalTemperature = 2 / Math.log1p(Math.SQRT2);

interface Conditions {
  readonly temperature: number;
  readonly size: number;
  readonly start: "ordered" | "random";
}

/** Dynamic critical exponent of single-spin dynamics in two dimensions (Nightingale and Blöte 1996). */
const dynamicExponent = 2.17;

/**
 * Returns about how many sweeps of single-spin dynamics a lattice takes to forget: ξ^z, with the correlation length ξ
 * of the infinite lattice (Onsager 1944) cut off at the side; L² for the domains of a random start below T_c. The order
 * of magnitude is all that is meant.
 */
export function sweepsToForget({ temperature, size, start }: Conditions): number {
  if (temperature < criticalTemperature && start === "random") return size ** 2;
  const K = 1 / temperature;
  const inverseLength = Math.abs(2 * K + Math.log(Math.tanh(K)));
  return Math.min(1 / inverseLength, size) ** dynamicExponent;
}

/** Returns a number for people: one digit and zeros. */
export function roughly(value: number): string {
  return Number(value.toPrecision(1)).toLocaleString("en");
}
