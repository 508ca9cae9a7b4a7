import { readFileSync } from "node:fs";
import { expression, type Operand, real } from "@basin/energy-core/expression";
import { describe, expect, test } from "vitest";
import { differentiate } from "../../src/expression/differentiate.ts";
import { Graph } from "../../src/expression/graph.ts";
import { interpret } from "../../src/expression/interpret.ts";
import type { ElementwiseName } from "../../src/expression/node.ts";
import { compile } from "../../src/expression/wasm/compile.ts";

/** Values to 50 digits, made by exact-values.py. */
interface ExactValues {
  /** Value and first three derivatives at x. */
  readonly functions: readonly { name: ElementwiseName; x: number; values: readonly number[] }[];
  /** −log p and its derivatives by each argument; the first `data` arguments are data. */
  readonly densities: readonly {
    name: "normal";
    arguments: readonly number[];
    data: number;
    value: number;
    slopes: readonly number[];
  }[];
}

const file = new URL("../fixtures/expression-values.json", import.meta.url);
const { functions, densities }: ExactValues = JSON.parse(readFileSync(file, "utf8"));

/** Value and first two derivatives of a function of one number, by both machines. */
function derivatives(name: ElementwiseName) {
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
    const machines = derivatives(name);
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

describe("densities and their slopes agree with 50-digit arithmetic to 1e-12", () => {
  test.each(densities.map((entry) => [`${entry.name}(${entry.arguments.join(", ")})`, entry] as const))(
    "%s",
    (_, { name, arguments: values, data, value, slopes }) => {
      const free = values.length - data;
      const parts = Object.fromEntries(values.slice(data).map((_, k) => [`a${k}`, real()]));
      const energy = expression(
        parts,
        (part, operations) => {
          // A density refuses a scale that may be negative: a maximum with a far number hides the part.
          const free = Object.values(part).map((x) => operations.max(x, -1e300));
          const whole = [...values.slice(0, data), ...free];
          return operations[name](...(whole as [Operand, Operand, Operand]));
        },
        { unbounded: true },
      );
      const slope = new Float64Array(free);
      const found = energy.can.gradient(Float64Array.from(values.slice(data)), slope);
      const size = (k: number) => Math.abs(slopes[k] * values[k]);
      const terms = Math.abs(value) + slopes.reduce((sum, _, k) => sum + size(k), 1);
      expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-12 * terms);
      for (let k = 0; k < free; k++) {
        const scale = Math.abs(slopes[data + k]) + terms / Math.abs(values[data + k] || 1);
        expect(Math.abs(slope[k] - slopes[data + k]), `slope ${k}`).toBeLessThanOrEqual(1e-12 * scale);
      }
    },
  );
});
