import { readFileSync } from "node:fs";
import type { Operand, Value } from "@basin/energy-core/expression";
import { describe, expect, test } from "vitest";
import { differentiate } from "../../src/expression/differentiate.ts";
import { densities, densityNames } from "../../src/expression/distributions/index.ts";
import { Graph } from "../../src/expression/graph.ts";
import { interpret } from "../../src/expression/interpret.ts";
import type { ElementwiseName, Node } from "../../src/expression/node.ts";
import { operations } from "../../src/expression/operations.ts";
import { Trace } from "../../src/expression/trace.ts";
import { compile } from "../../src/expression/wasm/compile.ts";

type Argument = number | readonly Argument[];

/** Values to 50 digits, made by exact-values.py. */
interface ExactValues {
  /** Value and first three derivatives at x. */
  readonly functions: readonly { name: ElementwiseName; x: number; values: readonly number[] }[];
  /** Operations and densities; the first `data` arguments are data. */
  readonly cases: readonly Case[];
}

interface Case {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly data: number;
  readonly value: readonly number[];
  readonly slopes: readonly number[];
  /** Second derivatives, the lower triangle by rows. */
  readonly curvatures: readonly number[];
  /** |value| + Σ |terms| + Σ |x ∂value/∂x| of each of the above. */
  readonly sizes: readonly (readonly number[])[];
}

const file = new URL("../fixtures/expression-values.json", import.meta.url);
const { functions, cases }: ExactValues = JSON.parse(readFileSync(file, "utf8"));

/**
 * The operations and densities of a trace; those that take more than values, and some in disguise, with what they take.
 */
function formulas(trace: Trace) {
  const all = { ...operations(trace), ...densities(trace) };
  const { pow, where, less, square, exp, solveTriangular, at, row, slice, gather, scatter, stack } = all;
  return {
    ...all,
    cube: (a: Operand) => pow(a, 3),
    reciprocalSquare: (a: Operand) => pow(a, -2),
    root: (a: Operand) => pow(a, 0.5),
    choice: (a: Operand, b: Operand) => where(less(a, b), square(a), exp(b)),
    solveTransposed: (l: Operand, b: Operand) => solveTriangular(l, b, { transposed: true }),
    at: (a: Operand) => at(a, 1),
    row: (a: Operand) => row(a, 1),
    slice: (a: Operand) => slice(a, 1, 3),
    gather: (a: Operand) => gather(a, [2, 0, 2]),
    scatter: (a: Operand) => scatter(a, [1, 3, 1], 4),
    stack: (a: Operand, b: Operand) => stack([b, a, b]),
    slope: (a: Operand, b: Operand) => all.derivative(all.sum(exp(all.mul(a, b))), a as Value),
    recursion: (a: Operand, b: Operand) =>
      all.scan((carry, [x]) => all.tanh(all.add(all.mul(b, carry), x)), b, [a]),
  } as unknown as Readonly<Record<string, (...values: Operand[]) => Value>>;
}

/** Value and first two derivatives of a function of one number, by both machines. */
function derivativesOf(name: ElementwiseName) {
  const graph = new Graph();
  const x = graph.state(0, []);
  const value = graph.apply(name, x);
  const [slope] = differentiate(graph, value, [x]);
  const [curvature] = differentiate(graph, slope ?? graph.number(0), [x]);
  const outputs = [value, slope, curvature].map((node, offset) => ({
    node: node ?? graph.number(0),
    offset,
    length: 1,
  }));
  return [interpret(outputs, 1, 3), compile(outputs, 1, 3)];
}

const names = [...new Set(functions.map(({ name }) => name))];

describe("functions and their first two derivatives agree with 50-digit arithmetic to 1e-12", () => {
  test.each(names)("%s", (name) => {
    const machines = derivativesOf(name);
    for (const { x, values } of functions.filter((entry) => entry.name === name)) {
      const found = machines.map((machine) => {
        machine.state[0] = x;
        machine.run();
        return machine.results.slice();
      });
      expect(found[1], `both machines at ${x}`).toEqual(found[0]);
      for (let k = 0; k < 3; k++) {
        // The error of a derivative that rounding x to a double makes is counted too, as is that of terms that cancel.
        const terms =
          Math.abs(values[k]) +
          Math.abs(x * values[k + 1]) +
          (name === "logNormalCdf" && k === 2 ? 2 * x * x : 0);
        expect(Math.abs(found[0][k] - values[k]), `derivative ${k} at ${x}`).toBeLessThanOrEqual(
          1e-12 * terms,
        );
      }
    }
  });
});

/** One number of every result: a weighted sum of its entries, as exact-values.py takes it. */
function numberOf(graph: Graph, node: Node): Node {
  if (node.shape.length === 0) return node;
  const weights = Float64Array.from({ length: node.size }, (_, k) => (k % 5 === 3 ? 2 : (3 - (k % 5)) / 4));
  return graph.sum(graph.mul(graph.data(weights, node.shape), node));
}

/** Returns the value, the slopes and the curvatures of a case, by both machines. */
function derivatives({ name, arguments: list, data }: Case) {
  const trace = new Trace();
  const { graph } = trace;
  const leaves: Node[] = [];
  const numbers = list.slice(data).map((argument) => [argument].flat(2) as number[]);
  let dimension = 0;
  const values = numbers.map(({ length }, k): Operand => {
    const argument = list[data + k];
    const state = graph.state(dimension, typeof argument === "number" ? [] : [length]);
    leaves.push(state);
    dimension += length;
    const row = typeof argument === "number" ? undefined : argument[0];
    if (typeof row !== "object") return state as unknown as Operand;
    return graph.make("reshape", [state], [length / row.length, row.length]) as unknown as Operand;
  });
  const formula = formulas(trace)[name];
  const total = numberOf(graph, formula(...(list.slice(0, data) as Operand[]), ...values) as unknown as Node);
  const slopesOf = (node: Node) =>
    differentiate(graph, node, leaves).flatMap((slope = graph.number(0), k) =>
      numbers[k].map((_, attribute) =>
        slope.shape.length === 0 ? slope : graph.make("element", [slope], [], { attribute }),
      ),
    );
  const slopes = slopesOf(total);
  const curvatures = slopes.flatMap((slope, i) => slopesOf(slope).slice(0, i + 1));
  const outputs = [total, ...slopes, ...curvatures].map((node, offset) => ({ node, offset, length: 1 }));
  return [interpret, compile].map((machine) => {
    const program = machine(outputs, dimension, outputs.length);
    program.state.set(numbers.flat());
    program.run();
    return program.results.slice();
  });
}

describe("operations and densities, slopes and curvatures agree with 50-digit arithmetic to 1e-12", () => {
  const label = (entry: Case) => `${entry.name}(${entry.arguments.map((a) => JSON.stringify(a)).join(", ")})`;
  test.each(cases.map((entry) => [label(entry), entry] as const))("%s", (_, entry) => {
    const [plain, compiled] = derivatives(entry);
    expect(compiled).toEqual(plain);
    const sizes = entry.sizes.flat();
    const expected = [entry.value, entry.slopes, entry.curvatures].flat();
    expect(plain).toHaveLength(expected.length);
    for (const [k, value] of expected.entries())
      expect(Math.abs(plain[k] - value), `number ${k}: ${plain[k]}, not ${value}`).toBeLessThanOrEqual(
        1e-12 * sizes[k],
      );
  });

  test("every operation and density is among them", () => {
    const known = new Set<string>([...cases, ...functions].map(({ name }) => name));
    // Under other names, as they take more than values.
    for (const [name, other] of Object.entries({ where: "choice", scan: "recursion", derivative: "slope" }))
      if (known.has(other)) known.add(name);
    const trace = new Trace();
    const all = [...Object.keys(operations(trace)), ...densityNames];
    expect(all.filter((name) => !known.has(name))).toEqual([]);
  });
});
