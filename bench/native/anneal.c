/* Simulated annealing one read after another, the plain way in C: sequential Metropolis sweeps over cached energy
 * differences, a random number only where it can matter, beta rising linearly. Weights are read as doubles.
 *
 * usage: anneal FILE reads sweeps hot cold seed
 * FILE is a graph in rudy format; hot and cold are in units of one over a weight, for E = sum w s s (minimized).
 * Prints one JSON object: seconds, and the mean and the best cut of the reads. */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t s0, s1;

/* xorshift128+ (Vigna 2017) */
static inline uint64_t next64(void) {
  uint64_t a = s0, b = s1;
  s0 = b;
  a ^= a << 23;
  s1 = a ^ b ^ (a >> 17) ^ (b >> 26);
  return s1 + b;
}

typedef struct {
  int nodes, edges;
  int *from, *to, *start, *neighbor;
  double *weight, *coupling;
} Graph;

static Graph read_graph(const char *path) {
  Graph g;
  FILE *file = fopen(path, "r");
  if (!file || fscanf(file, "%d %d", &g.nodes, &g.edges) != 2) exit(1);
  g.from = malloc(4 * g.edges), g.to = malloc(4 * g.edges), g.weight = malloc(8 * g.edges);
  g.start = calloc(g.nodes + 1, 4);
  for (int e = 0; e < g.edges; e++) {
    if (fscanf(file, "%d %d %lf", g.from + e, g.to + e, g.weight + e) != 3) exit(1);
    g.start[g.from[e]--]++, g.start[g.to[e]--]++;
  }
  fclose(file);
  for (int i = 0; i < g.nodes; i++) g.start[i + 1] += g.start[i];
  int *at = malloc(4 * g.nodes);
  memcpy(at, g.start, 4 * g.nodes);
  g.neighbor = malloc(8 * g.edges), g.coupling = malloc(16 * g.edges);
  for (int e = 0; e < g.edges; e++) {
    int u = g.from[e], v = g.to[e];
    g.neighbor[at[u]] = v, g.coupling[at[u]++] = g.weight[e];
    g.neighbor[at[v]] = u, g.coupling[at[v]++] = g.weight[e];
  }
  free(at);
  return g;
}

static void anneal(const Graph *g, int sweeps, double hot, double cold, signed char *s, double *delta) {
  for (int i = 0; i < g->nodes; i++) s[i] = next64() >> 63 ? 1 : -1;
  for (int i = 0; i < g->nodes; i++) {
    double field = 0;
    for (int k = g->start[i]; k < g->start[i + 1]; k++) field += g->coupling[k] * s[g->neighbor[k]];
    delta[i] = -2 * s[i] * field;
  }
  for (int t = 0; t < sweeps; t++) {
    double beta = hot + (cold - hot) * t / (sweeps - 1);
    double hopeless = 44.36142 / beta; /* exp(-44.36) = 2^-64 */
    for (int i = 0; i < g->nodes; i++) {
      double d = delta[i];
      if (d >= hopeless) continue;
      if (d > 0 && exp(-d * beta) * 18446744073709551616.0 <= (double)next64()) continue;
      double change = 4 * s[i];
      for (int k = g->start[i]; k < g->start[i + 1]; k++) delta[g->neighbor[k]] += change * g->coupling[k] * s[g->neighbor[k]];
      s[i] = -s[i];
      delta[i] = -d;
    }
  }
}

int main(int argc, char **argv) {
  if (argc != 7) return 1;
  Graph g = read_graph(argv[1]);
  int reads = atoi(argv[2]), sweeps = atoi(argv[3]);
  double hot = atof(argv[4]), cold = atof(argv[5]);
  uint64_t seed = strtoull(argv[6], NULL, 10);
  s0 = seed * 0x9E3779B97F4A7C15ull + 1, s1 = seed ^ 0xD1B54A32D192ED03ull;
  for (int i = 0; i < 20; i++) next64();
  signed char *s = malloc(g.nodes);
  double *delta = malloc(8 * g.nodes);
  double sum = 0, best = -INFINITY;
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  for (int r = 0; r < reads; r++) {
    anneal(&g, sweeps, hot, cold, s, delta);
    double cut = 0;
    for (int e = 0; e < g.edges; e++)
      if (s[g.from[e]] != s[g.to[e]]) cut += g.weight[e];
    sum += cut;
    if (cut > best) best = cut;
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  double seconds = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
  printf("{\"seconds\":%.9g,\"mean\":%.17g,\"best\":%.17g}\n", seconds, sum / reads, best);
  return 0;
}
