/**
 * The square lattice, a bit a spin. The 128 bits of a vector are one site of 128 equal tiles, 16 across and 8 down, so
 * the neighbor of a site is the same bit of another vector, and only at a tile's edge do bits move to the next tile.
 * (Not joined, each tile is a torus of its own: 128 replicas.) The two colors of the checkerboard are stored apart: row
 * y of a color holds the tile's sites x = 2w + (y + color & 1).
 */

/** Moves each bit to the tile on its right, so that the result holds, for each tile, the bit of its left neighbor. */
@inline export function fromLeft(v: v128): v128 {
  return v128.or(i16x8.shl(v, 1), i16x8.shr_u(v, 15));
}

@inline export function fromRight(v: v128): v128 {
  return v128.or(i16x8.shr_u(v, 1), i16x8.shl(v, 15));
}

@inline export function fromAbove(v: v128): v128 {
  return i8x16.shuffle(v, v, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
}

@inline export function fromBelow(v: v128): v128 {
  return i8x16.shuffle(v, v, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1);
}

/** Writes the rows above and below the tile: those of the neighboring tiles, or its own when tiles are not joined. */
@inline export function wrapRows(color: usize, width: i32, height: i32, joined: i32): void {
  const row = <usize>width << 4;
  const bottom = color + row * (height - 1);
  for (let at: usize = 0; at < row; at += 16) {
    const below = v128.load(color + at), above = v128.load(bottom + at);
    v128.store(color - row + at, joined ? fromAbove(above) : above);
    v128.store(bottom + row + at, joined ? fromBelow(below) : below);
  }
}

/**
 * The left (`side` 0) or right neighbors of vector w of a row of the other color; those on the other side are its own
 * vector w.
 */
@inline export function aside(row: usize, w: i32, width: i32, side: i32, joined: i32): v128 {
  if (side === 0) {
    if (w > 0) return v128.load(row + (<usize>(w - 1) << 4));
    const v = v128.load(row + (<usize>(width - 1) << 4));
    return joined ? fromLeft(v) : v;
  }
  if (w < width - 1) return v128.load(row + (<usize>(w + 1) << 4));
  const v = v128.load(row);
  return joined ? fromRight(v) : v;
}

@inline function unlike(s: u64, here: usize, row: usize, side: u64): u64 {
  return (
    popcnt(s ^ load<u64>(here)) + popcnt(s ^ side) + popcnt(s ^ load<u64>(here - row)) + popcnt(s ^ load<u64>(here + row))
  );
}

/** The word that wraps around a row, moved to the next tile. */
@inline function wrapped(at: usize, side: i32, joined: i32): u64 {
  const v = load<u64>(at);
  if (!joined) return v;
  return side === 0
    ? ((v << 1) & 0xfffefffefffefffe) | ((v >> 15) & 0x0001000100010001)
    : ((v >> 1) & 0x7fff7fff7fff7fff) | ((v << 15) & 0x8000800080008000);
}

/** Number of unlike neighbors: every bond joins the colors, so the first color's sites see each bond once. */
export function unlikeBonds(first: usize, second: usize, width: i32, height: i32, joined: i32): f64 {
  wrapRows(second, width, height, joined);
  const row = <usize>width << 4;
  const last = row - 16;
  let count: u64 = 0;
  for (let y = 0; y < height; y++) {
    const own = first + row * y, beside = second + row * y;
    const side = y & 1;
    const edge: usize = side === 0 ? 0 : last;
    const other = beside + (side === 0 ? last : 0);
    count += unlike(load<u64>(own + edge), beside + edge, row, wrapped(other, side, joined));
    count += unlike(load<u64>(own + edge, 8), beside + edge + 8, row, wrapped(other + 8, side, joined));
    const to = side === 0 ? row : last;
    const step: usize = side === 0 ? -16 : 16;
    for (let at: usize = side === 0 ? 16 : 0; at < to; at += 16) {
      const here = beside + at;
      count += unlike(load<u64>(own + at), here, row, load<u64>(here + step));
      count += unlike(load<u64>(own + at, 8), here + 8, row, load<u64>(here + step + 8));
    }
  }
  return <f64>count;
}

/** Number of set bits of a color. */
export function setBits(color: usize, width: i32, height: i32): f64 {
  const end = color + ((<usize>width * height) << 4);
  let even: u64 = 0, odd: u64 = 0;
  for (let at = color; at < end; at += 16) {
    even += popcnt(load<u64>(at));
    odd += popcnt(load<u64>(at, 8));
  }
  return <f64>(even + odd);
}
