import { ArgumentError, CostError, checkNumber, DimensionError, type Edge, spins } from "@basin/energy-core";
import { checkLength, checkName, type SpinSpace } from "@basin/energy-core/internal";
import { type Adjacency, type Couplings, type SpinProblem, spinProblem } from "../problem/spin-problem.ts";
import { type Disorder, disorderNames, type LatticeBond, latticeBonds } from "./bonds.ts";
import { type Geometry, geometries, type LatticeName } from "./geometries.ts";

/** How a lattice ends: "periodic" closes on itself, "open" gives border sites fewer neighbors. */
export type Boundary = "periodic" | "open";

/** Every value of {@link Boundary}. */
export const boundaryNames: readonly Boundary[] = ["periodic", "open"];

/** Options common to all lattices. */
export interface LatticeOptions {
  /** J of every bond, positive for a ferromagnet; or one J for each direction (see each lattice). Default 1. */
  coupling?: number | readonly number[];
  /**
   * How bonds differ: "plus-minus" gives each bond J or −J, "gaussian" J times a standard normal number. Default
   * "none".
   */
  disorder?: Disorder;
  /** Seed of the disorder. Default 0. */
  disorderSeed?: number;
  /** h of every site, or a list with one h for each. Default 0. */
  field?: number | ArrayLike<number>;
  /** Default "periodic". */
  boundary?: Boundary;
}

/** Longest side of a lattice: 32768² spins are 128 MiB of bits. */
const LONGEST_SIDE = 32768;
const MOST_SITES = LONGEST_SIDE ** 2;
const MOST_BONDS = 2 ** 26;

/**
 * An Ising model on a regular lattice: H(σ) = −Σ_⟨ij⟩ J_ij σ_i σ_j − Σ_i h_i σ_i, with every bond once. It is a
 * {@link SpinProblem}. Its lists of bonds are built on first use; fast kernels do not need them.
 */
export class Lattice implements SpinProblem {
  readonly space: SpinSpace;
  readonly can: SpinProblem["can"] = {
    moves: (x) => this.#expanded().can.moves(x),
    quadratic: () => this.#expanded().can.quadratic(),
  };
  readonly lattice: LatticeName;
  /**
   * Sites along each axis, slowest first: [rows, columns] for a square lattice, where site (y, x) is spin y · columns +
   * x; [rows, columns, 3] for a kagome lattice, whose cells have three sites.
   */
  readonly shape: readonly number[];
  readonly boundary: Boundary;
  /** J of every bond; undefined if bonds differ. */
  readonly coupling: number | undefined;
  readonly disorder: Disorder;
  readonly disorderSeed: number;
  /** h of every site; undefined if sites differ. */
  readonly field: number | undefined;
  readonly variables: number;
  /** J along each direction, before disorder. */
  readonly directions: readonly number[];
  readonly #fields: number | Float64Array;
  #problem: SpinProblem | undefined;

  constructor(lattice: LatticeName, size: number | readonly number[], options: LatticeOptions = {}) {
    const geometry: Geometry = geometries[lattice];
    this.lattice = lattice;
    this.shape = checkShape(size, geometry);
    this.boundary = checkName("boundary", options.boundary ?? "periodic", boundaryNames);
    if (this.boundary === "periodic") checkCloses(lattice, geometry, this.shape);
    this.variables = this.shape.reduce((product, length) => product * length, 1);
    checkNumber("the number of sites", this.variables, { max: MOST_SITES });
    this.directions = checkCouplings(options.coupling ?? 1, geometry.steps.length);
    this.disorder = checkName("disorder", options.disorder ?? "none", disorderNames);
    this.disorderSeed = checkNumber("disorderSeed", options.disorderSeed ?? 0, { min: 0, integer: true });
    const alike = this.disorder === "none" && new Set(this.directions).size === 1;
    this.coupling = alike ? this.directions[0] : undefined;
    this.#fields = checkField(options.field ?? 0, this.variables);
    this.field = typeof this.#fields === "number" ? this.#fields : undefined;
    this.space = spins(this.variables);
  }

  get offset(): number {
    return this.#expanded().offset;
  }

  get fields(): Float64Array {
    return this.#expanded().fields;
  }

  get couplings(): Couplings {
    return this.#expanded().couplings;
  }

  get adjacency(): Adjacency {
    return this.#expanded().adjacency;
  }

  get unit(): number | undefined {
    return this.#expanded().unit;
  }

  energy(x: Int8Array): number {
    return this.#expanded().energy(x);
  }

  /** Lists every bond once with its direction, without keeping the list. */
  bonds(): Generator<LatticeBond> {
    return latticeBonds({
      geometry: geometries[this.lattice],
      shape: this.shape,
      periodic: this.boundary === "periodic",
      couplings: this.directions,
      disorder: this.disorder,
      seed: this.disorderSeed,
    });
  }

  #expanded(): SpinProblem {
    const bonds = this.variables * geometries[this.lattice].steps.length;
    if (bonds > MOST_BONDS) {
      throw new CostError(
        `the list of ${bonds} bonds is longer than the ${MOST_BONDS} that memory is planned for; only metropolis and heat-bath on tori that can be packed (one |J|, one field, sides that are multiples of 32) do without it`,
      );
    }
    this.#problem ??= spinProblem({
      variables: this.variables,
      couplings: edges(this.bonds()),
      fields:
        typeof this.#fields === "number" ? new Float64Array(this.variables).fill(this.#fields) : this.#fields,
    });
    return this.#problem;
  }
}

function* edges(bonds: Iterable<LatticeBond>): Generator<Edge> {
  for (const { edge } of bonds) yield edge;
}

function checkShape(size: number | readonly number[], { axes, cell }: Geometry): readonly number[] {
  const limits = { min: 1, max: LONGEST_SIDE, integer: true };
  const ofCell = cell === undefined ? [] : [cell];
  if (typeof size === "number") return [...axes.map(() => checkNumber("size", size, limits)), ...ofCell];
  // A shape that comes from a lattice is used unchecked.
  const whole = cell !== undefined && size.length === axes.length + 1 && size[axes.length] === cell;
  if (size.length !== axes.length && !whole) {
    throw new DimensionError(`size has ${size.length} sides, expected ${axes.length}: [${axes.join(", ")}]`);
  }
  return [...axes.map((name, axis) => checkNumber(name, size[axis], limits)), ...ofCell];
}

function checkCloses(lattice: LatticeName, geometry: Geometry, shape: readonly number[]): void {
  for (const axis of geometry.evenAxes ?? []) {
    if (shape[axis] % 2 === 0) continue;
    throw new ArgumentError(
      `a periodic ${lattice} lattice has ${shape[axis]} ${geometry.axes[axis]}, expected an even number`,
    );
  }
}

function checkCouplings(coupling: number | readonly number[], directions: number): readonly number[] {
  if (typeof coupling === "number")
    return new Array<number>(directions).fill(checkNumber("coupling", coupling));
  checkLength("coupling", coupling.length, directions);
  return coupling.map((J, k) => checkNumber(`coupling[${k}]`, J));
}

function checkField(field: number | ArrayLike<number>, sites: number): number | Float64Array {
  if (typeof field === "number") return checkNumber("field", field);
  checkLength("field", field.length, sites);
  return Float64Array.from(field, (h, i) => checkNumber(`field[${i}]`, h));
}
