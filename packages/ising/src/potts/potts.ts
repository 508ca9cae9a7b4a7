import {
  ArgumentError,
  type Can,
  type Cursor,
  checkNumber,
  type Energy,
  labels,
  type VectorLike,
} from "@basin/energy-core";
import { checkLength, checkOptions, type LabelSpace, toVector } from "@basin/energy-core/internal";
import { Lattice } from "../lattice/lattice.ts";
import type { WeightedGraph } from "../problem/graph.ts";
import { type Adjacency, adjacencyOf, type SpinProblem } from "../problem/spin-problem.ts";

/** The bonds of a Potts model, as cluster kernels read them. */
export interface PottsBonds {
  /** q. */
  readonly states: number;
  /** Bond e joins sites `sources[e]` < `targets[e]`. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** The neighbors of each site; `values` holds the number e of the bond that leads to each. */
  readonly adjacency: Adjacency;
  /** J of every bond, live. */
  readonly couplings: Float64Array;
  /** h_i(a) at i q + a, live. */
  readonly field: Float64Array;
}

/** E(s) = offset − Σ_⟨ij⟩ J_ij δ(s_i, s_j) − Σ_i h_i(s_i) over labels s_i ∈ {0, …, q − 1}. */
export interface PottsEnergy
  extends Energy<Uint8Array, Can<Uint8Array, "moves" | "parameters"> & { readonly bonds: PottsBonds }> {
  readonly space: LabelSpace;
  /** Number of sites n. */
  readonly variables: number;
  /** q. */
  readonly states: number;
  /** Added to every energy. */
  readonly offset: number;
  /** The lattice that it was made of; absent for other graphs. */
  readonly lattice?: Lattice;
}

/** Options of {@link potts}. */
export interface PottsOptions {
  /** q, the number of labels, from 2 to 256. */
  states: number;
  /** h(a) of q labels, equal at all sites; or h_i(a) at i q + a for every site and label. Default 0. */
  field?: VectorLike;
}

/**
 * Returns the Potts model (Potts 1952) on a lattice or graph, E(s) = −Σ_⟨ij⟩ J_ij δ(s_i, s_j) − Σ_i h_i(s_i) over
 * labels s_i ∈ {0, …, q − 1}: a bond counts if its two sites have the same label, and J > 0 prefers equal labels. For q
 * = 2 it is the Ising model with couplings J/2. Its `parameters` are J of every bond in the order of `can.bonds`, then
 * h_i(a) at i q + a.
 *
 * @param graph a lattice, whose couplings and disorder are kept, or a weighted graph, whose weights are J.
 *
 * @example
 * ```ts
 * import { enumerate } from "@basin/energy-core";
 * import { createModel, potts, weightedGraph } from "@basin/ising";
 *
 * console.log(potts(createModel("square", 4), { states: 3 }).energy(new Uint8Array(16))); // −32: two bonds a site
 * // Couplings below 0 color a graph: 6 ways to give a triangle three colors.
 * const triangle = weightedGraph(3, [[0, 1, -1], [1, 2, -1], [2, 0, -1]]);
 * console.log(enumerate(potts(triangle, { states: 3 })).degeneracy); // 6
 * ```
 *
 * @throws {ArgumentError} for a number of states out of range, a field that is not finite, and a problem with fields on
 * its spins, which have no unique meaning for labels.
 * @throws {DimensionError} for a field of neither q nor n q values.
 */
export function potts(graph: SpinProblem | WeightedGraph, options: PottsOptions): PottsEnergy {
  checkOptions("potts", options, "states field");
  const { variables, offset, sources, targets, values } = bondsOf(graph);
  const space = labels(variables, checkNumber("states", options.states, { min: 2, max: 256, integer: true }));
  const { states } = options;
  // One vector of parameters, of which the couplings and the field are views.
  const parameters = new Float64Array(values.length + variables * states);
  const couplings = parameters.subarray(0, values.length);
  const field = parameters.subarray(values.length);
  couplings.set(values);
  field.set(fieldOf(options.field, variables, states));
  const numbers = Float64Array.from(values, (_, e) => e);
  const adjacency = adjacencyOf(variables, { sources, targets, values: numbers });
  const bonds: PottsBonds = { states, sources, targets, adjacency, couplings, field };
  const energy = (x: Uint8Array): number => {
    space.check(x);
    let sum = offset;
    for (let e = 0; e < couplings.length; e++) if (x[sources[e]] === x[targets[e]]) sum -= couplings[e];
    for (let i = 0; i < variables; i++) sum -= field[i * states + x[i]];
    return sum;
  };
  return {
    space,
    variables,
    states,
    offset,
    ...(graph instanceof Lattice && { lattice: graph }),
    energy,
    can: {
      bonds,
      moves: (x) => new PottsCursor(bonds, x.slice(), energy(x)),
      parameters: {
        values: parameters,
        addGradient(x, weight, out) {
          space.check(x);
          for (let e = 0; e < couplings.length; e++) if (x[sources[e]] === x[targets[e]]) out[e] -= weight;
          for (let i = 0; i < variables; i++) out[couplings.length + i * states + x[i]] -= weight;
        },
      },
    },
  };
}

function bondsOf(graph: SpinProblem | WeightedGraph) {
  if ("nodes" in graph) {
    const { nodes: variables, sources, targets, weights: values } = graph;
    return { variables, offset: 0, sources, targets, values };
  }
  const { variables, offset, fields, couplings } = graph;
  const at = fields.findIndex((h) => h !== 0);
  if (at >= 0) {
    throw new ArgumentError(
      `spin ${at} of the problem is in a field of ${fields[at]}, which says nothing about labels; leave it out and give \`field\` for each label`,
    );
  }
  return { variables, offset, ...couplings };
}

function fieldOf(source: VectorLike | undefined, variables: number, q: number): Float64Array {
  const field = new Float64Array(variables * q);
  if (source === undefined) return field;
  const given = toVector(source, "field");
  if (given.length !== q) checkLength("field", given.length, field.length);
  return field.map((_, k) => {
    const at = given.length === q ? k % q : k;
    return checkNumber(`field[${at}]`, given[at]);
  });
}

/** Caches Σ_j J_ij δ(s_j, a) + h_i(a) for every site i and label a, so that a move's difference is one subtraction. */
class PottsCursor implements Cursor<Uint8Array> {
  readonly state: Uint8Array;
  energy: number;
  readonly #bonds: PottsBonds;
  readonly #gains: Float64Array;

  constructor(bonds: PottsBonds, state: Uint8Array, energy: number) {
    this.#bonds = bonds;
    this.state = state;
    this.energy = energy;
    this.#gains = bonds.field.slice();
    const { states: q, sources, targets, couplings } = bonds;
    for (let e = 0; e < couplings.length; e++) {
      this.#gains[sources[e] * q + state[targets[e]]] += couplings[e];
      this.#gains[targets[e] * q + state[sources[e]]] += couplings[e];
    }
  }

  delta(move: number): number {
    const { states: q } = this.#bonds;
    const site = Math.floor(move / (q - 1));
    const label = this.state[site];
    // Move i(q − 1) + k takes label r to (r + 1 + k) mod q.
    return this.#gains[site * q + label] - this.#gains[site * q + ((label + 1 + (move % (q - 1))) % q)];
  }

  deltas(out: Float64Array): Float64Array {
    for (let move = 0; move < out.length; move++) out[move] = this.delta(move);
    return out;
  }

  apply(move: number): void {
    const { states: q, adjacency, couplings } = this.#bonds;
    const { starts, neighbors, values } = adjacency;
    this.energy += this.delta(move);
    const site = Math.floor(move / (q - 1));
    const before = this.state[site];
    const after = (before + 1 + (move % (q - 1))) % q;
    this.state[site] = after;
    for (let k = starts[site]; k < starts[site + 1]; k++) {
      const row = neighbors[k] * q;
      this.#gains[row + before] -= couplings[values[k]];
      this.#gains[row + after] += couplings[values[k]];
    }
  }
}
