import { CapabilityError } from "@basin/energy-core";
import { layOut, type Regions } from "@basin/energy-core/internal";
import { type Geometry, geometries, type LatticeName, type Packing } from "../lattice/geometries.ts";
import { TAPE_BLOCK } from "../sweep/tiles.ts";
import { MOVES } from "./moves.ts";

/**
 * Tiles along each axis, slowest first; a lattice closes on itself in even tiles, so that colors fit across their
 * edges.
 */
const TILES = { plane: [8, 16], solid: [4, 4, 8] } as const;

/** Rounds of comparison: probabilities are exact to 2⁻⁶⁴. */
export const ROUNDS = 64;
/** Classes of six neighbors and two signs, the most there are. */
const MOST_CLASSES = 14;
const ROUNDS_BYTES = ROUNDS * MOST_CLASSES * 16;
const COLOR_BYTES = 24;

/** Where the bits of a lattice lie in the packed kernel's memory. */
export interface PackedLayout {
  readonly lattice: LatticeName;
  readonly shape: readonly number[];
  /** Sites of a tile along each axis, and tiles along each axis. */
  readonly tile: readonly number[];
  readonly tiles: readonly number[];
  /** Neighbors of a site. */
  readonly z: number;
  /** The vector of each site of a tile: colors one after the other. */
  readonly vectorOf: Int32Array;
  /** First vector of each color, and the end. */
  readonly starts: readonly number[];
  /** For each vector, z numbers of vectors; those from `vectors` on are copies of others, moved between tiles. */
  readonly neighbors: Int32Array;
  /** The copies that each color reads: (from, to, code). */
  readonly moves: readonly Int32Array[];
  readonly vectors: number;
  readonly copies: number;
}

/** Whether a lattice of this shape is one that can be packed, and can be cut into 128 even tiles. */
export function fitsPacked(lattice: LatticeName, shape: readonly number[]): boolean {
  const { packed }: Geometry = geometries[lattice];
  if (packed === undefined) return false;
  const tiles = TILES[packed.tiles];
  return shape.every((side, axis) => side % (2 * tiles[axis]) === 0);
}

/** @throws {CapabilityError} for a lattice that cannot be packed. */
export function packingOf(lattice: LatticeName): Packing {
  const { packed }: Geometry = geometries[lattice];
  if (packed === undefined) throw new CapabilityError(`the packed kernels cannot hold a ${lattice} lattice`);
  return packed;
}

/** Returns the layout of a lattice that {@link fitsPacked}; or, not joined, of 128 separate ones of even sides. */
export function packedLayout(lattice: LatticeName, shape: readonly number[], joined = true): PackedLayout {
  const geometry: Geometry = geometries[lattice];
  const { tiles: kind, neighbors: z, slot } = packingOf(lattice);
  const tiles = TILES[kind];
  const tile = joined ? shape.map((side, axis) => side / tiles[axis]) : shape;
  const { vectorOf, starts } = color(geometry, tile);
  const copies = new Copies(vectorOf.length, joined ? MOVES[kind] : undefined);
  const neighbors = new Int32Array(z * vectorOf.length);
  const lists = starts.slice(1).map(() => new Set<number>());
  eachSite(tile, (site, index) => {
    const vector = vectorOf[index];
    const list = lists[starts.findIndex((start) => start > vector) - 1];
    for (const [k, step] of geometry.steps.entries()) {
      for (const back of [false, true]) {
        const to = site.map((x, axis) => x + (back ? -step[axis] : step[axis]));
        const owner = back ? to.map((x, axis) => (x + tile[axis]) % tile[axis]) : site;
        if (geometry.has && !geometry.has(owner, k)) continue;
        neighbors[z * vector + slot(k, back)] = copies.at(to, tile, vectorOf, list);
      }
    }
  });
  return {
    lattice,
    shape,
    tile,
    tiles,
    z,
    vectorOf,
    starts,
    neighbors,
    moves: lists.map((list) => copies.list(list)),
    vectors: vectorOf.length,
    copies: copies.count,
  };
}

/** Two colors by parity where neighbors always differ in it; four, by the parities of both coordinates, where not. */
function color(geometry: Geometry, tile: readonly number[]) {
  const colorOf = (site: readonly number[]) =>
    geometry.bipartite ? site.reduce((sum, x) => sum + x, 0) & 1 : 2 * (site[0] & 1) + (site[1] & 1);
  const sizes = new Array<number>(geometry.bipartite ? 2 : 4).fill(0);
  eachSite(tile, (site) => {
    sizes[colorOf(site)]++;
  });
  const starts = [0];
  for (const size of sizes) starts.push(starts[starts.length - 1] + size);
  const next = [...starts];
  const vectorOf = new Int32Array(starts[starts.length - 1]);
  eachSite(tile, (site, index) => {
    vectorOf[index] = next[colorOf(site)]++;
  });
  return { vectorOf, starts };
}

/** Calls `visit` for every site of a box, the last axis fastest. */
export function eachSite(shape: readonly number[], visit: (site: number[], index: number) => void): void {
  const site = new Array<number>(shape.length).fill(0);
  const sites = shape.reduce((product, side) => product * side, 1);
  for (let index = 0; index < sites; index++) {
    visit(site, index);
    for (let axis = shape.length - 1; axis >= 0 && ++site[axis] === shape[axis]; axis--) site[axis] = 0;
  }
}

/** Copies of vectors as a neighboring tile sees them. */
class Copies {
  readonly #vectors: number;
  readonly #codes: readonly (readonly [number, number])[] | undefined;
  /** By source and code: the copy. */
  readonly #known = new Map<number, number>();
  readonly #moves: [from: number, to: number, code: number][] = [];

  constructor(vectors: number, codes: readonly (readonly [number, number])[] | undefined) {
    this.#vectors = vectors;
    this.#codes = codes;
  }

  get count(): number {
    return this.#moves.length;
  }

  /** Returns the vector of the site at `to`, which may lie beyond the tile's edges, and notes the copies it takes. */
  at(to: readonly number[], tile: readonly number[], vectorOf: Int32Array, list: Set<number>): number {
    let index = 0;
    for (let axis = 0; axis < tile.length; axis++)
      index = index * tile[axis] + ((to[axis] + tile[axis]) % tile[axis]);
    let vector = vectorOf[index];
    if (this.#codes === undefined) return vector;
    for (let axis = 0; axis < tile.length; axis++) {
      if (to[axis] >= 0 && to[axis] < tile[axis]) continue;
      vector = this.#copy(vector, this.#codes[axis][to[axis] < 0 ? 0 : 1]);
      list.add(vector - this.#vectors);
    }
    return vector;
  }

  #copy(from: number, code: number): number {
    const key = from * 16 + code;
    let copy = this.#known.get(key);
    if (copy === undefined) {
      copy = this.#vectors + this.#moves.length;
      this.#known.set(key, copy);
      this.#moves.push([from, copy, code]);
    }
    return copy;
  }

  /** In the order in which they arose: a copy of a copy comes after it. */
  list(list: ReadonlySet<number>): Int32Array {
    return Int32Array.from([...list].sort((a, b) => a - b).flatMap((k) => this.#moves[k]));
  }
}

/** Byte addresses in the kernel's memory. */
export type PackedAddresses = Regions<
  "tape" | "rounds" | "colors" | "spins" | "signs" | "neighbors" | "moves"
>;

/**
 * Lays out the memory; {@link writeLayout} fills it. Without signs, when all bonds have the same one, their address is
 * 0.
 */
export function packedAddresses(layout: PackedLayout, withSigns: boolean): PackedAddresses {
  const at = layOut({
    tape: TAPE_BLOCK,
    rounds: ROUNDS_BYTES,
    colors: COLOR_BYTES * layout.moves.length,
    spins: 16 * (layout.vectors + layout.copies),
    signs: withSigns ? 16 * layout.z * layout.vectors : 0,
    neighbors: 4 * layout.neighbors.length,
    moves: layout.moves.reduce((sum, list) => sum + 4 * list.length, 0),
  });
  return withSigns ? at : { ...at, signs: 0 };
}

/** Writes the colors, neighbors and moves. */
export function writeLayout(words: Uint32Array, layout: PackedLayout, at: PackedAddresses): void {
  const { z, starts, neighbors, moves } = layout;
  const address = (vector: number) => at.spins + 16 * vector;
  for (let k = 0; k < neighbors.length; k++) words[(at.neighbors >>> 2) + k] = address(neighbors[k]);
  let next = at.moves;
  for (const [c, list] of moves.entries()) {
    const color = [
      address(starts[c]),
      starts[c + 1] - starts[c],
      at.neighbors + 4 * z * starts[c],
      at.signs === 0 ? 0 : at.signs + 16 * z * starts[c],
      next,
      list.length / 3,
    ];
    words.set(color, (at.colors + COLOR_BYTES * c) >>> 2);
    for (let k = 0; k < list.length; k++) words[(next >>> 2) + k] = k % 3 === 2 ? list[k] : address(list[k]);
    next += 4 * list.length;
  }
}
