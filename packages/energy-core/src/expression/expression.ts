import { checkOptions } from "../check-options.ts";
import type { DifferentiableEnergy } from "../energy.ts";
import { ArgumentError, checkLength } from "../errors.ts";
import type { Quantities } from "../space.ts";
import { type RealSpace, reals } from "../spaces/reals.ts";
import { compiled, type KernelName, type KernelOption } from "../wasm/choose.ts";
import { differentiate } from "./differentiate.ts";
import { type Densities, densities } from "./distributions/index.ts";
import { interpret } from "./interpret.ts";
import type { Output, Program } from "./lower.ts";
import type { Node } from "./node.ts";
import { type Operations, operations } from "./operations.ts";
import { refuseLogDensity } from "./probe.ts";
import type { Support } from "./supports.ts";
import { located, Trace } from "./trace.ts";
import type { Value } from "./value.ts";
import { compile } from "./wasm/compile.ts";

/** The named parts of a state. */
export type StateParts = Readonly<Record<string, Support>>;

/** The values of a formula's parts, by name. */
export type PartValues<P extends StateParts> = { readonly [K in keyof P]: Value };

/** Options of {@link expression}. */
export interface ExpressionOptions {
  /**
   * Whether −log |det ∂values/∂coordinates| is added, so that exp(−E) is a density of the coordinates that
   * samplers see. Default true; false for plain minimization over the values.
   */
  readonly jacobian?: boolean;
  /** `"wasm"`, its TypeScript twin with the same bits, or `"auto"` (default): wasm where it works. */
  readonly kernel?: KernelOption;
  /** Whether a formula that falls without bound is taken as it is. Default false: it is refused. */
  readonly unbounded?: boolean;
}

/** An energy that was written as a formula. */
export interface Expression<P extends StateParts = StateParts> extends DifferentiableEnergy {
  readonly space: RealSpace & { readonly quantities: Quantities<Float64Array> };
  readonly parts: P;
  /** Which machine computes it. */
  readonly kernel: KernelName;
  /** Returns the values of the parts at a state of free coordinates; matrices by rows. */
  values(x: Float64Array): { [K in keyof P]: number | Float64Array };
}

/**
 * Returns the energy that a formula gives over named parts of a state, with its gradient derived and compiled to
 * WebAssembly.
 *
 * The formula is called once, with a stand-in for each part and the operations and densities; what it returns has
 * to be one number. Densities are energies, −log p, so that terms are added. Samplers and minimizers see ℝⁿ, the
 * free coordinates of all parts one after the other; `space.quantities` gives the parts by name.
 *
 * @param parts the parts by name, each with its support: `real()`, `positive()`, `vector(8)`, `simplex(3)` …
 *
 * @example
 * ```ts
 * import { expression, positive, real } from "@basin/energy-core/expression";
 *
 * const y = Float64Array.of(1.2, 0.7, 2.1);
 * const model = expression({ mu: real(), sigma: positive() }, ({ mu, sigma }, { add, normal, halfNormal }) =>
 *   add(normal(mu, 0, 10), halfNormal(sigma, 5), normal(y, mu, sigma)));
 * console.log(model.space.quantities.names); // ["mu", "sigma"]
 * console.log(model.values(Float64Array.of(1, 0))); // { mu: 1, sigma: 1 }
 * ```
 *
 * @throws {DimensionError} for shapes that do not fit and {ArgumentError} for a part that is never used, an
 * unknown name, a NaN, log of a part without support, and a formula that falls without bound, each with the line
 * of the formula where that can be told.
 */
export function expression<const P extends StateParts>(
  parts: P,
  formula: (values: PartValues<P>, operations: Operations & Densities) => Value,
  options: ExpressionOptions = {},
): Expression<P> {
  checkOptions("expression", options, "jacobian kernel unbounded");
  const model = trace(parts, formula, options.jacobian ?? true);
  const { trace: traced, dimension, total, leaves, quantities } = model;
  const energyOnly: Output[] = [{ node: total, offset: 0, length: 1 }];
  const both = () => {
    const slopes = differentiate(
      traced.graph,
      total,
      leaves.map(({ node }) => node),
    );
    return [
      ...energyOnly,
      ...leaves.map(({ offset, node }, k) => ({
        node: slopes[k] ?? traced.graph.number(0),
        offset: 1 + offset,
        length: node.size,
      })),
    ];
  };
  const option = options.kernel ?? "auto";
  const build = (outputs: readonly Output[], length: number): [Program, KernelName] => {
    const program = compiled(option, () => compile(outputs, dimension, length));
    return program ? [program, "wasm"] : [interpret(outputs, dimension, length), "typescript"];
  };
  const [gradient, kernel] = build(both(), 1 + dimension);
  const value = once(() => build(energyOnly, 1)[0]);
  const inParts = once(() => interpret(quantities, dimension, size(quantities)));
  const space = reals(dimension);
  const names = Object.entries(parts).flatMap(([name, { shape }]) => entryNames(name, shape));
  const energy: Expression<P> = {
    parts,
    kernel,
    space: {
      ...space,
      quantities: { names, write: (x, out) => set(out, run(inParts(), x).results, 0) },
    },
    energy: (x) => run(value(), x).results[0],
    can: {
      gradient(x, out) {
        checkLength("out", out.length, dimension);
        const { results } = run(gradient, x);
        set(out, results, 1);
        return results[0];
      },
    },
    values(x) {
      const { results } = run(inParts(), x);
      const entries = Object.keys(parts).map((name, k) => {
        const { offset, length, node } = quantities[k];
        return [name, node.shape.length === 0 ? results[offset] : results.slice(offset, offset + length)];
      });
      return Object.fromEntries(entries) as { [K in keyof P]: number | Float64Array };
    },
  };
  if (!options.unbounded) refuseLogDensity(energy.can.gradient, dimension);
  return energy;
}

interface Leaf {
  readonly node: Node;
  readonly offset: number;
}

interface Model {
  readonly trace: Trace;
  readonly total: Node;
  readonly dimension: number;
  readonly leaves: readonly Leaf[];
  readonly quantities: readonly Output[];
}

/** Calls the formula once. */
function trace<P extends StateParts>(
  parts: P,
  formula: (values: PartValues<P>, operations: Operations & Densities) => Value,
  isDensity: boolean,
): Model {
  const traced = new Trace();
  const { graph } = traced;
  const leaves: Leaf[] = [];
  const quantities: Output[] = [];
  const jacobians: Node[] = [];
  const values: Record<string, Node> = {};
  let dimension = 0;
  for (const [name, support] of Object.entries(parts)) {
    const free = support.shape.length === 0 ? [] : [support.free];
    const node = graph.state(dimension, free);
    leaves.push({ node, offset: dimension });
    const { value, logJacobian } = support.constrain(graph, node);
    values[name] = value;
    traced.names.set(value, name);
    if (support.unbounded) traced.unbounded.add(value);
    if (logJacobian) jacobians.push(logJacobian);
    const offset = quantities.reduce((sum, { length }) => sum + length, 0);
    quantities.push({ node: value, offset, length: value.size });
    dimension += support.free;
  }
  if (dimension === 0) throw new ArgumentError("there are no parts, expected at least one: { x: real() }");
  const used = new Set<string>();
  const term = located(() => {
    const operationTable = { ...operations(traced), ...densities(traced) };
    return traced.node(formula(watched(values, used) as PartValues<P>, operationTable), "the formula");
  });
  if (term.shape.length > 0)
    throw new ArgumentError(
      `the formula gives ${traced.call(term)}, expected a number; sum adds its entries`,
    );
  const unused = Object.keys(parts).filter((name) => !used.has(name));
  if (unused.length > 0) throw new ArgumentError(`the formula never uses ${unused.join(", ")}`);
  const total = isDensity ? jacobians.reduce((sum, part) => graph.apply("sub", sum, part), term) : term;
  return { trace: traced, total, dimension, leaves, quantities };
}

/** Returns values that note which were asked for, and refuse names that do not exist. */
function watched(values: Record<string, Node>, used: Set<string>): object {
  return new Proxy(values, {
    get(target, name) {
      if (typeof name === "symbol") return undefined;
      if (!Object.hasOwn(target, name))
        throw new ArgumentError(`unknown part "${name}"; known: ${Object.keys(target).join(", ")}`);
      used.add(name);
      return target[name];
    },
  });
}

function entryNames(name: string, [rows, columns]: readonly number[]): string[] {
  if (rows === undefined) return [name];
  const range = (length: number) => Array.from({ length }, (_, i) => i);
  if (columns === undefined) return range(rows).map((i) => `${name}[${i}]`);
  return range(rows).flatMap((i) => range(columns).map((j) => `${name}[${i},${j}]`));
}

const size = (outputs: readonly Output[]) => outputs.reduce((sum, { length }) => sum + length, 0);

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function run(program: Program, x: Float64Array): Program {
  checkLength("state", x.length, program.state.length);
  set(program.state, x, 0);
  program.run();
  return program;
}

/** Copies as many numbers as `target` holds; a loop, since `set` takes longer for few. */
function set(target: Float64Array, from: Float64Array, start: number): Float64Array {
  for (let i = 0; i < target.length; i++) target[i] = from[start + i];
  return target;
}
