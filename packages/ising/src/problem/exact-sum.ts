/**
 * Returns the correctly rounded sum of `values`: the double nearest to the exact sum, whatever their order.
 *
 * Source: Shewchuk, "Adaptive precision floating-point arithmetic" (1997), the non-overlapping partial sums behind
 * Python's `math.fsum`. The order of edges in a file must change no bit, and this is where it could.
 */
export function exactSum(values: Iterable<number>): number {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  return sum.value();
}

/** An accumulator that rounds once, at the end; ±∞ once a partial sum has overflowed. */
export class ExactSum {
  readonly #partials: number[] = [];
  #overflow = 0;

  add(value: number): void {
    const partials = this.#partials;
    let x = value;
    let kept = 0;
    for (let p = 0; p < partials.length; p++) {
      let y = partials[p];
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      if (!Number.isFinite(high)) {
        this.#overflow = high;
        return;
      }
      const low = y - (high - x);
      if (low !== 0) partials[kept++] = low;
      x = high;
    }
    partials.length = kept;
    partials.push(x);
  }

  /** Whether {@link value} rounds nothing. */
  get exact(): boolean {
    if (this.#overflow !== 0) return false;
    if (this.#partials.length < 2) return true;
    return exactSum([...this.#partials, -this.value()]) === 0;
  }

  value(): number {
    const partials = this.#partials;
    let n = partials.length;
    if (this.#overflow !== 0) return this.#overflow;
    if (n === 0) return 0;
    let high = partials[--n];
    let low = 0;
    while (n > 0) {
      const x = high;
      const y = partials[--n];
      high = x + y;
      low = y - (high - x);
      if (low !== 0) break;
    }
    // A tie between two doubles is broken by what lies below it.
    if (n > 0 && Math.sign(low) === Math.sign(partials[n - 1])) {
      const doubled = 2 * low;
      const moved = high + doubled;
      if (doubled === moved - high) high = moved;
    }
    return high;
  }
}
