import { EdgeList } from "../problem/edge-list.ts";
import { qubo } from "../problem/qubo.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { fromSpinTerms } from "./coo.ts";
import { FormatError } from "./format-error.ts";
import { checkLabels } from "./labels.ts";
import { type TextSource, wholeText } from "./text-source.ts";
import { MOST_TERMS } from "./tokens.ts";

/** A problem with the names of its variables. */
export interface LabeledProblem {
  readonly problem: SpinProblem;
  /** The name of each variable. */
  readonly labels: readonly (string | number)[];
}

/**
 * Returns the problem of a dimod BinaryQuadraticModel in JSON (`bqm.to_serializable()`, schema 3). dimod minimizes
 * offset + Σ a_i s_i + Σ b_ij s_i s_j, so J = −b and h = −a for spins; bits are read as {@link qubo} reads them.
 *
 * @example
 * ```ts
 * import { parseBqm } from "@basin/ising";
 *
 * const text = JSON.stringify({
 *   num_variables: 2, variable_labels: ["a", "b"], variable_type: "SPIN", linear_biases: [0.5, 0], offset: 0,
 *   num_interactions: 1, quadratic_head: [0], quadratic_tail: [1], quadratic_biases: [-1],
 * });
 * const { problem, labels } = parseBqm(text);
 * console.log(labels, problem.couplings.values, problem.fields); // a and b, J = 1, h = −0.5 and 0
 * ```
 *
 * @throws {FormatError} naming the field that is wrong; JSON that does not parse is placed by line and column.
 */
export function parseBqm(text: TextSource): LabeledProblem {
  const fields = new Fields(wholeText(text));
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
    throw fields.error(
      `variable_type is ${JSON.stringify(vartype)}, expected "SPIN" or "BINARY"`,
      "variable_type",
    );
  const list = new EdgeList();
  for (const [e, weight] of weights.entries()) list.push(sources[e], targets[e], weight);
  const pairs = list.arrays;
  const loop = pairs.sources.findIndex((source, e) => source === pairs.targets[e]);
  if (loop >= 0) {
    const message = `quadratic_tail[${loop}] is ${targets[loop]} like quadratic_head[${loop}], expected two variables`;
    throw fields.error(message, "quadratic_tail", loop);
  }
  for (const [i, bias] of linear.entries()) if (bias !== 0) list.push(i, i, bias);
  const problem = fromSpinTerms(variables, list.arrays, offset);
  return { problem, labels };
}

/**
 * Returns `problem` over spins as dimod's JSON, with variables named 0, 1, … unless `labels` says otherwise.
 *
 * @param labels one name a variable.
 *
 * @example
 * ```ts
 * import { formatBqm, spinProblem } from "@basin/ising";
 *
 * const text = formatBqm(spinProblem({ variables: 2, couplings: [[0, 1, 1]] }), ["a", "b"]);
 * console.log(JSON.parse(text).quadratic_biases); // −1: dimod adds what H subtracts
 * ```
 *
 * @throws {DimensionError} when there is not one name a variable; {ArgumentError} for a name that two have.
 */
export function formatBqm(problem: SpinProblem, labels?: readonly (string | number)[]): string {
  return [...bqmPieces(problem, labels)].join("");
}

export function* bqmPieces(
  { variables, couplings, fields, offset }: SpinProblem,
  labels?: readonly (string | number)[],
): Generator<string> {
  checkLabels(labels, variables);
  const head = JSON.stringify({
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
  });
  yield head.slice(0, -1);
  yield* numberList("linear_biases", fields, (h) => 0 - h);
  yield* numberList("quadratic_biases", couplings.values, (value) => -value);
  yield* numberList("quadratic_head", couplings.sources, (i) => i);
  yield* numberList("quadratic_tail", couplings.targets, (i) => i);
  yield "}\n";
}

const NUMBERS_AT_A_TIME = 4096;

function* numberList(
  name: string,
  values: Float64Array | Int32Array,
  map: (value: number) => number,
): Generator<string> {
  yield `,"${name}":[`;
  for (let at = 0; at < values.length; at += NUMBERS_AT_A_TIME) {
    const some = Array.from(values.subarray(at, at + NUMBERS_AT_A_TIME), map);
    yield `${at === 0 ? "" : ","}${JSON.stringify(some).slice(1, -1)}`;
  }
  yield "]";
}

class Fields {
  readonly #text: string;
  readonly #object: Record<string, unknown>;

  constructor(text: string) {
    this.#text = text;
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
      throw this.error(
        "use_bytes is true; write the model with to_serializable(use_bytes=False)",
        "use_bytes",
      );
    }
  }

  /** An error at a field, or at an entry of the list that it holds; without a field, at the start of the text. */
  error(message: string, name?: string, entry?: number): FormatError {
    const at = name === undefined ? 0 : placeOf(this.#text, name, entry);
    const before = this.#text.slice(0, at).split("\n");
    return new FormatError(message, before.length, (before.at(-1) as string).length + 1);
  }

  value(name: string): unknown {
    if (this.#object[name] === undefined) throw this.error(`${name} is missing`);
    return this.#object[name];
  }

  number(name: string): number {
    const value = this.value(name);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.error(`${name} is ${shown(value)}, expected a finite number`, name);
  }

  integer(name: string): number {
    const value = this.number(name);
    if (Number.isInteger(value) && value >= 0 && value <= MOST_TERMS) return value;
    throw this.error(`${name} is ${value}, expected an integer from 0 to ${MOST_TERMS}`, name);
  }

  numbers(name: string, length: number): number[] {
    const values = this.#list(name, length);
    const wrong = values.findIndex((value) => typeof value !== "number" || !Number.isFinite(value));
    if (wrong >= 0)
      throw this.error(`${name}[${wrong}] is ${shown(values[wrong])}, expected a finite number`, name, wrong);
    return values as number[];
  }

  indices(name: string, length: number, variables: number): number[] {
    const values = this.numbers(name, length);
    const wrong = values.findIndex((value) => !(Number.isInteger(value) && value >= 0 && value < variables));
    if (wrong >= 0) {
      throw this.error(
        `${name}[${wrong}] is ${values[wrong]}, expected an integer from 0 to ${variables - 1}`,
        name,
        wrong,
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
    if (!Array.isArray(value)) throw this.error(`${name} is ${shown(value)}, expected a list`, name);
    if (value.length !== length)
      throw this.error(`${name} has length ${value.length}, expected ${length}`, name);
    return value;
  }
}

/** Where the value of a field begins, or an entry of the list that it holds: enough of JSON for numbers. */
function placeOf(text: string, name: string, entry = 0): number {
  const key = text.indexOf(`"${name}"`);
  if (key < 0) return 0;
  let at = text.indexOf(":", key) + 1;
  const skipBlank = () => {
    while (at < text.length && text.charCodeAt(at) <= 32) at++;
  };
  skipBlank();
  if (text[at] !== "[" || entry === 0) return at;
  for (let k = 0; k < entry; k++) at = text.indexOf(",", at) + 1;
  skipBlank();
  return at;
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
