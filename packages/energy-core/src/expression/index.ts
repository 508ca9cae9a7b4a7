/** Energies written as formulas: gradients are derived and compiled. */

export type { SiteExpression, SiteParts, SiteState } from "./discrete/expression.ts";
export type { Densities, Density } from "./distributions/index.ts";
export { type Expression, expression, expressionFromTrace } from "./expression.ts";
export type { Formula, PartValues, StateParts } from "./model.ts";
export type { Operations } from "./operations.ts";
export type { Scan } from "./scans.ts";
export type { FormulaTrace } from "./serialize.ts";
export {
  choleskyCorrelation,
  interval,
  type Learnable,
  learnable,
  matrixPart,
  ordered,
  positive,
  real,
  type Support,
  simplex,
  unitVector,
  vector,
} from "./supports.ts";
export type { Operand, Value } from "./value.ts";
