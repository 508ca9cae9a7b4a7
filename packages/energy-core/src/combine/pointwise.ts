import {
  type Batch,
  type Can,
  type Capabilities,
  type CapabilityName,
  checkIsEnergy,
  type Energy,
  type Lacking,
  type Partials,
} from "../energy.ts";
import { ArgumentError, checkLength, DimensionError } from "../errors.ts";
import { movesOf } from "../moves-of.ts";
import type { Moves, Space } from "../space.ts";
import { type JoinedParameters, joinParameters } from "./parameters.ts";
import { PointwiseCursor } from "./pointwise-cursor.ts";
import { sumOfQuadratics } from "./quadratic.ts";
import type { Rule } from "./rule.ts";

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

/** The capabilities of a combination of two parts: those that both keep under a rule, and the parameters of either. */
export type CombinedPair<X, A, B, R extends Rule> = Combined<A | B, R> &
  ([A] extends [Can<X, "parameters">]
    ? Can<X, "parameters">
    : [B] extends [Can<X, "parameters">]
      ? Can<X, "parameters">
      : unknown);

/**
 * Returns the energy that `rule` makes of the energies of `parts`, state by state. It has the gradient, the moves and
 * the labels that all parts have, and the parameters that any part has.
 *
 * @param what names the combination in messages: "a sum".
 *
 * @throws {ArgumentError} for no parts; {DimensionError} for parts over different spaces.
 */
export function pointwise<X, C extends object, R extends Rule>(
  what: string,
  parts: readonly Energy<X, C>[],
  rule: R,
): Energy<X, Combined<C, R>> {
  if (parts.length === 0) throw new ArgumentError(`${what} needs at least one part`);
  for (const part of parts) checkIsEnergy(part, what);
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
    firstNaN(x) {
      for (const part of parts) {
        const where = part.firstNaN?.(x);
        if (where !== undefined) return where;
      }
      return undefined;
    },
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
