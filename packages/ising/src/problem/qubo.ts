import { checkNumber, type VectorLike } from "@basin/energy-core";
import { checkLength, checkNumbers, checkOptions, toVector } from "@basin/energy-core/internal";
import { type BinaryForm, keepBinaryForm, statedBinaryForm } from "./binary-form.ts";
import { canonicalEdges, type EdgesLike } from "./edges.ts";
import { ExactSum } from "./exact-sum.ts";
import { plainProblem, restoreProblem, type SpinProblem, spinProblem } from "./spin-problem.ts";

/** What {@link qubo} builds from. */
export interface QuboDescription {
  /** Number of bits n. */
  variables: number;
  /** [i, j, Q_ij], numbered from 0; (i, i) is linear (x² = x), repeated pairs and (j, i) add up. Default none. */
  quadratic?: EdgesLike;
  /** a_i, length n, added to the diagonal of `quadratic`. Default all 0. */
  linear?: VectorLike;
  /** Default 0. */
  offset?: number;
}

/**
 * Returns the spin problem with the same energies as E(x) = offset + Σ a_i x_i + Σ_{i<j} Q_ij x_i x_j under x = (1 +
 * σ)/2: J_ij = −Q_ij/4, h_i = −a_i/2 − Σ_j Q_ij/4, offset + Σ a_i/2 + Σ Q_ij/4. Each of these sums is rounded once; if
 * one is rounded, energies are summed from the terms over bits, so even a very large penalty hides no cost.
 *
 * @example
 * ```ts
 * import { groundState, qubo, toBits } from "@basin/ising";
 *
 * const problem = qubo({ variables: 2, linear: [-2, -1], quadratic: [[0, 1, 3]] });
 * const { state, energy } = groundState(problem);
 * console.log(energy, toBits(state)); // −2, bits 1 and 0
 * ```
 *
 * @throws {ArgumentError} for an index outside [0, n) and for values that are not finite.
 * @throws {DimensionError} when `linear` has another length than n.
 */
export function qubo(description: QuboDescription): SpinProblem {
  checkOptions("qubo", description, "variables quadratic linear offset");
  const { variables } = description;
  checkNumber("variables", variables, { min: 0, max: 2147483646, integer: true });
  const edges = canonicalEdges(description.quadratic ?? [], variables, "quadratic term");
  const { sources, targets, weights, diagonal } = edges;
  const linear = Float64Array.from(
    checkNumbers("linear", toVector(description.linear ?? new Float64Array(variables), "linear")),
  );
  checkLength("linear", linear.length, variables);
  for (const [i, value] of linear.entries()) checkNumber(`linear[${i}]`, value);
  const sums = Array.from(linear, (value, i) => sumOf(value, diagonal[i]));
  const stated: BinaryForm = {
    variables,
    offset: checkNumber("offset", description.offset ?? 0),
    linear: Float64Array.from(sums, (sum) => sum.value()),
    quadratic: { sources, targets, weights },
  };
  return spinFormOf(stated);
}

/**
 * Returns the spin problem with the energies of `form`, which is kept: where the spin form rounds, energies are summed
 * from it.
 */
export function spinFormOf(form: BinaryForm): SpinProblem {
  const { variables, linear, quadratic } = form;
  const { sources, targets, weights } = quadratic;
  const fields = Array.from(linear, (value) => sumOf(-value / 2));
  const offset = sumOf(form.offset);
  for (const value of linear) offset.add(value / 2);
  for (let e = 0; e < weights.length; e++) {
    fields[sources[e]].add(-weights[e] / 4);
    fields[targets[e]].add(-weights[e] / 4);
    offset.add(weights[e] / 4);
  }
  const problem = spinProblem({
    variables,
    couplings: { sources, targets, weights: weights.map((weight) => -weight / 4) },
    fields: fields.map((field) => field.value()),
    offset: offset.value(),
  });
  if (offset.exact && fields.every((field) => field.exact)) return keepBinaryForm(problem, form);
  return restoreProblem({ ...plainProblem(problem), stated: form });
}

/**
 * Returns the same problem over bits x = (1 + σ)/2: Q_ij = −4 J_ij, a_i = 2 Σ_j J_ij − 2 h_i, offset + Σ h_i − Σ J_ij;
 * for a problem stated over bits, its original terms. `qubo(toBinary(problem))` is `problem` again wherever the sums
 * need no rounding.
 *
 * @example
 * ```ts
 * import { spinProblem, toBinary } from "@basin/ising";
 *
 * const { linear, quadratic, offset } = toBinary(spinProblem({ variables: 2, couplings: [[0, 1, 1]] }));
 * console.log(linear, quadratic.weights, offset); // E = 2 x₀ + 2 x₁ − 4 x₀ x₁ − 1
 * ```
 */
export function toBinary(problem: SpinProblem): BinaryForm {
  return statedBinaryForm(problem) ?? binaryFormOf(problem).form;
}

/** Returns the terms over bits of the arrays over spins, and whether the linear ones are exact. */
export function binaryFormOf(problem: SpinProblem): { form: BinaryForm; isExact: boolean } {
  const { variables, couplings, fields } = problem;
  const { sources, targets, values } = couplings;
  const linear = Array.from(fields, (field) => sumOf(-2 * field));
  const offset = sumOf(problem.offset);
  for (const field of fields) offset.add(field);
  for (let e = 0; e < values.length; e++) {
    linear[sources[e]].add(2 * values[e]);
    linear[targets[e]].add(2 * values[e]);
    offset.add(-values[e]);
  }
  const form = {
    variables,
    offset: offset.value(),
    linear: Float64Array.from(linear, (sum) => sum.value()),
    quadratic: { sources, targets, weights: values.map((value) => -4 * value) },
  };
  return { form, isExact: linear.every(({ exact }) => exact) };
}

/**
 * Returns the bits x = (1 + σ)/2 of spins: −1 becomes 0, +1 becomes 1.
 *
 * @example
 * ```ts
 * import { toBits } from "@basin/ising";
 *
 * console.log(toBits([-1, 1, 1])); // 0, 1, 1
 * ```
 */
export function toBits(spins: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(spins, (spin) => (spin > 0 ? 1 : 0));
}

function sumOf(...values: number[]): ExactSum {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  return sum;
}
