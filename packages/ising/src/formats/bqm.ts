import { EdgeList } from "../problem/edge-list.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { FileTerms, Format, ProblemKind } from "./format.ts";
import { JsonFields, shown } from "./json-fields.ts";
import { checkLabels } from "./labels.ts";
import { Names } from "./names.ts";
import type { TextSource } from "./text-source.ts";

/**
 * dimod's BinaryQuadraticModel in JSON (`bqm.to_serializable()`): schemas 2.0.0 and 3.0.0 with lists of numbers, 1.0.0
 * with a list of terms. dimod minimizes offset + Σ a_i s_i + Σ b_ij s_i s_j.
 */
export const bqm: Format = {
  holds: "a dimod model in JSON, schemas 1.0.0 to 3.0.0",
  extensions: ["json", "bqm"],
  kinds: ["ising", "qubo"],
  read: ({ text }, { kind }) => readBqm(text, kind),
  write: ({ problem, labels }) => bqmPieces(problem, labels),
};

function readBqm(text: TextSource, asked: ProblemKind | undefined): FileTerms {
  const fields = new JsonFields(text);
  if (fields.has("use_bytes") && fields.value("use_bytes") === true) {
    const message = "use_bytes is true; write the model with to_serializable(use_bytes=False) or to_file()";
    throw fields.error(message, "use_bytes");
  }
  const terms = fields.has("linear_terms") ? termsByName(fields) : termsByNumber(fields);
  const kind = kindOf(fields, asked);
  return { ...terms, kind, offset: fields.has("offset") ? fields.number("offset") : 0 };
}

function kindOf(fields: JsonFields, asked: ProblemKind | undefined): ProblemKind {
  const vartype = fields.value("variable_type");
  if (vartype !== "SPIN" && vartype !== "BINARY") {
    throw fields.error(`variable_type is ${shown(vartype)}, expected "SPIN" or "BINARY"`, "variable_type");
  }
  const kind = vartype === "SPIN" ? "ising" : "qubo";
  if (asked === undefined || asked === kind) return kind;
  throw fields.error(
    `variable_type is ${vartype}, but the model is asked for as "${asked}"`,
    "variable_type",
  );
}

function termsByNumber(fields: JsonFields): FileTerms {
  const variables = fields.integer("num_variables");
  const labels = fields.labels("variable_labels", variables);
  const linear = fields.numbers("linear_biases", variables);
  const weights = fields.numbers("quadratic_biases", fields.integer("num_interactions"));
  const sources = fields.indices("quadratic_head", weights.length, variables);
  const targets = fields.indices("quadratic_tail", weights.length, variables);
  const loop = sources.findIndex((source, e) => source === targets[e]);
  if (loop >= 0) {
    const message = `quadratic_tail[${loop}] is ${targets[loop]} like quadratic_head[${loop}], expected two variables`;
    throw fields.error(message, "quadratic_tail", loop);
  }
  return { variables, labels, linear, pairs: { sources, targets, weights } };
}

function termsByName(fields: JsonFields): FileTerms {
  const names = new Names();
  if (fields.has("variable_labels")) for (const label of fields.labels("variable_labels")) names.add(label);
  const numberOf = (list: string, entry: number, name: unknown): number => {
    const number = names.find(name);
    if (number !== undefined) return number;
    throw fields.error(`${list}[${entry}] names ${shown(name)}, which is not a variable of the model`, list);
  };
  const linearTerms = fields.records("linear_terms");
  if (names.size === 0) for (const { label } of linearTerms) names.add(label);
  const linear = new Float64Array(names.size);
  for (const [e, term] of linearTerms.entries()) {
    linear[numberOf("linear_terms", e, term.label)] += fields.numberIn("linear_terms", e, term, "bias");
  }
  const list = new EdgeList();
  for (const [e, term] of fields.records("quadratic_terms").entries()) {
    const ends = [term.label_head, term.label_tail].map((label) => numberOf("quadratic_terms", e, label));
    if (ends[0] === ends[1]) {
      const message = `quadratic_terms[${e}] joins ${shown(term.label_head)} to itself, expected two variables`;
      throw fields.error(message, "quadratic_terms");
    }
    list.push(ends[0], ends[1], fields.numberIn("quadratic_terms", e, term, "bias"));
  }
  return { variables: names.size, labels: names.labels, linear, pairs: list.arrays };
}

function* bqmPieces(
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
