import type {
  Arrays,
  Batch,
  Capabilities,
  CapabilityName,
  Cursor,
  Energy,
  Lacking,
  Partials,
} from "../energy.ts";
import { ArgumentError, checkLength, DimensionError } from "../errors.ts";
import { movesOf } from "../moves-of.ts";
import type { Moves, Space } from "../space.ts";
import { type JoinedParameters, joinParameters } from "./parameters.ts";
import { sumOfQuadratics } from "./quadratic.ts";

/** The capabilities of `C` that a combinator carries over: those that Basin knows. */
export type Known<C> = Pick<C, keyof C & CapabilityName>;

/** The capabilities that parts with `C` keep under a rule. */
export type Combined<C, R extends Rule> = Known<
  Omit<
    C,
    | (R extends { readonly linear: object } ? never : "quadratic")
    | (R extends { batch: unknown } ? never : "batch")
  >
>;

/** How the energies E_k of the parts at one state make the energy of the whole. */
export interface Rule {
  /** Returns E from the E_k. */
  value(energies: Float64Array): number;
  /** Returns ∂E/∂E_k. */
  slopes(energies: Float64Array): ArrayLike<number>;
  /** Returns the change of E when E_k changes by `deltas[k]`. */
  difference(energies: Float64Array, deltas: Float64Array): number;
  /** Returns E from the E_k of many states at once. Without it the combination has no batches. */
  batch?<T>(arrays: Arrays<T>, energies: readonly T[]): T;
  /** Where E = Σ_k w_k E_k + constant: what a combination of quadratic energies needs to be one. */
  readonly linear?: { readonly weights: Float64Array; readonly constant: number };
}

/** A rule that quadratic energies stay quadratic under. */
export type LinearRule = Rule & Required<Pick<Rule, "batch" | "linear">>;

/** Returns the rule Σ_k w_k E_k + constant. */
export function linear(weights: Float64Array, constant = 0): LinearRule {
  const dot = (values: Float64Array) => {
    let total = 0;
    for (let k = 0; k < weights.length; k++) total += weights[k] * values[k];
    return total;
  };
  return {
    value: (energies) => dot(energies) + constant,
    slopes: () => weights,
    difference: (_, deltas) => dot(deltas),
    batch: (arrays, energies) => arrays.linear(energies, weights, constant),
    linear: { weights, constant },
  };
}

/**
 * Returns the energy that `rule` makes of the energies of `parts`, state by state. It has the gradient, the moves and the labels that all
 * parts have, and the parameters that any part has.
 *
 * @param what names the combination in messages: "a sum".
 *
 * @example
 * ```ts
 * import { plainEnergy, pointwise, spins } from "@basin/energy-core";
 *
 * const parts = [plainEnergy(spins(1), (s) => s[0]), plainEnergy(spins(1), (s) => 2 - s[0])];
 * const worst = pointwise("a maximum", parts, {
 *   value: (energies) => Math.max(...energies),
 *   slopes: (energies) => energies.map((_, k) => (k === energies.indexOf(Math.max(...energies)) ? 1 : 0)),
 *   difference: (e, d) => Math.max(...e.map((value, k) => value + d[k])) - Math.max(...e),
 * });
 * console.log(worst.energy(Int8Array.of(-1)), worst.can.moves(Int8Array.of(-1)).delta(0)); // 3, −2
 * ```
 *
 * @throws {ArgumentError} for no parts; {DimensionError} for parts over different spaces.
 */
export function pointwise<X, C extends object, R extends Rule>(
  what: string,
  parts: readonly Energy<X, C>[],
  rule: R,
): Energy<X, Combined<C, R>> {
  if (parts.length === 0) throw new ArgumentError(`${what} needs at least one part`);
  const space: Space<X> = parts[0].space;
  for (const [k, part] of parts.entries()) {
    if (part.space.name === space.name) continue;
    throw new DimensionError(`part ${k} of ${what} is over ${part.space.name}, part 0 over ${space.name}`);
  }
  const joined = joinParameters(parts);
  const send = joined?.send ?? (() => {});
  const energies = new Float64Array(parts.length);
  const energiesAt = (x: X): Float64Array => {
    for (let k = 0; k < parts.length; k++) energies[k] = parts[k].energy(x);
    return energies;
  };
  const { can, lacking } = combineCapabilities(what, parts, rule, send);
  const learning = joined && {
    parameters: parametersOf(joined, (x: X) => rule.linear?.weights ?? rule.slopes(energiesAt(x))),
  };
  return {
    space,
    energy(x) {
      send();
      return rule.value(energiesAt(x));
    },
    can: carried<Combined<C, R>>({ ...can, ...learning }),
    lacking,
  };
}

/** States that the record holds what `C` names: the one place where a combinator's record gets its type. */
export function carried<C extends object>(can: object): C {
  return can as C;
}

function combineCapabilities<X>(
  what: string,
  parts: readonly Energy<X, object>[],
  rule: Rule,
  send: () => void,
): { can: Partials<X>; lacking: Lacking } {
  const lacking: { -readonly [K in CapabilityName]?: string } = {};
  const all = <K extends CapabilityName>(name: K): Capabilities<X>[K][] | undefined => {
    const own = parts.map((part) => (part.can as Partials<X>)[name]);
    const without = own.indexOf(undefined);
    if (without < 0) return own as Capabilities<X>[K][];
    lacking[name] = parts[without].lacking?.[name] ?? `part ${without} of ${what} has no ${name}`;
    return undefined;
  };
  const [gradients, moves, labels] = [all("gradient"), all("moves"), all("labels")];
  const quadratics = rule.linear && all("quadratic");
  const batches = rule.batch && all("batch");
  if (rule.linear === undefined) lacking.quadratic = `${what} is not quadratic`;
  if (parts.every((part) => !("parameters" in part.can))) {
    lacking.parameters = `no part of ${what} has parameters`;
  }
  const { space } = parts[0];
  return {
    can: {
      ...(gradients && { gradient: gradientOf(gradients, space.dimension, rule, send) }),
      ...(moves && { moves: cursorsOf(moves, movesOf(space, what), rule, send) }),
      ...(labels && { labels: labelsOf(labels, rule, send) }),
      ...(rule.linear &&
        quadratics && {
          quadratic: sumOfQuadratics(quadratics, rule.linear.weights, rule.linear.constant, send),
        }),
      ...(rule.batch && batches && { batch: batchOf(batches, rule.batch, send) }),
    },
    lacking,
  };
}

function gradientOf<X>(
  parts: readonly Capabilities<X>["gradient"][],
  dimension: number,
  rule: Rule,
  send: () => void,
): Capabilities<X>["gradient"] {
  const each = parts.map(() => new Float64Array(dimension));
  const energies = new Float64Array(parts.length);
  return (x, out) => {
    checkLength("out", out.length, dimension);
    send();
    for (const [k, part] of parts.entries()) energies[k] = part(x, each[k]);
    const total = rule.value(energies);
    out.fill(0);
    if (total === Number.POSITIVE_INFINITY) return total;
    const slopes = rule.slopes(energies);
    for (let k = 0; k < each.length; k++) {
      // Where a part is +∞ its gradient is unspecified, and its slope is 0.
      if (slopes[k] !== 0) for (let i = 0; i < out.length; i++) out[i] += slopes[k] * each[k][i];
    }
    return total;
  };
}

function cursorsOf<X>(
  parts: readonly Capabilities<X>["moves"][],
  moves: Moves<X>,
  rule: Rule,
  send: () => void,
): Capabilities<X>["moves"] {
  return (x) => {
    send();
    const cursors = parts.map((attach) => attach(x));
    return new PointwiseCursor(cursors, moves, rule);
  };
}

function labelsOf<X>(
  parts: readonly Capabilities<X>["labels"][],
  rule: Rule,
  send: () => void,
): Capabilities<X>["labels"] {
  const { input, count } = parts[0];
  const each = parts.map(() => new Float64Array(count));
  const energies = new Float64Array(parts.length);
  return {
    input,
    count,
    energies(x, out) {
      send();
      for (const [k, part] of parts.entries()) part.energies(x, each[k]);
      for (let y = 0; y < count; y++) {
        for (let k = 0; k < each.length; k++) energies[k] = each[k][y];
        out[y] = rule.value(energies);
      }
      return out;
    },
  };
}

function batchOf(parts: readonly Batch[], combine: NonNullable<Rule["batch"]>, send: () => void): Batch {
  const [{ shape, arrays }] = parts;
  return {
    shape,
    arrays,
    energies(states) {
      send();
      return arrays.tidy(() =>
        combine(
          arrays,
          parts.map((part) => part.energies(states)),
        ),
      );
    },
    variables: [...new Set(parts.flatMap(({ variables }) => variables))],
  };
}

function parametersOf<X>(
  { values, places, send }: JoinedParameters<X>,
  slopesAt: (x: X) => ArrayLike<number>,
): Capabilities<X>["parameters"] {
  return {
    values,
    addGradient(x, weight, out) {
      send();
      const slopes = slopesAt(x);
      for (const place of places) place.addGradient(x, weight * slopes[place.index], out);
    },
  };
}

class PointwiseCursor<X> implements Cursor<X> {
  readonly #parts: readonly Cursor<X>[];
  readonly #moves: Moves<X>;
  readonly #rule: Rule;
  readonly #energies: Float64Array;
  readonly #deltas: Float64Array;
  #each: readonly Float64Array[] = [];
  /** Whether a part is +∞ here, so that its difference does not tell its energy after a move. */
  #outside: boolean;

  constructor(parts: readonly Cursor<X>[], moves: Moves<X>, rule: Rule) {
    this.#parts = parts;
    this.#moves = moves;
    this.#rule = rule;
    this.#energies = Float64Array.from(parts, ({ energy }) => energy);
    this.#deltas = new Float64Array(parts.length);
    this.#outside = this.#energies.includes(Number.POSITIVE_INFINITY);
  }

  get state(): X {
    return this.#parts[0].state;
  }

  get energy(): number {
    return this.#rule.value(this.#energies);
  }

  delta(move: number): number {
    if (this.#outside) return this.#deltaByMoving(move);
    for (let k = 0; k < this.#parts.length; k++) this.#deltas[k] = this.#parts[k].delta(move);
    return this.#rule.difference(this.#energies, this.#deltas);
  }

  deltas(out: Float64Array): Float64Array {
    if (this.#outside) {
      for (let m = 0; m < out.length; m++) out[m] = this.#deltaByMoving(m);
      return out;
    }
    if (this.#each.length === 0) this.#each = this.#parts.map(() => new Float64Array(out.length));
    for (const [k, part] of this.#parts.entries()) part.deltas(this.#each[k]);
    for (let m = 0; m < out.length; m++) {
      for (let k = 0; k < this.#each.length; k++) this.#deltas[k] = this.#each[k][m];
      out[m] = this.#rule.difference(this.#energies, this.#deltas);
    }
    return out;
  }

  apply(move: number): void {
    for (const [k, part] of this.#parts.entries()) {
      part.apply(move);
      this.#energies[k] = part.energy;
    }
    this.#outside = this.#energies.includes(Number.POSITIVE_INFINITY);
  }

  #deltaByMoving(move: number): number {
    const before = this.energy;
    this.apply(move);
    const after = this.energy;
    this.apply(this.#moves.inverse(move));
    return after === before ? 0 : after - before;
  }
}
