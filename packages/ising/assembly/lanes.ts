/**
 * Simulated annealing of eight replicas at once for couplings of any size: each node keeps, for every replica, its
 * local field and its spin as 32-bit floats, so that a visit costs a comparison, and only a flip walks the neighbors.
 *
 * Metropolis accepts where u ≤ exp(−βΔE), that is where β' σ f ≤ −log₂ u with β' = 2β log₂ e: the logarithms come in
 * bulk, and no exponential is ever taken. The TypeScript twin is ../src/solve/lanes/twin.ts.
 *
 * A node has 32 bytes of fields at `nodes`, a float for each replica, and 32 bytes of spins at `spins`. Its entries in
 * the rows are pairs: address of the neighbor's fields, and 2J.
 */

import { position, refill, setPosition, tapeEnd } from "../../../internal/wasm/assembly/lib/tape";
import { minusLog2 } from "../../../internal/wasm/assembly/lib/log";

const SIGN: i32 = -2147483648;

/** −log₂ u in place of the random words of the tape. */
function fillThresholds(tape: usize): usize {
  const first = refill(tape);
  for (let at = first, end = tapeEnd(tape); at < end; at += 16) v128.store(at, minusLog2(v128.load(at)));
  return first;
}

/** Adds 2Jσ to the local fields of one neighbor; σ is 0 for replicas that did not flip. */
@inline function pull(entry: usize, a: v128, b: v128): void {
  const field = <usize>load<i32>(entry);
  const value = v128.load32_splat(entry, 4);
  v128.store(field, f32x4.add(v128.load(field), f32x4.mul(a, value)));
  v128.store(field, f32x4.add(v128.load(field, 16), f32x4.mul(b, value)), 16);
}

/** Local fields from the spins: f_i = h_i + Σ_j J_ij σ_j. */
export function laneFields(count: i32, nodes: usize, spins: usize, starts: usize, site: usize): void {
  const half = f32x4.splat(0.5);
  for (let i: usize = 0; i < <usize>count; i++) {
    const node = nodes + (i << 5);
    let a = v128.load32_splat(site + (i << 2)), b = a;
    const end = <usize>load<i32>(starts + (i << 2), 4);
    for (let entry = <usize>load<i32>(starts + (i << 2)); entry < end; entry += 8) {
      const other = <usize>load<i32>(entry) - nodes + spins;
      const value = f32x4.mul(v128.load32_splat(entry, 4), half);
      a = f32x4.add(a, f32x4.mul(v128.load(other), value));
      b = f32x4.add(b, f32x4.mul(v128.load(other, 16), value));
    }
    v128.store(node, a);
    v128.store(node, b, 16);
  }
}

/**
 * Runs one sweep for each of the `sweeps` numbers β' at `betas`. The tape's read position is kept behind the
 * generators.
 */
export function laneSweeps(count: i32, nodes: usize, spins: usize, starts: usize, betas: usize, sweeps: i32, tape: usize): void {
  const sign = i32x4.splat(SIGN);
  const end = tapeEnd(tape);
  const last = nodes + (<usize>count << 5);
  const apart = spins - nodes;
  let at = position(tape);
  for (let sweep: usize = 0; sweep < <usize>sweeps; sweep++) {
    const beta = v128.load32_splat(betas + (sweep << 2));
    let row = starts;
    for (let node = nodes; node < last; node += 32, row += 4) {
      if (at === end) at = fillThresholds(tape);
      const own = node + apart;
      const spinA = v128.load(own), spinB = v128.load(own, 16);
      const flipA = f32x4.le(f32x4.mul(f32x4.mul(spinA, v128.load(node)), beta), v128.load(at));
      const flipB = f32x4.le(f32x4.mul(f32x4.mul(spinB, v128.load(node, 16)), beta), v128.load(at, 16));
      at += 32;
      if (v128.any_true(v128.or(flipA, flipB))) {
        const nowA = v128.xor(spinA, v128.and(flipA, sign)), nowB = v128.xor(spinB, v128.and(flipB, sign));
        v128.store(own, nowA);
        v128.store(own, nowB, 16);
        const changeA = v128.and(nowA, flipA), changeB = v128.and(nowB, flipB);
        const stop = <usize>load<i32>(row, 4);
        for (let entry = <usize>load<i32>(row); entry < stop; entry += 8) pull(entry, changeA, changeB);
      }
    }
  }
  setPosition(tape, at);
}
