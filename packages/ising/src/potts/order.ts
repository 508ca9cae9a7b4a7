/**
 * Returns the order parameter m of q labels, m² = (q Σ_a ρ_a² − 1)/(q − 1) with ρ_a the share of label a.
 *
 * @param counts the sites of each label.
 */
export function orderOf(counts: ArrayLike<number>, sites: number): number {
  const q = counts.length;
  let squares = 0;
  for (let a = 0; a < q; a++) squares += (counts[a] / sites) ** 2;
  return Math.sqrt(Math.max(0, (q * squares - 1) / (q - 1)));
}
