import { qubo } from "../problem/qubo.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { fromSpinTerms } from "./coo.ts";
import { FormatError } from "./format-error.ts";
import { MOST_TERMS } from "./tokens.ts";

/** A problem with the names of its variables. */
export interface LabelledProblem {
  readonly problem: SpinProblem;
  /** The name of each variable. */
  readonly labels: readonly (string | number)[];
}

/**
 * Returns the problem of a dimod BinaryQuadraticModel in JSON (`bqm.to_serializable()`, schema 3). dimod minimises
 * offset + Σ a_i s_i + Σ b_ij s_i s_j, so J = −b and h = −a for spins.
 *
 * @throws {FormatError} naming the field that is wrong; JSON that does not parse is placed by line and column.
 */
export function parseBqm(text: string): LabelledProblem {
  const fields = new Fields(text);
  const variables = fields.integer("num_variables");
  const labels = fields.labels("variable_labels", variables);
  const linear = fields.numbers("linear_biases", variables);
  const weights = fields.numbers("quadratic_biases", fields.integer("num_interactions"));
  const sources = fields.indices("quadratic_head", weights.length, variables);
  const targets = fields.indices("quadratic_tail", weights.length, variables);
  const offset = fields.number("offset");
  const vartype = fields.value("variable_type");
  if (vartype === "BINARY") {
    return { problem: qubo({ variables, linear, offset, quadratic: { sources, targets, weights } }), labels };
  }
  if (vartype !== "SPIN")
    throw fields.error(`variable_type is ${JSON.stringify(vartype)}, expected "SPIN" or "BINARY"`);
  const singles = linear.map((_, i) => i);
  const problem = fromSpinTerms(
    variables,
    [...sources, ...singles],
    [...targets, ...singles],
    [...weights, ...linear],
    offset,
  );
  return { problem, labels };
}

/** Returns `problem` over spins as dimod's JSON, with variables named 0, 1, … unless `labels` says otherwise. */
export function formatBqm(problem: SpinProblem, labels?: readonly (string | number)[]): string {
  const { variables, couplings, fields, offset } = problem;
  return `${JSON.stringify({
    type: "BinaryQuadraticModel",
    version: { bqm_schema: "3.0.0" },
    use_bytes: false,
    index_type: "int32",
    bias_type: "float64",
    num_variables: variables,
    num_interactions: couplings.values.length,
    variable_labels: labels ?? Array.from({ length: variables }, (_, i) => i),
    variable_type: "SPIN",
    offset,
    info: {},
    linear_biases: Array.from(fields, (h) => 0 - h),
    quadratic_biases: Array.from(couplings.values, (value) => -value),
    quadratic_head: [...couplings.sources],
    quadratic_tail: [...couplings.targets],
  })}\n`;
}

class Fields {
  readonly #object: Record<string, unknown>;

  constructor(text: string) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      throw atPosition(text, (error as Error).message);
    }
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
      throw this.error("the file is not a JSON object");
    }
    this.#object = parsed as Record<string, unknown>;
    if (this.#object.use_bytes === true) {
      throw this.error("use_bytes is true; write the model with to_serializable(use_bytes=False)");
    }
  }

  error(message: string): FormatError {
    return new FormatError(message, 1, 1);
  }

  value(name: string): unknown {
    if (this.#object[name] === undefined) throw this.error(`${name} is missing`);
    return this.#object[name];
  }

  number(name: string): number {
    const value = this.value(name);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.error(`${name} is ${shown(value)}, expected a finite number`);
  }

  integer(name: string): number {
    const value = this.number(name);
    if (Number.isInteger(value) && value >= 0 && value <= MOST_TERMS) return value;
    throw this.error(`${name} is ${value}, expected an integer from 0 to ${MOST_TERMS}`);
  }

  numbers(name: string, length: number): number[] {
    const values = this.#list(name, length);
    const wrong = values.findIndex((value) => typeof value !== "number" || !Number.isFinite(value));
    if (wrong >= 0)
      throw this.error(`${name}[${wrong}] is ${shown(values[wrong])}, expected a finite number`);
    return values as number[];
  }

  indices(name: string, length: number, variables: number): number[] {
    const values = this.numbers(name, length);
    const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < variables));
    if (wrong >= 0) {
      throw this.error(
        `${name}[${wrong}] is ${values[wrong]}, expected an integer from 0 to ${variables - 1}`,
      );
    }
    return values;
  }

  labels(name: string, length: number): (string | number)[] {
    return this.#list(name, length).map((label) =>
      typeof label === "number" || typeof label === "string" ? label : JSON.stringify(label),
    );
  }

  #list(name: string, length: number): unknown[] {
    const value = this.value(name);
    if (!Array.isArray(value)) throw this.error(`${name} is ${shown(value)}, expected a list`);
    if (value.length !== length) throw this.error(`${name} has length ${value.length}, expected ${length}`);
    return value;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Engines say where JSON breaks in words of their own; a position is all that is taken from them. */
function atPosition(text: string, message: string): FormatError {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, position).split("\n");
  return new FormatError("the file is not valid JSON", before.length, (before.at(-1) as string).length + 1);
}
