import { layOut } from "@basin/energy-core/internal";

/**
 * Where the bits of a square lattice lie in the kernel's memory. The lattice is cut into 16 × 8 equal tiles; a 128-bit
 * vector holds one site of every tile (tile column X, tile row Y at bit 16 Y + X), so that the neighbors of 128 sites
 * are the vector next door. Sites of the two checkerboard colors are stored apart, each with a spare row above and
 * below for the neighboring tiles' rows.
 */
export interface TileLayout {
  readonly rows: number;
  readonly columns: number;
  /** Vectors in a row of one color of a tile. */
  readonly width: number;
  /** Rows of a tile. */
  readonly height: number;
  /** Byte addresses of the colors' first rows; a site (y, x) has color (x + y) mod 2. */
  readonly first: number;
  readonly second: number;
  readonly bytes: number;
}

/** Bytes at the front of the memory for the random tape and its generators. */
export const TAPE_BLOCK = 8192;

/** Whether a torus of this shape can be cut into tiles. */
export function fitsTiles(rows: number, columns: number): boolean {
  return rows % 32 === 0 && columns % 32 === 0;
}

/** Returns the layout of a torus that {@link fitsTiles}. */
export function tileLayout(rows: number, columns: number): TileLayout {
  return layoutOf(rows, columns, columns / 32, rows / 8);
}

/** Returns the layout of 128 separate tori of `rows` (a multiple of 4) by `columns` (even) sites each. */
export function replicaLayout(rows: number, columns: number): TileLayout {
  return layoutOf(rows, columns, columns / 2, rows);
}

function layoutOf(rows: number, columns: number, width: number, height: number): TileLayout {
  const row = 16 * width;
  const { first, second, bytes } = layOut({
    tape: TAPE_BLOCK,
    aboveFirst: row,
    first: row * height,
    belowFirst: row,
    aboveSecond: row,
    second: row * height,
    belowSecond: row,
  });
  return { rows, columns, width, height, first, second, bytes };
}

/** Calls `visit` for every site with the index of its 32-bit word and its bit there; sites row by row. */
function eachSite(
  layout: TileLayout,
  visit: (site: number, word: number, bit: number, color: number) => void,
) {
  const { rows, columns, width, height, first, second } = layout;
  const tileColumns = columns / 16;
  let site = 0;
  for (let y = 0; y < rows; y++) {
    const group = 16 * Math.floor(y / height);
    const line = (y % height) * width;
    for (let x = 0; x < columns; x++) {
      const color = (x + y) & 1;
      const bit = group + Math.floor(x / tileColumns);
      const vector = line + ((x % tileColumns) >> 1);
      visit(site++, ((color === 0 ? first : second) >> 2) + 4 * vector + (bit >> 5), bit & 31, color);
    }
  }
}

/**
 * Writes ±1 spins, row by row, as bits (1 is up). With `staggered` the second color is stored inverted, which turns an
 * antiferromagnet into the ferromagnet that the kernels know.
 */
export function packSpins(
  words: Uint32Array,
  layout: TileLayout,
  spins: ArrayLike<number>,
  staggered: boolean,
): void {
  const { width, height, first, second } = layout;
  for (const start of [first, second]) words.fill(0, start >> 2, (start >> 2) + 4 * width * height);
  eachSite(layout, (site, word, bit, color) => {
    if (spins[site] > 0 !== (staggered && color === 1)) words[word] |= 1 << bit;
  });
}

/** Reads the spins back into `out` (length rows · columns, row by row) and returns it. */
export function unpackSpins(
  words: Uint32Array,
  layout: TileLayout,
  staggered: boolean,
  out: Int8Array,
): Int8Array {
  eachSite(layout, (site, word, bit, color) => {
    const up = ((words[word] >>> bit) & 1) === 1;
    out[site] = up !== (staggered && color === 1) ? 1 : -1;
  });
  return out;
}

/** Two bits, each at the end of 16. */
const SPREAD = Int32Array.of(0, 1, 0x10000, 0x10001);

/**
 * Writes, for each square of `side` × `side` sites (a divisor of a tile's sides), the share of its spins that are up,
 * from 0 to 255; squares row by row. 32 squares are counted in one operation: the bits of a square's sites are added
 * into planes, the k-th of which holds the k-th binary digits of the counts.
 */
export function shadeTiles(
  words: Uint32Array,
  layout: TileLayout,
  staggered: boolean,
  side: number,
  out: Uint8Array,
): void {
  const [across, tileAcross, tileDown] = [
    layout.columns / side,
    layout.columns / 16 / side,
    layout.height / side,
  ];
  const shades = Uint8Array.from({ length: side ** 2 + 1 }, (_, count) => (255 * count) / side ** 2);
  const planes = new Int32Array(1 + 2 * Math.ceil(Math.log2(side)));
  for (let y = 0; y < tileDown; y++) {
    for (let x = 0; x < tileAcross; x++) {
      for (let part = 0; part < 4; part++) {
        addSquares(words, layout, staggered, side, y * side, x * side, part, planes);
        // Bit b of this part is in tile column b mod 16 of tile row 2 part + ⌊b/16⌋.
        let at = (2 * part * tileDown + y) * across + x;
        for (let bit = 0; bit < 32; bit += 2) {
          let counts = 0;
          for (let k = 0; k < planes.length; k++) counts |= SPREAD[(planes[k] >>> bit) & 3] << k;
          out[at] = shades[counts & 0xffff];
          out[at + tileAcross] = shades[counts >>> 16];
          at += 2 * tileAcross;
          if (bit === 14) at += (tileDown - 1) * across;
        }
      }
    }
  }
}

/** Adds the sites of the squares at (y, x) of 32 tiles, into planes of binary digits. */
function addSquares(
  words: Uint32Array,
  { width, first, second }: TileLayout,
  staggered: boolean,
  side: number,
  y: number,
  x: number,
  part: number,
  planes: Int32Array,
): void {
  planes.fill(0);
  for (let dy = 0; dy < side; dy++) {
    for (let dx = 0; dx < side; dx++) {
      const odd = (x + dx + y + dy) & 1;
      const vector = (y + dy) * width + ((x + dx) >> 1);
      let carry = words[((odd ? second : first) >> 2) + 4 * vector + part] | 0;
      if (staggered && odd) carry = ~carry;
      for (let k = 0; carry !== 0; k++) {
        const plane = planes[k];
        planes[k] = plane ^ carry;
        carry &= plane;
      }
    }
  }
}
