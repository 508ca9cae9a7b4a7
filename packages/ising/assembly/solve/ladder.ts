/**
 * What parallel tempering needs beside the sweeps: the replicas' energies, exchanges between two temperatures, and
 * isoenergetic cluster moves of the pairs of replicas 2p, 2p + 1 of one temperature. The TypeScript twin is
 * ../../src/solve/bits/ladder-twin.ts.
 */

/**
 * Copies the vectors of `count` nodes, and writes their complements `complement` bytes behind the copy unless that
 * is 0.
 */
export function bring(from: usize, to: usize, count: i32, complement: usize): void {
  for (let at: usize = 0, end = <usize>count << 4; at < end; at += 16) {
    const word = v128.load(from + at);
    v128.store(to + at, word);
    if (complement) v128.store(to + at + complement, v128.not(word));
  }
}

/**
 * Adds up, for each replica, the satisfied units. A term has 16 bytes: addresses of two vectors, the mask turned on
 * them (−1 where equal spins satisfy it), and its size in units. Bit k of the 128 counts is the vector k at `counts`,
 * of `levels` vectors.
 */
export function countSatisfied(from: usize, end: usize, counts: usize, levels: i32): void {
  const top = counts + (<usize>levels << 4);
  for (let at = counts; at < top; at += 16) v128.store(at, i64x2.splat(0));
  for (let term = from; term < end; term += 16) {
    const equal = v128.xor(v128.load(<usize>load<i32>(term)), v128.load(<usize>load<i32>(term, 4)));
    const satisfied = v128.xor(equal, i32x4.splat(load<i32>(term, 8)));
    let level = counts;
    for (let rest = load<i32>(term, 12); rest !== 0; rest >>>= 1, level += 16) {
      if ((rest & 1) === 0) continue;
      let carry = satisfied;
      for (let at = level; at < top && v128.any_true(carry); at += 16) {
        const bit = v128.load(at);
        v128.store(at, v128.xor(bit, carry));
        carry = v128.and(bit, carry);
      }
    }
  }
}

/** Exchanges the spins of the replicas in the mask at `mask` between two temperatures. */
export function exchange(a: usize, b: usize, count: i32, mask: usize): void {
  const moved = v128.load(mask);
  for (let at: usize = 0, end = <usize>count << 4; at < end; at += 16) {
    const x = v128.load(a + at), y = v128.load(b + at);
    const turn = v128.and(v128.xor(x, y), moved);
    v128.store(a + at, v128.xor(x, turn));
    v128.store(b + at, v128.xor(y, turn));
  }
}

/** Where the two replicas of a pair differ, in the bits of both; or where they agree, for the pairs in `agree`. */
@inline function unlike(word: v128, agree: v128): v128 {
  const odd = i32x4.splat(0x55555555);
  const partner = v128.or(i32x4.shl(v128.and(word, odd), 1), v128.and(i32x4.shr_u(word, 1), odd));
  return v128.xor(v128.xor(word, partner), agree);
}

/** Lets node i join the clusters of its neighbors where its pair is unlike; returns what is new. */
@inline function join(i: usize, nodes: usize, starts: usize, neighbors: usize, clusters: usize, agree: v128): v128 {
  const own = v128.load(clusters + (i << 4));
  const may = v128.andnot(unlike(v128.load(nodes + (i << 4)), agree), own);
  if (!v128.any_true(may)) return may;
  let near = i64x2.splat(0);
  const end = neighbors + (<usize>load<i32>(starts + (i << 2), 4) << 2);
  for (let k = neighbors + (<usize>load<i32>(starts + (i << 2)) << 2); k < end; k += 4) {
    near = v128.or(near, v128.load(clusters + (<usize>load<i32>(k) << 4)));
  }
  const fresh = v128.and(may, near);
  v128.store(clusters + (i << 4), v128.or(own, fresh));
  return fresh;
}

/**
 * Grows the clusters from their seeds over connected nodes whose pairs are unlike, to and fro over the nodes until none
 * joins, and flips them in both replicas, which leaves the sum of the pair's energies as it is. Returns the passes
 * made; after `most` of them nothing is flipped and −1 returned.
 */
export function moveClusters(
  count: i32, nodes: usize, starts: usize, neighbors: usize, clusters: usize, agree: usize, most: i32,
): i32 {
  const polarity = v128.load(agree);
  for (let pass = 0; pass < most; pass++) {
    let fresh = i64x2.splat(0);
    for (let step = 0; step < count; step++) {
      const i = <usize>((pass & 1) === 0 ? step : count - 1 - step);
      fresh = v128.or(fresh, join(i, nodes, starts, neighbors, clusters, polarity));
    }
    if (v128.any_true(fresh)) continue;
    for (let at: usize = 0, end = <usize>count << 4; at < end; at += 16) {
      v128.store(nodes + at, v128.xor(v128.load(nodes + at), v128.load(clusters + at)));
    }
    return pass + 1;
  }
  return -1;
}
