/** Complete elliptic integrals of the first and second kind, K and E. */
export interface EllipticIntegrals {
  readonly first: number;
  readonly second: number;
}

/**
 * Returns K(k) and E(k) for the complementary modulus k′ = √(1 − k²) in (0, 1], by the arithmetic-geometric mean
 * (Abramowitz & Stegun 1964, 17.6); k′ rather than k, because that keeps every digit near k = 1.
 */
export function ellipticIntegrals(complement: number): EllipticIntegrals {
  let a = 1;
  let b = complement;
  let power = 0.5;
  let sum = power * (1 - complement * complement);
  while (Math.abs(a - b) > 1e-15 * a) {
    const c = 0.5 * (a - b);
    [a, b] = [0.5 * (a + b), Math.sqrt(a * b)];
    power *= 2;
    sum += power * c * c;
  }
  const first = Math.PI / (a + b);
  return { first, second: first * (1 - sum) };
}
