/**
 * Advances one xoshiro128++ generator (Blackman & Vigna 2021) and returns its output in [0, 2³²): the only one in
 * TypeScript, which streams and the twins of all kernels draw from.
 *
 * @param words holds the generator's four words at `at`, `at` + `step`, `at` + 2 `step` and `at` + 3 `step`. A
 * generator alone has `step` 1; four generators that run in the lanes of vectors have `step` 4, lane l at `at` + l.
 */
export function nextWord(words: Int32Array, at: number, step: number): number {
  const a = words[at];
  const b = words[at + step];
  const d = words[at + 3 * step] ^ b;
  const sum = (a + words[at + 3 * step]) | 0;
  const c = words[at + 2 * step] ^ a;
  words[at] = a ^ d;
  words[at + step] = b ^ c;
  words[at + 2 * step] = c ^ (b << 9);
  words[at + 3 * step] = (d << 11) | (d >>> 21);
  return (((sum << 7) | (sum >>> 25)) + a) >>> 0;
}
