import { upperGamma } from "@basin/testing";

/**
 * A compact battery for streams of 32-bit words: each test has an exactly known law under independent uniform words and
 * returns a p-value. Knuth (1997, §3.3.2), Marsaglia (1985), L'Ecuyer & Simard (2007), NIST SP 800-22 (2010).
 */
export type Source = () => number;

/** How many words the battery draws, as a multiple of its smallest useful size (about 2 million words). */
export function battery(source: Source, scale: number): Record<string, number> {
  return {
    "frequency of bytes": frequency(source, 1 << 18, scale),
    "gaps of the high bits": gaps(source, (word) => word >>> 29 === 0, 40_000 * scale),
    "gaps of the low bits": gaps(source, (word) => (word & 7) === 0, 40_000 * scale),
    "order of four": permutations(source, 50_000 * scale),
    "birthday spacings of the words": birthdays(source, (word) => word, 40 * scale),
    "birthday spacings of the reversed words": birthdays(source, reverse, 40 * scale),
    "collisions of the high bits": collisions(source, (word) => word >>> 12, 16 * scale),
    "collisions of the low bits": collisions(source, (word) => word & 0xfffff, 16 * scale),
    "rank of the lowest bit": ranks(source, 0, 20 * scale),
    "rank of the highest bit": ranks(source, 31, 20 * scale),
    "linear complexity of the lowest bit": complexities(source, 0, 60 * scale),
    "weights of neighbors": weights(source, 200_000 * scale),
  };
}

function chiSquare(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  let statistic = 0;
  for (let i = 0; i < counts.length; i++) {
    statistic += (counts[i] - total * probabilities[i]) ** 2 / (total * probabilities[i]);
  }
  return upperGamma((counts.length - 1) / 2, statistic / 2);
}

/** Two-sided p-value of a Poisson count with a large mean. */
function poisson(count: number, mean: number): number {
  const z = Math.abs(count - mean) / Math.sqrt(mean);
  return upperGamma(0.5, 0.5 * z * z);
}

function frequency(source: Source, words: number, scale: number): number {
  const counts = new Float64Array(256);
  for (let i = 0; i < words * scale; i++) {
    const word = source();
    counts[word & 255]++;
    counts[(word >>> 8) & 255]++;
    counts[(word >>> 16) & 255]++;
    counts[word >>> 24]++;
  }
  return chiSquare(counts, new Float64Array(256).fill(1 / 256));
}

/** Lengths of the waits for an event of probability 1/8 are geometric. */
function gaps(source: Source, event: (word: number) => boolean, count: number): number {
  const longest = 40;
  const counts = new Float64Array(longest + 1);
  for (let k = 0; k < count; k++) {
    let gap = 0;
    while (!event(source())) gap++;
    counts[Math.min(gap, longest)]++;
  }
  const p = Array.from({ length: longest + 1 }, (_, g) => (g < longest ? 0.125 : 1) * 0.875 ** g);
  return chiSquare(counts, p);
}

/** All 24 orders of four words are equally likely (ties, 2⁻³⁰, are negligible). */
function permutations(source: Source, count: number): number {
  const counts = new Float64Array(24);
  for (let k = 0; k < count; k++) {
    const [a, b, c, d] = [source(), source(), source(), source()];
    const x = Number(b > a);
    const y = Number(c > a) + Number(c > b);
    const z = Number(d > a) + Number(d > b) + Number(d > c);
    counts[x * 12 + y * 4 + z]++;
  }
  return chiSquare(counts, new Float64Array(24).fill(1 / 24));
}

/** Equal spacings among 4096 birthdays in 2³² days are Poisson with mean n³/(4m) = 4. */
function birthdays(source: Source, day: (word: number) => number, rounds: number): number {
  const n = 4096;
  const days = new Uint32Array(n);
  const spacings = new Uint32Array(n);
  let equal = 0;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < n; i++) days[i] = day(source());
    days.sort();
    for (let i = 0; i < n; i++) spacings[i] = days[(i + 1) % n] - days[i];
    spacings.sort();
    for (let i = 1; i < n; i++) if (spacings[i] === spacings[i - 1]) equal++;
  }
  return poisson(equal, 4 * rounds);
}

/** Collisions of n = 2¹⁴ balls in m = 2²⁰ urns: mean n − m (1 − (1 − 1/m)ⁿ), nearly Poisson. */
function collisions(source: Source, urn: (word: number) => number, rounds: number): number {
  const [n, m] = [1 << 14, 1 << 20];
  const seen = new Uint32Array(m >>> 5);
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    seen.fill(0);
    for (let i = 0; i < n; i++) {
      const at = urn(source());
      count += (seen[at >>> 5] >>> at) & 1;
      seen[at >>> 5] |= 1 << at;
    }
  }
  return poisson(count, rounds * (n - m * -Math.expm1(n * Math.log1p(-1 / m))));
}

/**
 * Ranks of 256 × 256 binary matrices of one bit of successive words: a linear generator of 128 bits never exceeds 128.
 */
function ranks(source: Source, bit: number, count: number): number {
  // P(full), P(one less), P(fewer) for large square matrices over GF(2) (Kovalenko 1972).
  const full = Array.from({ length: 60 }, (_, i) => 1 - 2 ** -(i + 1)).reduce((a, b) => a * b, 1);
  const counts = new Float64Array(3);
  for (let k = 0; k < count; k++) counts[Math.min(2, 256 - rankOf(bitMatrix(source, bit, 256)))]++;
  return chiSquare(counts, [full, 2 * full, 1 - 3 * full]);
}

function bitMatrix(source: Source, bit: number, size: number): Uint32Array[] {
  return Array.from({ length: size }, () => {
    const row = new Uint32Array(size / 32);
    for (let c = 0; c < size; c++) row[c >> 5] |= ((source() >>> bit) & 1) << (c & 31);
    return row;
  });
}

function rankOf(rows: Uint32Array[]): number {
  let rank = 0;
  for (let c = 0; c < rows.length && rank < rows.length; c++) {
    const [word, mask] = [c >> 5, 1 << (c & 31)];
    const pivot = rows.findIndex((row, r) => r >= rank && (row[word] & mask) !== 0);
    if (pivot < 0) continue;
    [rows[rank], rows[pivot]] = [rows[pivot], rows[rank]];
    for (let r = rank + 1; r < rows.length; r++) {
      if ((rows[r][word] & mask) === 0) continue;
      for (let k = word; k < rows[r].length; k++) rows[r][k] ^= rows[rank][k];
    }
    rank++;
  }
  return rank;
}

/**
 * Lengths of the shortest linear recurrences of 1000 bits, by Massey (1969), in the classes of NIST SP 800-22 §2.10.
 */
function complexities(source: Source, bit: number, count: number): number {
  const n = 1000;
  const mean = n / 2 + (9 + 1) / 36 - (n / 3 + 2 / 9) / 2 ** n;
  const counts = new Float64Array(7);
  const bits = new Uint8Array(n);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < n; i++) bits[i] = (source() >>> bit) & 1;
    const t = linearComplexity(bits) - mean + 2 / 9;
    counts[Math.min(6, Math.max(0, Math.ceil(t + 2.5)))]++;
  }
  return chiSquare(counts, [1 / 96, 1 / 32, 1 / 8, 1 / 2, 1 / 4, 1 / 16, 1 / 48]);
}

/** Polynomials have 32 coefficients a word, as has what was seen of the bits, the last one first. */
function linearComplexity(bits: Uint8Array): number {
  const words = (bits.length >>> 5) + 1;
  const [c, b, kept, seen] = Array.from({ length: 4 }, () => new Uint32Array(words));
  c[0] = b[0] = 1;
  let length = 0;
  let last = -1;
  for (let i = 0; i < bits.length; i++) {
    for (let k = words - 1; k > 0; k--) seen[k] = (seen[k] << 1) | (seen[k - 1] >>> 31);
    seen[0] = (seen[0] << 1) | bits[i];
    let sum = 0;
    for (let k = 0; k < words; k++) sum ^= c[k] & seen[k];
    for (let half = 16; half > 0; half >>= 1) sum ^= sum >>> half;
    if ((sum & 1) === 0) continue;
    kept.set(c);
    const [by, within] = [(i - last) >>> 5, (i - last) & 31];
    for (let k = by; k < words; k++) {
      c[k] ^= b[k - by] << within;
      if (within > 0 && k > by) c[k] ^= b[k - by - 1] >>> (32 - within);
    }
    if (2 * length > i) continue;
    length = i + 1 - length;
    last = i;
    b.set(kept);
  }
  return length;
}

/** Hamming weights of two successive words, each low (≤ 14), middle or high (≥ 18), are independent. */
function weights(source: Source, count: number): number {
  const counts = new Float64Array(9);
  const category = () => {
    let word = source();
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    const weight = Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    return weight <= 14 ? 0 : weight >= 18 ? 2 : 1;
  };
  for (let k = 0; k < count; k++) counts[3 * category() + category()]++;
  let choose = 1;
  let low = 0;
  for (let k = 0; k <= 14; k++) {
    low += choose / 2 ** 32;
    choose = (choose * (32 - k)) / (k + 1);
  }
  const p = [low, 1 - 2 * low, low];
  return chiSquare(
    counts,
    p.flatMap((a) => p.map((b) => a * b)),
  );
}

function reverse(word: number): number {
  let w = word;
  w = ((w >>> 1) & 0x55555555) | ((w & 0x55555555) << 1);
  w = ((w >>> 2) & 0x33333333) | ((w & 0x33333333) << 2);
  w = ((w >>> 4) & 0x0f0f0f0f) | ((w & 0x0f0f0f0f) << 4);
  w = ((w >>> 8) & 0x00ff00ff) | ((w & 0x00ff00ff) << 8);
  return ((w >>> 16) | (w << 16)) >>> 0;
}
