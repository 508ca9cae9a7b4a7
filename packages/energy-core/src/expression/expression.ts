import { checkOptions } from "../check-options.ts";
import type { Can, Energy } from "../energy.ts";
import { ArgumentError, checkLength } from "../errors.ts";
import { kindOf } from "../kind-of.ts";
import type { Quantities } from "../space.ts";
import { type RealSpace, reals } from "../spaces/reals.ts";
import type { KernelName, KernelOption } from "../wasm/choose.ts";
import {
  hasSites,
  type SiteExpression,
  type SiteExpressionOptions,
  type SiteParts,
  siteExpression,
} from "./discrete/expression.ts";
import { firstNaN, firstNaNOf } from "./first-nan.ts";
import type { Output } from "./lower.ts";
import {
  type Formula,
  type Learns,
  type Model,
  type Parts,
  type StateNames,
  type StateParts,
  traceModel,
} from "./model.ts";
import { refuseLogDensity } from "./probe.ts";
import { type NamedValues, Programs } from "./programs.ts";
import { type FormulaTrace, readTrace, writeTrace } from "./serialize.ts";
import type { Support } from "./supports.ts";

/** Options of {@link expression}. */
export interface ExpressionOptions {
  /**
   * Whether −log |det ∂values/∂coordinates| is added, so that exp(−E) is a density of the free coordinates, as samplers
   * need. Default true; use false to minimize over the values.
   */
  readonly jacobian?: boolean;
  /** `"wasm"`, its TypeScript twin with the same bits, or `"auto"` (default): wasm where it works. */
  readonly kernel?: KernelOption;
  /** Whether to accept a formula that falls without bound. Default false: it is refused. */
  readonly unbounded?: boolean;
}

/** An energy that was written as a formula. */
export interface Expression<P extends StateParts = Readonly<Record<string, Support>>>
  extends Energy<Float64Array, Can<Float64Array, "gradient"> & Learns<P, Float64Array>> {
  readonly space: Omit<RealSpace, "quantities"> & {
    readonly quantities: Quantities<Float64Array, StateNames<P>>;
  };
  /** Which machine computes it. */
  readonly kernel: KernelName;
  /** Returns the values of the parts at free coordinates; matrices are row-major. */
  values(x: Float64Array): NamedValues<StateNames<P>>;
  /**
   * Returns which operation of the formula, or which slope of one, is the first to give NaN at free coordinates `x`,
   * with its line where that can be told, for a state at which the energy or its gradient is NaN; undefined where none
   * is.
   */
  firstNaN(x: Float64Array): string | undefined;
  /** Returns the formula as data that can be cloned, for {@link expressionFromTrace}. */
  trace(): FormulaTrace;
}

/**
 * Returns the energy of a formula over named parts of a state, with its gradient derived and compiled to WebAssembly.
 * The formula is called once, with a symbolic value for each part, the operations and the densities, and must return
 * one number. Densities are energies, −log p, so add the terms. Samplers and minimizers use ℝⁿ, the free coordinates of
 * all parts in sequence; `space.quantities` gives the parts by name.
 *
 * A part may also be a space of spins or labels. It is then the only part of the state, and the energy has moves with
 * differences derived from the formula. A formula of degree two in spins is `quadratic`, as annealers need.
 *
 * @param parts the parts by name, each with its support: `real()`, `positive()`, `vector(8)`, `simplex(3)` …, the space
 * of spins or labels, or `learnable(initial)` for parameters that are not part of the state, whose gradient is derived
 * as well.
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
 * @throws {DimensionError} for shapes that do not fit and {ArgumentError} for a part that is never used, an unknown
 * name, a NaN, log of a part without support, and a formula that falls without bound, each with the line of the formula
 * where that can be told.
 */
export function expression<const P extends SiteParts>(
  parts: P,
  formula: Formula<P>,
  options?: SiteExpressionOptions,
): SiteExpression<P>;
export function expression<const P extends StateParts>(
  parts: P,
  formula: Formula<P>,
  options?: ExpressionOptions,
): Expression<P>;
export function expression(
  parts: StateParts | SiteParts,
  formula: Formula<Parts>,
  options: ExpressionOptions = {},
): unknown {
  checkOptions("expression", options, "jacobian kernel unbounded");
  checkParts(parts);
  if (typeof formula !== "function")
    throw new ArgumentError(`the formula is ${kindOf(formula)}, expected a function`);
  if (hasSites(parts)) return siteExpression(parts, formula, options);
  return realExpression(parts, formula, options);
}

function checkParts(parts: StateParts | SiteParts): void {
  for (const [name, part] of Object.entries(parts)) {
    const isPart = typeof part === "object" && part !== null;
    if (!isPart || !("constrain" in part || "initial" in part || "moves" in part))
      throw new ArgumentError(
        `the part ${name} is ${kindOf(part)}, expected a support such as real() or vector(8), learnable(…) or a space of sites`,
      );
  }
}

function realExpression<P extends StateParts>(
  parts: P,
  formula: Formula<P>,
  options: ExpressionOptions,
): Expression<P> {
  const isDensity = options.jacobian ?? true;
  const model = traceModel(parts, formula, isDensity);
  const where = (x: Float64Array) => firstNaN(parts, formula, isDensity, model.parameters, x);
  const energy = compiledExpression<P>(model, options.kernel, where);
  if (!options.unbounded) refuseLogDensity(energy.can.gradient, energy.space.dimension, where);
  return energy;
}

/**
 * Returns the energy of a formula that was traced before, perhaps in another thread, with the same bits.
 *
 * @param trace what {@link Expression.trace} gave.
 *
 * @example
 * ```ts
 * import { expression, expressionFromTrace, real } from "@basin/energy-core/expression";
 *
 * const well = expression({ x: real() }, ({ x }, { square }) => square(x));
 * const copy = expressionFromTrace(structuredClone(well.trace()));
 * console.log(copy.energy(Float64Array.of(3)), copy.space.quantities.names); // 9, ["x"]
 * ```
 */
export function expressionFromTrace(
  trace: FormulaTrace,
  options: Pick<ExpressionOptions, "kernel"> = {},
): Expression {
  checkOptions("expressionFromTrace", options, "kernel");
  const model = readTrace(trace);
  return compiledExpression(model, options.kernel, (x) => firstNaNOf(model, x));
}

function compiledExpression<P extends StateParts>(
  model: Model,
  kernel: KernelOption | undefined,
  whereNaN: (x: Float64Array) => string | undefined,
): Expression<P> {
  const { total, dimension } = model;
  const programs = new Programs<Float64Array, StateNames<P>>(model, kernel);
  const gradient = programs.build([total, ...model.slopes("state").map(behind(1))]);
  const differentiable: Can<Float64Array, "gradient"> = {
    gradient(x, out) {
      checkLength("out", out.length, dimension);
      const results = programs.run(gradient, x);
      for (let i = 0; i < dimension; i++) out[i] = results[i + 1];
      return results[0];
    },
  };
  return {
    kernel: gradient.kernel,
    space: { ...reals(dimension), quantities: programs.quantities() },
    energy: programs.energy,
    can: { ...differentiable, ...programs.learns() } as Expression<P>["can"],
    values: programs.values,
    firstNaN(x) {
      checkLength("state", x.length, dimension);
      return whereNaN(x);
    },
    trace: () => writeTrace(model),
  };
}

/** Returns what moves an output `count` results on. */
const behind =
  (count: number) =>
  (output: Output): Output => ({ ...output, offset: output.offset + count });
