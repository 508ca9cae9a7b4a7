import { checkOptions } from "../check-options.ts";
import type { Can, Energy } from "../energy.ts";
import { checkLength } from "../errors.ts";
import type { Quantities } from "../space.ts";
import { type RealSpace, reals } from "../spaces/reals.ts";
import { compiled, type KernelName, type KernelOption } from "../wasm/choose.ts";
import { interpret } from "./interpret.ts";
import type { Output, Program } from "./lower.ts";
import { type Formula, type StateParts, traceModel } from "./model.ts";
import { refuseLogDensity } from "./probe.ts";
import type { Learnable, Support } from "./supports.ts";
import { compile } from "./wasm/compile.ts";

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

/** What an energy with parts that training may change can do beside. */
type Learns<P extends StateParts> =
  Extract<P[keyof P], Learnable> extends never ? object : Can<Float64Array, "parameters">;

/** Names of the parts that are the state's. */
type StateNames<P extends StateParts> = {
  [K in keyof P & string]: P[K] extends Learnable ? never : K;
}[keyof P & string];

/** An energy that was written as a formula. */
export interface Expression<P extends StateParts = Readonly<Record<string, Support>>>
  extends Energy<Float64Array, Can<Float64Array, "gradient"> & Learns<P>> {
  readonly space: Omit<RealSpace, "quantities"> & {
    readonly quantities: Quantities<Float64Array, StateNames<P>>;
  };
  readonly parts: P;
  /** Which machine computes it. */
  readonly kernel: KernelName;
  /** Returns the values of the state's parts at free coordinates; matrices by rows. */
  values(x: Float64Array): { [K in StateNames<P>]: number | Float64Array };
}

/**
 * Returns the energy that a formula gives over named parts of a state, with its gradient derived and compiled to
 * WebAssembly.
 *
 * The formula is called once, with a stand-in for each part and the operations and densities; what it returns has
 * to be one number. Densities are energies, −log p, so that terms are added. Samplers and minimizers see ℝⁿ, the
 * free coordinates of all parts one after the other; `space.quantities` gives the parts by name.
 *
 * @param parts the parts by name, each with its support: `real()`, `positive()`, `vector(8)`, `simplex(3)` …, or
 * `learnable(initial)` for what is no part of the state but of the parameters, whose gradient is derived as well.
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
  formula: Formula<P>,
  options: ExpressionOptions = {},
): Expression<P> {
  checkOptions("expression", options, "jacobian kernel unbounded");
  const model = traceModel(parts, formula, options.jacobian ?? true);
  const { total, dimension, parameters, quantities } = model;
  const option = options.kernel ?? "auto";
  const build = (outputs: readonly Output[]): Program => {
    const [inputs, length] = [dimension + parameters.length, size(outputs)];
    return compiled(option, () => compile(outputs, inputs, length)) ?? interpret(outputs, inputs, length);
  };
  const gradient = build([total, ...model.slopes("state").map(behind(1))]);
  const value = once(() => build([total]));
  const byParameters = once(() => build(model.slopes("parameters")));
  const inParts = once(() => interpret(quantities, dimension + parameters.length, size(quantities)));
  const run = (program: Program, x: Float64Array) => {
    checkLength("state", x.length, dimension);
    for (let i = 0; i < dimension; i++) program.state[i] = x[i];
    for (let k = 0; k < parameters.length; k++) program.state[dimension + k] = parameters[k];
    program.run();
    return program.results;
  };
  const names = quantities.flatMap(({ name }) => entryNames(name, parts[name].shape));
  const differentiable: Can<Float64Array, "gradient"> = {
    gradient(x, out) {
      checkLength("out", out.length, dimension);
      const results = run(gradient, x);
      for (let i = 0; i < dimension; i++) out[i] = results[i + 1];
      return results[0];
    },
  };
  const learns: Can<Float64Array, "parameters"> = {
    parameters: {
      values: parameters,
      addGradient(x, weight, out) {
        checkLength("out", out.length, parameters.length);
        const results = run(byParameters(), x);
        for (let k = 0; k < out.length; k++) out[k] += weight * results[k];
      },
    },
  };
  if (!options.unbounded) refuseLogDensity(differentiable.gradient, dimension);
  return {
    parts,
    kernel: gradient.kernel,
    space: {
      ...reals(dimension),
      quantities: {
        parts: Object.fromEntries(quantities.map(({ name }) => [name, parts[name].shape])) as Record<
          StateNames<P>,
          readonly number[]
        >,
        names,
        write(x, out) {
          checkLength("out", out.length, names.length);
          out.set(run(inParts(), x));
          return out;
        },
      },
    },
    energy: (x) => run(value(), x)[0],
    can: { ...differentiable, ...(parameters.length > 0 && learns) } as Expression<P>["can"],
    values(x) {
      const results = run(inParts(), x);
      const entries = quantities.map(({ name, offset, length }) => [
        name,
        parts[name].shape.length === 0 ? results[offset] : results.slice(offset, offset + length),
      ]);
      return Object.fromEntries(entries) as { [K in StateNames<P>]: number | Float64Array };
    },
  };
}

/** Returns what moves an output `count` results on. */
const behind =
  (count: number) =>
  (output: Output): Output => ({ ...output, offset: output.offset + count });

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
