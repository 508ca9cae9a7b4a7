import { CapabilityError } from "@basin/energy-core";
import { MOST_GROUPS } from "@basin/energy-core/internal";
import { type Geometry, geometries, type LatticeName } from "../lattice/geometries.ts";
import { Lattice } from "../lattice/lattice.ts";
import type { SweepRule } from "../sweep/rules.ts";

/** A neighbor of all spins of a color: where it stands in the arrays of bits. */
export interface PlanNeighbor {
  readonly color: number;
  /** Layers and rows to go. */
  readonly rows: readonly [layer: number, row: number];
  /** Bits to go along a row, −1, 0 or 1: where layer and row have an even sum, and where an odd one. */
  readonly shift: readonly [even: number, odd: number];
  /** The bond that leads there, by the same parity: 2 × the step of the geometry, plus 1 seen from its far end. */
  readonly bond: readonly [even: number, odd: number];
}

/**
 * How a lattice lies on a device. It follows from the lattice alone, so that a seed gives the same bits on all devices.
 */
export interface Plan {
  readonly lattice: LatticeName;
  readonly shape: readonly number[];
  readonly bipartite: boolean;
  /** By color. Spins of one color are no neighbors of each other, and move at once. */
  readonly neighbors: readonly (readonly PlanNeighbor[])[];
  /** Neighbors of a spin. */
  readonly z: number;
  /** A color has layers × rows × words words of 32 spins, of which the lowest `bits` are used. */
  readonly layers: number;
  readonly rows: number;
  readonly words: number;
  readonly bits: number;
  /** Words of a color. */
  readonly size: number;
  /** Rows, one below the other, that one generator moves. */
  readonly rowsEach: number;
  /** Generators of a lattice. */
  readonly bands: number;
  /** Whether a workgroup holds the whole lattice, and sweeps it many times without a new dispatch. */
  readonly held: boolean;
}

/** Bytes of workgroup memory that every device has. */
const HELD_BYTES = 16384;
/** Invocations that every device has in a workgroup. */
const WORKGROUP = 256;
/** Threads that fill a large device; rows are shared out to no fewer. */
const THREADS = 65536;
const MOST_ROWS = 16;

/** Invocations of a workgroup where none holds a lattice. */
export const lanesOf = ({ bands }: Pick<Plan, "bands">) => Math.min(64, bands);
/** Workgroups that a color takes. */
export const groupsOf = (plan: Pick<Plan, "bands">) => Math.ceil(plan.bands / lanesOf(plan));

/** The colors of a lattice, and where neighbors stand. */
export type Coloring = Pick<
  Plan,
  "lattice" | "shape" | "bipartite" | "neighbors" | "z" | "layers" | "rows"
> & {
  /** Sites in a row of a color. */
  readonly half: number;
};

/** Says why a lattice does not fit, or nothing. */
function misfitOf(lattice: Lattice): string | undefined {
  const { packed, bipartite }: Geometry = geometries[lattice.lattice];
  const [first, ...others] = lattice.directions;
  if (packed === undefined) return `${lattice.lattice} lattices are not among them`;
  if (lattice.boundary !== "periodic") return "this one has open borders";
  if (lattice.field === undefined) return "the fields of this one's sites differ";
  if (lattice.disorder === "gaussian" || others.some((J) => Math.abs(J) !== Math.abs(first)))
    return "the bonds of this one differ in size";
  const even = bipartite ? lattice.shape : lattice.shape.slice(-2);
  if (even.some((side) => side % 2 !== 0)) return `this one has an odd side (${lattice.shape.join(" × ")})`;
  return undefined;
}

/**
 * Returns the colors of a lattice.
 *
 * @param of what sides have to be beside even, and what is wrong with those of a lattice.
 * @throws {CapabilityError} where the kernels cannot hold it.
 */
export function coloringOf(
  lattice: Lattice | undefined,
  of: { sides: string; misfit?: (shape: readonly number[]) => string | undefined },
): Coloring {
  const misfit =
    lattice instanceof Lattice
      ? (misfitOf(lattice) ?? of.misfit?.(lattice.shape))
      : "this model is no lattice";
  if (lattice === undefined || misfit !== undefined) {
    throw new CapabilityError(
      `the GPU moves square, triangular, honeycomb and cubic tori with one |J|, one field and even sides${of.sides}; ${misfit}`,
    );
  }
  const geometry: Geometry = geometries[lattice.lattice];
  const { shape } = lattice;
  const { bipartite } = geometry;
  const rows = shape[shape.length - 2];
  const neighbors = Array.from({ length: bipartite ? 2 : 4 }, (_, color) => neighborsOf(geometry, color));
  return {
    ...{ lattice: lattice.lattice, shape, bipartite, neighbors, z: neighbors[0].length },
    layers: shape.length === 3 ? shape[0] : 1,
    rows: bipartite ? rows : rows / 2,
    half: shape[shape.length - 1] / 2,
  };
}

/** Returns how a lattice lies on a device. @throws {CapabilityError} where the kernels cannot hold it. */
export function planOf(lattice: Lattice): Plan {
  const { half, ...coloring } = coloringOf(lattice, {
    sides: ", of up to 64 columns or a multiple of 64",
    misfit: ([...shape]) => {
      const columns = shape[shape.length - 1];
      return columns > 64 && columns % 64 !== 0 ? `this one has ${columns} columns` : undefined;
    },
  });
  const { layers, rows, neighbors, shape } = coloring;
  const words = Math.ceil(half / 32);
  const size = layers * rows * words;
  const shares = bandsOf(rows, size, neighbors.length);
  if (groupsOf(shares) > MOST_GROUPS)
    throw new CapabilityError(
      `a lattice of ${shape.join(" × ")} takes more workgroups than a GPU starts at once; with rows in a multiple of 32 it takes fewer`,
    );
  return { ...coloring, words, bits: Math.min(32, half), size, ...shares };
}

/** Shares rows out to generators: to few in a workgroup that holds the lattice, else to enough for a large device. */
function bandsOf(rows: number, size: number, colors: number): Pick<Plan, "rowsEach" | "bands" | "held"> {
  if (4 * size * colors <= HELD_BYTES) {
    for (let rowsEach = 1; rowsEach <= 64 && rows % rowsEach === 0; rowsEach *= 2)
      if (size / rowsEach <= WORKGROUP) return { rowsEach, bands: size / rowsEach, held: true };
  }
  let rowsEach = 1;
  while (2 * rowsEach <= MOST_ROWS && rows % (2 * rowsEach) === 0 && size / (2 * rowsEach) >= THREADS)
    rowsEach *= 2;
  return { rowsEach, bands: size / rowsEach, held: false };
}

/** A site's place: its color, layer and row of the color's array, and the bit's number along the row. */
function locate(
  bipartite: boolean,
  site: readonly number[],
): { color: number; rows: [number, number]; bit: number } {
  const [x, y] = [site[site.length - 1], site[site.length - 2]];
  const layer = site.length === 3 ? site[0] : 0;
  if (bipartite) return { color: (x + y + layer) & 1, rows: [layer, y], bit: x >> 1 };
  return { color: 2 * (y & 1) + (x & 1), rows: [0, y >> 1], bit: x >> 1 };
}

/** Returns the site of a color at a row of its array, counted through all layers, and a bit along it. */
export function siteAt(
  { bipartite, rows, shape }: Pick<Plan, "bipartite" | "rows" | "shape">,
  color: number,
  row: number,
  bit: number,
): number {
  const columns = shape[shape.length - 1];
  if (!bipartite) return (2 * row + (color >> 1)) * columns + 2 * bit + (color & 1);
  const parity = (Math.floor(row / rows) + (row % rows) + color) & 1;
  return row * columns + 2 * bit + parity;
}

/** Follows every bond of a site of this color, in a row of either parity, and notes where it ends. */
function neighborsOf({ axes, bipartite, steps, has }: Geometry, color: number): PlanNeighbor[] {
  const [even, odd] = [0, 1].map((parity) => {
    const site = axes.map(() => 4);
    const last = site.length - 1;
    site[last - 1] += bipartite ? parity : color >> 1;
    site[last] += bipartite ? (parity + color) & 1 : color & 1;
    const from = locate(bipartite, site);
    const ends = steps.flatMap((step, k) =>
      [false, true].flatMap((back) => {
        const to = site.map((x, axis) => x + (back ? -step[axis] : step[axis]));
        if (has && !has(back ? to : site, k)) return [];
        const { color: other, rows, bit } = locate(bipartite, to);
        const go: [number, number] = [rows[0] - from.rows[0], rows[1] - from.rows[1]];
        return [{ color: other, rows: go, shift: bit - from.bit, bond: 2 * k + Number(back) }];
      }),
    );
    const key = (end: (typeof ends)[0]) => [end.color, ...end.rows, Math.abs(end.shift), end.shift];
    return ends.sort(
      (a, b) =>
        key(a)
          .map((x, i) => x - key(b)[i])
          .find((difference) => difference !== 0) ?? 0,
    );
  });
  return even.map((end, n) => ({
    color: end.color,
    rows: end.rows,
    shift: [end.shift, odd[n].shift],
    bond: [end.bond, odd[n].bond],
  }));
}

/**
 * How many classes of spins flip with a probability of their own: by the number u of unsatisfied bonds, and in a field
 * by the spin besides. Metropolis accepts all ΔE ≤ 0 alike, so the highest u are one class.
 */
export function classesOf(z: number, rule: SweepRule, field: number): { counts: number; signs: 1 | 2 } {
  if (field !== 0) return { counts: z + 1, signs: 2 };
  return { counts: rule === "metropolis" ? Math.ceil(z / 2) + 1 : z + 1, signs: 1 };
}
