/**
 * Spins on any graph, one at a time. Neighbors are in compressed rows; random words come from the tape. The TypeScript
 * twins are ../src/sweep/graph-twin.ts and ../src/cluster/cluster-twin.ts.
 */
import { exp } from "../../../internal/wasm/assembly/lib/exp";
import { position, refill, setPosition, tapeEnd } from "../../../internal/wasm/assembly/lib/tape";

const METROPOLIS = 0;
/** Cells of the table of acceptances: ±32 in steps of 1/32 of βΔE. */
const CELLS: f64 = 2048;

/** Local fields f_i = h_i + Σ_j J_ij σ_j. */
export function localFields(
  n: i32, starts: usize, neighbors: usize, values: usize, site: usize, fields: usize, spins: usize,
): void {
  for (let i = 0; i < n; i++) {
    let sum = load<f64>(site + (<usize>i << 3));
    const end = load<i32>(starts + (<usize>i << 2), 4);
    for (let k = load<i32>(starts + (<usize>i << 2)); k < end; k++) {
      const j = load<i32>(neighbors + (<usize>k << 2));
      sum += load<f64>(values + (<usize>k << 3)) * <f64>load<i8>(spins + j);
    }
    store<f64>(fields + (<usize>i << 3), sum);
  }
}

/** Σ_i σ_i (f_i + h_i) = −2 H, up to the offset. */
export function doubledEnergy(n: i32, site: usize, fields: usize, spins: usize): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 3;
    sum += <f64>load<i8>(spins + i) * (load<f64>(fields + at) + load<f64>(site + at));
  }
  return sum;
}

function probability(rule: i32, x: f64): f64 {
  if (rule !== METROPOLIS) return 1.0 / (1.0 + exp(x));
  return 0.984375 * (x <= 0 ? 1.0 : exp(-x));
}

/**
 * Visits all spins `sweeps` times, class by class; spins of a class are no neighbors of each other, so that all can be
 * decided, without a branch, before those that flip are listed off. Entry k of the table bounds the flip probability,
 * in units of 2⁻³², from above for βΔE in cell k, entry k + 1 from below; only a random word between them needs the
 * exponential, and 21 more bits.
 */
export function sweepGraph(
  starts: usize, neighbors: usize, values: usize, fields: usize, spins: usize, table: usize, classes: usize,
  count: i32, list: usize, block: usize, doubledBeta: f64, rule: i32, sweeps: i32,
): void {
  const end = tapeEnd(block);
  let tape = position(block);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let group = 0; group < count; group++) {
      const to = load<i32>(classes + (<usize>group << 2), 4);
      let flips: usize = list;
      for (let i = load<i32>(classes + (<usize>group << 2)); i < to; i++) {
        const x = doubledBeta * <f64>load<i8>(spins + i) * load<f64>(fields + (<usize>i << 3));
        let cell = x * 32 + 1024;
        if (!(cell > 0)) cell = 0;
        else if (cell > CELLS - 1) cell = CELLS - 1;
        const entry = table + (<usize>(<i32>cell) << 3);
        if (tape === end) tape = refill(block);
        const word = <f64>load<u32>(tape);
        tape += 4;
        let flip = <u32>(word < load<f64>(entry));
        if ((flip & <u32>(word + 2 > load<f64>(entry, 8))) !== 0) {
          if (tape === end) tape = refill(block);
          const u = (word * 2097152.0 + <f64>(load<u32>(tape) >> 11)) * 1.1102230246251565e-16;
          tape += 4;
          flip = <u32>(u < probability(rule, x));
        }
        store<i32>(flips, i);
        flips += flip << 2;
      }
      for (let at = list; at < flips; at += 4) {
        const i = <usize>load<i32>(at);
        const spin = load<i8>(spins + i);
        store<i8>(spins + i, -spin);
        const change = -2 * <f64>spin;
        const last = load<i32>(starts + (i << 2), 4);
        for (let k = load<i32>(starts + (i << 2)); k < last; k++) {
          const field = fields + (<usize>load<i32>(neighbors + (<usize>k << 2)) << 3);
          store<f64>(field, load<f64>(field) + change * load<f64>(values + (<usize>k << 3)));
        }
      }
    }
  }
  setPosition(block, tape);
}

const WOLFF = 0;

/**
 * Grows clusters. A spin is a byte: bit 0 the spin, bit 1 "in a cluster", bit 2 "its cluster flips". Entry k of a row
 * is a neighbor j as 2j + (J < 0), with the 64-bit probability of its bond; all bonds alike have `stride` 0. Wolff:
 * `clusters` clusters, or as many as flip `target` spins; Swendsen–Wang: `clusters` divisions of all spins. Returns the
 * number of spins that were in clusters; the number of clusters is left at byte 260 of the block.
 */
export function growClusters(
  mode: i32, n: i32, starts: usize, neighbors: usize, bonds: usize, stride: usize, spins: usize, stack: usize,
  block: usize, clusters: i32, target: f64,
): f64 {
  const end = tapeEnd(block);
  let tape = position(block);
  let visited: f64 = 0, grown: u32 = 0, next = 0, sweeps = 0;
  while (true) {
    let seed = 0;
    if (mode === WOLFF) {
      if (clusters > 0 ? grown >= <u32>clusters : visited >= target) break;
      // Lemire (2019): the upper half of a product, without bias.
      let product: u64;
      const least = <u32>(0 - n) % <u32>n;
      do {
        if (tape === end) tape = refill(block);
        product = <u64>load<u32>(tape) * <u64>n;
        tape += 4;
      } while (<u32>product < least);
      seed = <i32>(product >> 32);
    } else {
      while (next < n && (load<u8>(spins + next) & 2) !== 0) next++;
      if (next === n) {
        for (let i = 0; i < n; i++) {
          const spin = load<u8>(spins + i);
          store<u8>(spins + i, (spin ^ (spin >> 2)) & 1);
        }
        next = 0;
        if (++sweeps === clusters) break;
      }
      seed = next;
    }
    store<i32>(stack, seed);
    store<u8>(spins + seed, load<u8>(spins + seed) | 2);
    let size = 1;
    for (let done = 0; done < size; done++) {
      const i = load<i32>(stack + (<usize>done << 2));
      const own = load<u8>(spins + i) & 1;
      const last = load<i32>(starts + (<usize>i << 2), 4);
      for (let k = load<i32>(starts + (<usize>i << 2)); k < last; k++) {
        const code = load<i32>(neighbors + (<usize>k << 2));
        const j = code >> 1;
        const other = load<u8>(spins + j);
        // Open: in no cluster, and the bond is satisfied. A word is drawn either way, so that nothing branches on it.
        const open = <u32>((other ^ own ^ (code & 1)) === 0);
        if (tape === end) tape = refill(block);
        const word = load<u32>(tape);
        tape += 4;
        const bond = bonds + stride * k;
        const high = load<u32>(bond);
        let taken = open & <u32>(word < high);
        if (word === high) {
          if (tape === end) tape = refill(block);
          taken = open & <u32>(load<u32>(tape) < load<u32>(bond, 4));
          tape += 4;
        }
        store<u8>(spins + j, other | (taken << 1));
        store<i32>(stack + (<usize>size << 2), j);
        size += taken;
      }
    }
    grown++;
    visited += <f64>size;
    let toggle: u8 = 3;
    if (mode !== WOLFF) {
      if (tape === end) tape = refill(block);
      toggle = (load<u32>(tape) >> 31) !== 0 ? 4 : 0;
      tape += 4;
    }
    for (let done = 0; done < size; done++) {
      const at = spins + load<i32>(stack + (<usize>done << 2));
      store<u8>(at, load<u8>(at) ^ toggle);
    }
  }
  setPosition(block, tape);
  store<u32>(block, grown, 260);
  return visited;
}

/** Sum of n signed bytes. */
export function sumBytes(from: usize, n: i32): f64 {
  let sum = i32x4.splat(0);
  const whole = from + (<usize>n & ~15);
  let at = from;
  for (; at < whole; at += 16) {
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_s(v128.load(at))));
  }
  let rest = i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3);
  for (const end = from + <usize>n; at < end; at++) rest += <i32>load<i8>(at);
  return <f64>rest;
}

/**
 * Number of bonds that the spins of growClusters break. A row ascends, so that its last entries are the bonds to higher
 * spins.
 */
export function brokenBonds(n: i32, starts: usize, neighbors: usize, spins: usize): f64 {
  let broken: u64 = 0;
  for (let i = 0; i < n; i++) {
    const own = <i32>load<u8>(spins + i);
    let row = 0;
    const first = load<i32>(starts + (<usize>i << 2));
    for (let k = load<i32>(starts + (<usize>i << 2), 4) - 1; k >= first; k--) {
      const code = load<i32>(neighbors + (<usize>k << 2));
      if (code >> 1 <= i) break;
      row += (<i32>load<u8>(spins + (code >> 1)) ^ own ^ code) & 1;
    }
    broken += row;
  }
  return <f64>broken;
}
