/**
 * The names in the tables of this package, without the package itself, for help texts, forms and completions. A test
 * compares them with the tables.
 *
 * @example
 * ```ts
 * import { isingNames } from "@basin/ising/names";
 *
 * console.log(isingNames.lattice.includes("square")); // true
 * ```
 */
export const isingNames = {
  lattice: ["chain", "square", "triangular", "honeycomb", "kagome", "cubic"],
  boundary: ["periodic", "open"],
  disorder: ["none", "plus-minus", "gaussian"],
  device: ["auto", "cpu", "gpu"],
  algorithm: ["metropolis", "heat-bath", "wolff", "swendsen-wang", "kawasaki"],
  pottsAlgorithm: ["wolff", "swendsen-wang", "heat-bath", "metropolis"],
  start: ["ordered", "random"],
  quantity: [
    "magnetization",
    "absoluteMagnetization",
    "energyPerSite",
    "specificHeat",
    "susceptibility",
    "binder",
  ],
  method: ["auto", "exact", "elimination", "anneal", "tempering", "tabu"],
  schedule: ["linear", "geometric", "adaptive"],
  format: [
    "gset",
    "dimacs",
    "matrix-market",
    "edge-list",
    "graphml",
    "node-link",
    "qubo",
    "coo",
    "bqm",
    "dimod-file",
    "bqpjson",
    "qplib",
  ],
  kind: ["max-cut", "qubo", "ising"],
} as const;
