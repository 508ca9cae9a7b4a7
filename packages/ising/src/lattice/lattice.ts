import type { SpinCursor } from "@basin/energy-core";
import type { Edge } from "../problem/edges.ts";
import { type Adjacency, type Couplings, type SpinProblem, spinProblem } from "../problem/spin-problem.ts";

/** How a lattice ends: it closes on itself, or its border sites have fewer neighbours. */
export type Boundary = "periodic" | "open";

/** Every value of {@link Boundary}. */
export const boundaries: readonly Boundary[] = ["periodic", "open"];

/** The lattices that have a name. */
export type LatticeName = "square";

/** Every value of {@link LatticeName}. */
export const latticeNames: readonly LatticeName[] = ["square"];

/** What every lattice can be given. */
export interface LatticeOptions {
  /** J of every bond: positive is ferromagnetic. Default 1. */
  coupling?: number;
  /** h of every site. Default 0. */
  field?: number;
  /** Default "periodic". */
  boundary?: Boundary;
}

/** What a lattice is made of; its bonds are listed only when something needs them one by one. */
export interface LatticeParts {
  readonly lattice: LatticeName;
  readonly shape: readonly number[];
  readonly boundary: Boundary;
  readonly coupling: number;
  readonly field: number;
  readonly edges: () => Iterable<Edge>;
}

/**
 * An Ising model on a regular lattice, H(σ) = −J Σ_⟨ij⟩ σ_i σ_j − h Σ_i σ_i with every bond once. It is a
 * {@link SpinProblem}, whose lists of bonds are built on first use: fast kernels never ask for them.
 */
export class Lattice implements SpinProblem {
  readonly space: { readonly kind: "spins"; readonly dimension: number };
  readonly lattice: LatticeName;
  /** Sites along each axis, slowest first: [rows, columns] of a square lattice. Site (y, x) is spin y · columns + x. */
  readonly shape: readonly number[];
  readonly boundary: Boundary;
  /** J. */
  readonly coupling: number;
  /** h. */
  readonly field: number;
  readonly variables: number;
  readonly #edges: () => Iterable<Edge>;
  #problem: SpinProblem | undefined;

  constructor(parts: LatticeParts) {
    this.lattice = parts.lattice;
    this.shape = parts.shape;
    this.boundary = parts.boundary;
    this.coupling = parts.coupling;
    this.field = parts.field;
    this.variables = parts.shape.reduce((product, length) => product * length, 1);
    this.space = { kind: "spins", dimension: this.variables };
    this.#edges = parts.edges;
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

  attach(x: Int8Array): SpinCursor {
    return this.#expanded().attach(x);
  }

  #expanded(): SpinProblem {
    this.#problem ??= spinProblem({
      variables: this.variables,
      couplings: this.#edges(),
      fields: new Float64Array(this.variables).fill(this.field),
    });
    return this.#problem;
  }
}
