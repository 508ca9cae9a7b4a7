import { ArgumentError } from "../../errors.ts";
import type { Node } from "../node.ts";
import type { Trace } from "../trace.ts";
import type { Operand, Value } from "../value.ts";
import { continuous } from "./continuous.ts";
import { discrete } from "./discrete.ts";
import { builder, type LawEntry } from "./law.ts";
import { matrixLaws } from "./matrices.ts";

const laws = { ...continuous, ...discrete, ...matrixLaws };

/**
 * A density as an energy: the sum of −log p over all entries of its first argument, normalized, arguments in
 * Stan's order.
 */
export type Density = (...operands: Operand[]) => Value;

/** The densities of a formula. Each returns an energy, −log p, normalized; add the terms. */
export type Densities = { readonly [K in keyof typeof laws]: Density };

/** The names of the densities. */
export const densityNames = Object.keys(laws) as (keyof Densities)[];

/** Returns the densities on the values of a trace. */
export function densities(trace: Trace): Densities {
  const entries = Object.entries(laws).map(([name, entry]) => [name, density(trace, name, entry)]);
  return Object.fromEntries(entries) as Densities;
}

function density(
  trace: Trace,
  name: string,
  { law, arity, defaults = [], positive = [], support }: LawEntry,
): Density {
  return (...operands) => {
    const least = arity - defaults.length;
    if (operands.length < least || operands.length > arity)
      throw new ArgumentError(
        `${name} was given ${operands.length} arguments, expected ${least === arity ? arity : `${least} to ${arity}`}`,
      );
    const missing = defaults.slice(defaults.length - (arity - operands.length));
    const all = [...operands, ...(arity === operands.length ? [] : missing)];
    const nodes = all.map((operand) => trace.node(operand, name));
    for (const k of positive) checkPositive(trace, name, nodes[k], k);
    if (support !== undefined) checkBounded(trace, name, nodes[0], 0, support);
    return law(builder(trace, name), ...nodes) as unknown as Value;
  };
}

function checkPositive(trace: Trace, name: string, node: Node, place: number): void {
  const bad = node.values?.find((value) => !(value > 0));
  if (bad !== undefined)
    throw new ArgumentError(`argument ${place + 1} of ${name} is ${bad}, expected above 0`);
  checkBounded(trace, name, node, place, "positive()");
}

function checkBounded(trace: Trace, name: string, node: Node, place: number, support: string): void {
  if (trace.unbounded.has(node))
    throw new ArgumentError(
      `argument ${place + 1} of ${name} is ${trace.names.get(node)}, a part that takes every real value; give it a support such as ${support}`,
    );
}
