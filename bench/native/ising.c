/* Native peers of the square-lattice Metropolis kernel: `ising packed|scalar L sweeps` prints attempted flips per nanosecond.
 * packed: a bit a spin in 128-bit vectors (GCC vector extensions), one independent 32-bit uniform a spin from xoshiro128++,
 * compared from the top bit down with the spin's own threshold until all 512 spins of a group are decided.
 * scalar: a byte a spin, checkerboard order, a table of acceptances, one xoshiro128++ draw a spin. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef uint32_t vec __attribute__((vector_size(16)));
typedef uint64_t pair __attribute__((vector_size(16)));
typedef uint16_t tiles __attribute__((vector_size(16)));
enum { GROUP = 4 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static uint64_t mix_state = 42;
static uint64_t mix(void) {
  uint64_t z = (mix_state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

static inline vec rotate(vec x, int k) { return (x << k) | (x >> (32 - k)); }
static inline vec draw(vec s[4]) {
  vec out = rotate(s[0] + s[3], 7) + s[0], t = s[1] << 9;
  s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t;
  s[3] = rotate(s[3], 11);
  return out;
}
static inline int any(vec x) { pair p = (pair)x; return (p[0] | p[1]) != 0; }

/* The lattice is cut into 8 rows of 16 tiles, one bit of a vector each; `wide` vectors and `tall` rows of one color a tile. */
static inline vec down(vec x) { return (vec)__builtin_shufflevector((tiles)x, (tiles)x, 7, 0, 1, 2, 3, 4, 5, 6); }
static inline vec up(vec x) { return (vec)__builtin_shufflevector((tiles)x, (tiles)x, 1, 2, 3, 4, 5, 6, 7, 0); }
static inline vec right(vec x) { tiles t = (tiles)x; return (vec)((t << 1) | (t >> 15)); }
static inline vec left(vec x) { tiles t = (tiles)x; return (vec)((t >> 1) | (t << 15)); }

static vec generators[GROUP][4];

static void half(vec *own, const vec *other, int wide, int tall, int parity, uint32_t p4, uint32_t p8) {
  vec g[GROUP][4];
  memcpy(g, generators, sizeof g);
  for (int y0 = 0; y0 < tall; y0 += GROUP)
    for (int w = 0; w < wide; w++) {
      vec spin[GROUP], flip[GROUP], some[GROUP], open[GROUP];
      for (int k = 0; k < GROUP; k++) {
        int y = y0 + k;
        const vec *row = other + (long)y * wide;
        vec above = y > 0 ? row[w - wide] : down(other[(long)(tall - 1) * wide + w]);
        vec below = y < tall - 1 ? row[w + wide] : up(other[w]);
        vec side = ((y ^ parity) & 1) == 0 ? (w > 0 ? row[w - 1] : right(row[wide - 1]))
                                           : (w < wide - 1 ? row[w + 1] : left(row[0]));
        spin[k] = own[(long)y * wide + w];
        vec a = spin[k] ^ row[w], b = spin[k] ^ side, c = spin[k] ^ above, d = spin[k] ^ below;
        some[k] = a | b | c | d;
        flip[k] = (a & b) | (c & d) | ((a | b) & (c | d));
        open[k] = ~flip[k];
      }
      for (int bit = 31; bit >= 0; bit--) {
        vec rest = {0};
        vec m4 = (vec){0} - ((p4 >> bit) & 1), m8 = (vec){0} - ((p8 >> bit) & 1);
        for (int k = 0; k < GROUP; k++) {
          vec below = (m4 & some[k]) | (m8 & ~some[k]), decided = open[k] & (draw(g[k]) ^ below);
          flip[k] |= decided & below;
          open[k] &= ~decided;
          rest |= open[k];
        }
        if (!any(rest)) break;
      }
      for (int k = 0; k < GROUP; k++) own[(long)(y0 + k) * wide + w] = spin[k] ^ flip[k];
    }
  memcpy(generators, g, sizeof g);
}

static double packed(int L, int sweeps, double beta) {
  int wide = L / 32, tall = L / 8;
  size_t bytes = (size_t)wide * tall * sizeof(vec);
  vec *a = aligned_alloc(64, bytes), *b = aligned_alloc(64, bytes);
  memset(a, 0, bytes);
  memset(b, 0, bytes);
  for (size_t i = 0; i < sizeof generators / 8; i++) ((uint64_t *)generators)[i] = mix();
  uint32_t p4 = exp(-4 * beta) * 4294967296.0, p8 = exp(-8 * beta) * 4294967296.0;
  double begun = 0;
  for (int i = -sweeps / 10; i < sweeps; i++) {
    if (i == 0) begun = seconds();
    half(a, b, wide, tall, 0, p4, p8);
    half(b, a, wide, tall, 1, p4, p8);
  }
  double taken = seconds() - begun;
  long on = 0;
  for (size_t i = 0; i < bytes / 8; i++)
    on += __builtin_popcountll(((uint64_t *)a)[i]) + __builtin_popcountll(((uint64_t *)b)[i]);
  fprintf(stderr, "m = %.4f\n", 1 - 2.0 * on / ((double)L * L));
  return (double)sweeps * L * L / (taken * 1e9);
}

static double scalar(int L, int sweeps, double beta) {
  int8_t *s = malloc((size_t)L * L);
  memset(s, 1, (size_t)L * L);
  uint32_t table[9], g[4];
  for (int i = 0; i < 4; i++) g[i] = mix();
  for (int i = -4; i <= 4; i++) table[i + 4] = i <= 0 ? UINT32_MAX : exp(-2 * beta * i) * 4294967296.0;
  double begun = 0;
  for (int sweep = -sweeps / 10; sweep < sweeps; sweep++) {
    if (sweep == 0) begun = seconds();
    for (int color = 0; color < 2; color++)
      for (int y = 0; y < L; y++) {
        int8_t *row = s + (long)y * L, *above = s + (long)(y ? y - 1 : L - 1) * L, *below = s + (long)(y < L - 1 ? y + 1 : 0) * L;
        for (int x = (y + color) & 1; x < L; x += 2) {
          int field = above[x] + below[x] + row[x ? x - 1 : L - 1] + row[x < L - 1 ? x + 1 : 0];
          uint32_t sum = g[0] + g[3], out = ((sum << 7) | (sum >> 25)) + g[0], t = g[1] << 9;
          g[2] ^= g[0]; g[3] ^= g[1]; g[1] ^= g[2]; g[0] ^= g[3]; g[2] ^= t;
          g[3] = (g[3] << 11) | (g[3] >> 21);
          if (out <= table[row[x] * field + 4]) row[x] = -row[x];
        }
      }
  }
  return (double)sweeps * L * L / ((seconds() - begun) * 1e9);
}

int main(int count, char **args) {
  if (count != 4) return 2;
  int L = atoi(args[2]), sweeps = atoi(args[3]);
  double beta = 0.5 * log1p(sqrt(2));
  printf("{\"flipsPerNanosecond\": %.4f}\n", args[1][0] == 'p' ? packed(L, sweeps, beta) : scalar(L, sweeps, beta));
}
