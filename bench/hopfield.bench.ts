import { type Matrix, recallAll, row } from "@basin/energy-core";
import { corrupt, hopfield, modernMemory, randomPatterns } from "@basin/hopfield";
import type { Contender, Contest } from "./contest.ts";

/**
 * Associative memories on one core. The peer is plain JavaScript with cached local fields, the textbook's fast form: N²
 * weights in single precision, the fields of the probe once (from the weights, or faster from the P overlaps), then a
 * row added a flip. The figures quoted beside it were measured on another machine of the same kind: compare ratios.
 */

const NEURONS = 1000;
const PATTERNS = 100;
const FLIPS = 0.2;

const patterns = randomPatterns(PATTERNS, NEURONS, { seed: 1 });
const probes = Array.from({ length: 100 }, (_, k) => corrupt(row(patterns, k), FLIPS, { seed: k }));

/** Runs `work` again and again for about a third of a second and returns units a second. */
function rate(work: () => number): number {
  work();
  const start = performance.now();
  let units = 0;
  let elapsed = 0;
  while (elapsed < 350) {
    units += work();
    elapsed = performance.now() - start;
  }
  return (1000 * units) / elapsed;
}

function recalls(kernel: "wasm" | "typescript"): Contender["measure"] {
  const memory = hopfield(patterns, { kernel });
  let k = 0;
  return () =>
    rate(() => {
      memory.recall(probes[k++ % probes.length], { seed: k });
      return 1;
    });
}

/**
 * The peer: cached fields over single-precision weights, with xorshift32 for the order; the first fields by the weights
 * or by the overlaps.
 */
class CachedFields {
  readonly #patterns: Float32Array;
  readonly #byOverlaps: boolean;
  readonly #weights: Float32Array;
  readonly #n: number;
  readonly #order: Int32Array;
  #word = 1;

  constructor({ data, shape: [count, n] }: Matrix<Int8Array>, byOverlaps: boolean) {
    this.#n = n;
    this.#patterns = Float32Array.from(data);
    this.#byOverlaps = byOverlaps;
    this.#weights = new Float32Array(n * n);
    this.#order = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        if (i !== j) for (let mu = 0; mu < count; mu++) sum += data[mu * n + i] * data[mu * n + j];
        this.#weights[i * n + j] = sum;
      }
    }
  }

  recall(probe: Int8Array): Int8Array {
    const n = this.#n;
    const weights = this.#weights;
    const state = probe.slice();
    const fields = this.#byOverlaps ? this.#fieldsOfOverlaps(state) : this.#fieldsOfWeights(state);
    const order = this.#order;
    for (let i = 0; i < n; i++) order[i] = i;
    for (let flips = -1; flips !== 0; ) {
      flips = 0;
      this.#shuffle(order);
      for (let k = 0; k < n; k++) {
        const i = order[k];
        const next = fields[i] >= 0 ? 1 : -1;
        if (next === state[i]) continue;
        state[i] = next;
        const at = i * n;
        for (let j = 0; j < n; j++) fields[j] += 2 * next * weights[at + j];
        flips++;
      }
    }
    return state;
  }

  #fieldsOfWeights(state: Int8Array): Float32Array {
    const n = this.#n;
    const weights = this.#weights;
    const fields = new Float32Array(n);
    for (let j = 0; j < n; j++) {
      const s = state[j];
      const at = j * n;
      for (let i = 0; i < n; i++) fields[i] += s * weights[at + i];
    }
    return fields;
  }

  #fieldsOfOverlaps(state: Int8Array): Float32Array {
    const n = this.#n;
    const patterns = this.#patterns;
    const count = patterns.length / n;
    const fields = new Float32Array(n);
    for (let i = 0; i < n; i++) fields[i] = -count * state[i];
    for (let mu = 0, at = 0; mu < count; mu++, at += n) {
      let overlap = 0;
      for (let i = 0; i < n; i++) overlap += patterns[at + i] * state[i];
      for (let i = 0; i < n; i++) fields[i] += overlap * patterns[at + i];
    }
    return fields;
  }

  #shuffle(order: Int32Array): void {
    for (let i = order.length - 1; i > 0; i--) {
      this.#word ^= this.#word << 13;
      this.#word ^= this.#word >>> 17;
      this.#word ^= this.#word << 5;
      const j = (this.#word >>> 0) % (i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
  }
}

function cachedRecalls(byOverlaps: boolean): Contender["measure"] {
  const peer = new CachedFields(patterns, byOverlaps);
  let k = 0;
  return () =>
    rate(() => {
      peer.recall(probes[k++ % probes.length]);
      return 1;
    });
}

function uniform(rows: number, columns: number, seed: number) {
  const { data } = randomPatterns(rows, columns * 8, { seed });
  const values = new Float32Array(rows * columns);
  // The sum of eight signs is close enough to a normal number for a benchmark.
  for (let k = 0; k < values.length; k++)
    for (let b = 0; b < 8; b++) values[k] += data[8 * k + b] / Math.sqrt(8);
  return { data: values, shape: [rows, columns] };
}

function retrievals(kernel: "wasm" | "typescript", queries: number): Contender["measure"] {
  const memory = modernMemory(uniform(10_000, 64, 1), { sharpness: 1 / 8, similarity: "dot", kernel });
  const batch = uniform(queries, 64, 2);
  return () =>
    rate(() => {
      memory.retrieve(batch);
      return queries;
    });
}

function largeRecall(): Contender["measure"] {
  const stored = randomPatterns(1000, 65_536, { seed: 3 });
  const memory = hopfield(stored);
  let k = 0;
  return () =>
    rate(() => {
      k = (k + 1) % 1000;
      memory.recall(corrupt(row(stored, k), FLIPS, { seed: k }), { seed: k });
      return 1;
    });
}

/** Neuron updates a second of many recalls, synchronous, to a fixed point or a cycle. */
function batchUpdates(kernel: "wasm" | "typescript"): Contender["measure"] {
  const memory = hopfield(patterns, { kernel });
  const rows = kernel === "wasm" ? 640 : 20;
  const cues = Array.from({ length: rows }, (_, k) => probes[k % probes.length]);
  return () =>
    rate(() => {
      const ends = recallAll(memory, cues, { dynamics: "synchronous", seed: 0 });
      return (NEURONS * ends.reduce((sum, { steps }) => sum + steps, 0)) / 1e6;
    });
}

/** A limit to be held against, in the unit of its contest. */
function limit(value: number): Contender["measure"] {
  return () => value;
}

/**
 * Seconds from a stored 65.5 MB of patterns to the first recalled state, the kernel's making included, as its inverse.
 */
function firstLargeRecall(): Contender["measure"] {
  const stored = randomPatterns(1000, 65_536, { seed: 3 });
  const probe = corrupt(row(stored, 5), FLIPS, { seed: 5 });
  return () => {
    const start = performance.now();
    hopfield(stored).recall(probe, { seed: 1 });
    return 1000 / (performance.now() - start);
  };
}

function denseUpdates(): Contender["measure"] {
  const memory = hopfield(patterns, { rule: "pseudo-inverse" });
  return () =>
    rate(() => {
      const ends = recallAll(memory, probes, { seed: 0 });
      return (NEURONS * ends.reduce((sum, { steps }) => sum + steps, 0)) / 1e6;
    });
}

/** Softmax retrieval as plain loops over single-precision arrays. */
function plainRetrievals(queries: number): Contender["measure"] {
  const keys = uniform(10_000, 64, 1).data;
  const batch = uniform(queries, 64, 2).data;
  const weights = new Float32Array(10_000);
  return () =>
    rate(() => {
      const out = new Float32Array(64);
      for (let q = 0; q < queries; q++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let p = 0; p < 10_000; p++) {
          let score = 0;
          for (let k = 0; k < 64; k++) score += keys[64 * p + k] * batch[64 * q + k];
          weights[p] = score / 8;
          most = Math.max(most, weights[p]);
        }
        let total = 0;
        for (let p = 0; p < 10_000; p++) total += weights[p] = Math.exp(weights[p] - most);
        out.fill(0);
        for (let p = 0; p < 10_000; p++)
          for (let k = 0; k < 64; k++) out[k] += (weights[p] / total) * keys[64 * p + k];
      }
      return queries;
    });
}

export const contests: readonly Contest[] = [
  {
    question: "Hebb, N = 1000, P = 100: from 20 % flips to a verified fixed point, one at a time",
    unit: "recalls/s",
    contenders: [
      { name: "wasm", measure: recalls("wasm") },
      { name: "typescript", measure: recalls("typescript") },
      { name: "cached fields", measure: cachedRecalls(false) },
      { name: "cached fields, overlaps first", measure: cachedRecalls(true) },
    ],
    ratios: [
      { of: "wasm", to: "cached fields", aim: 3 },
      { of: "wasm", to: "cached fields, overlaps first", aim: 3 },
      { of: "typescript", to: "cached fields" },
    ],
  },
  {
    question: "the same, synchronous, many at once (numpy elsewhere: 29–40)",
    unit: "M neuron updates/s",
    contenders: [
      { name: "wasm", measure: batchUpdates("wasm") },
      { name: "typescript", measure: batchUpdates("typescript") },
      { name: "wanted", measure: limit(200) },
    ],
    ratios: [
      { of: "wasm", to: "typescript" },
      { of: "wasm", to: "wanted", aim: 1 },
    ],
  },
  {
    question: "pseudo-inverse (N² weights), N = 1000, P = 100, one neuron after another",
    unit: "M neuron updates/s",
    contenders: [
      { name: "basin", measure: denseUpdates() },
      { name: "wanted", measure: limit(10) },
    ],
    ratios: [{ of: "basin", to: "wanted", aim: 1 }],
  },
  {
    question:
      "softmax retrieval of 1000 queries from 10 000 patterns, d = 64 (torch elsewhere, one thread: 14 000)",
    unit: "queries/s",
    contenders: [
      { name: "wasm", measure: retrievals("wasm", 1000) },
      { name: "typescript", measure: retrievals("typescript", 20) },
      { name: "plain loops", measure: plainRetrievals(20) },
      { name: "wanted: a quarter of torch's", measure: limit(1000 / 0.284) },
    ],
    ratios: [
      { of: "wasm", to: "plain loops", aim: 5 },
      { of: "wasm", to: "wanted: a quarter of torch's", aim: 1 },
    ],
  },
  {
    question: "Hebb, N = 65 536, P = 1000: from 20 % flips to a verified fixed point",
    unit: "recalls/s",
    contenders: [
      { name: "wasm", measure: largeRecall() },
      { name: "wasm, the first one, from bare patterns", measure: firstLargeRecall() },
      { name: "wanted", measure: limit(0.5) },
    ],
    ratios: [
      { of: "wasm", to: "wanted", aim: 1 },
      { of: "wasm, the first one, from bare patterns", to: "wanted", aim: 1 },
    ],
  },
];
