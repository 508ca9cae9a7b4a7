import {
  type Expression,
  expression,
  type Operations,
  real,
  type Value,
} from "@basin/energy-core/expression";
import { create, type MathNode, parseDependencies } from "mathjs/number";

const { parse } = create(parseDependencies, {});

const deepest = 64;
const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };
const unary = ["exp", "log", "sqrt", "abs", "tanh", "erf", "sigmoid", "softplus"] as const;
const binary = ["min", "max"] as const;
const operators = {
  add: "add",
  subtract: "sub",
  multiply: "mul",
  divide: "div",
  pow: "pow",
  unaryMinus: "neg",
} as const;

/**
 * Returns the energy E(x, y) that a text says, compiled, with its derivative. The text is parsed into a tree, and only
 * what is listed above becomes part of a formula: nothing of it is ever run.
 *
 * @throws {Error} for what is no formula of x and y, and for brackets or terms more than 64 deep.
 */
export function formulaEnergy(text: string): Expression {
  const tree = treeOf(text);
  return expression(
    { x: real(), y: real() },
    (parts, operations) => build(tree, parts, operations, 0) as Value,
  );
}

function treeOf(text: string): MathNode {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth > deepest) throw new Error(`the formula has brackets more than ${deepest} deep`);
  }
  if (text.trim() === "") throw new Error("the formula is empty");
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`the formula cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

type Parts = Readonly<Record<string, Value>>;

function build(node: MathNode, parts: Parts, operations: Operations, depth: number): Value | number {
  if (depth > deepest) throw new Error(`the formula has terms more than ${deepest} deep`);
  const inner = (child: MathNode) => build(child, parts, operations, depth + 1);
  // Each kind of node has its own fields; the name of the kind says which.
  const { type, name, fn, args, content, value } = node as MathNode & {
    readonly name: string;
    readonly fn: string | { readonly name: string };
    readonly args: MathNode[];
    readonly content: MathNode;
    readonly value: unknown;
  };
  if (type === "ParenthesisNode") return inner(content);
  if (type === "ConstantNode" && typeof value === "number") return value;
  if (type === "SymbolNode") return symbol(name, parts);
  if (type === "OperatorNode") {
    if (fn === "unaryPlus") return inner(args[0]);
    const operation = Object.hasOwn(operators, fn as string) && operators[fn as keyof typeof operators];
    if (operation) return (operations[operation] as (...terms: unknown[]) => Value)(...args.map(inner));
  }
  if (type === "FunctionNode") return call((fn as { name: string }).name, args.map(inner), operations);
  throw new Error(
    `"${node.toString()}" is nothing that a formula may hold; expected numbers, x, y, + − * / ^ and functions`,
  );
}

function symbol(name: string, parts: Parts): Value | number {
  if (Object.hasOwn(parts, name)) return parts[name];
  if (Object.hasOwn(constants, name)) return constants[name];
  throw new Error(`unknown name "${name}"; known: x, y, ${Object.keys(constants).join(", ")}`);
}

function call(name: string, terms: readonly (Value | number)[], operations: Operations): Value {
  const one = unary.find((known) => known === name);
  const two = binary.find((known) => known === name);
  if (one === undefined && two === undefined)
    throw new Error(`unknown function "${name}"; known: ${[...unary, ...binary].join(", ")}`);
  const expected = one ? 1 : 2;
  if (terms.length !== expected)
    throw new Error(`${name} has ${terms.length} arguments, expected ${expected}`);
  return one ? operations[one](terms[0]) : operations[two!](terms[0], terms[1]);
}
