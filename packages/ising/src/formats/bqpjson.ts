import { EdgeList } from "../problem/edge-list.ts";
import { counted } from "./file-problem.ts";
import type { FileTerms, Format } from "./format.ts";
import { JsonFields, shown } from "./json-fields.ts";
import { Names } from "./names.ts";
import type { TextSource } from "./text-source.ts";

/**
 * bqpjson 1.0.0 (Coffrin, Nagarajan & Bent 2019): scale · (offset + Σ c_i x_i + Σ c_ij x_i x_j) over spins or bits is
 * minimized. Each coefficient is multiplied by the scale once. Solutions in the file are not read.
 */
export const bqpjson: Format = {
  holds: "a bqpjson problem",
  extensions: ["json", "bqpjson"],
  kinds: ["ising", "qubo"],
  read: ({ text }) => readBqpjson(text),
};

function readBqpjson(text: TextSource): FileTerms {
  const fields = new JsonFields(text);
  const domain = fields.value("variable_domain");
  if (domain !== "spin" && domain !== "boolean") {
    throw fields.error(
      `variable_domain is ${shown(domain)}, expected "spin" or "boolean"`,
      "variable_domain",
    );
  }
  const names = new Names();
  for (const id of fields.list("variable_ids")) names.add(id);
  const scale = fields.has("scale") ? fields.number("scale") : 1;
  const variable = (list: string, entry: number, id: unknown): number => {
    const number = names.find(id);
    if (number !== undefined) return number;
    throw fields.error(
      `${list}[${entry}] names the variable ${shown(id)}, which variable_ids does not have`,
      list,
    );
  };
  const list = new EdgeList();
  for (const [e, term] of fields.records("linear_terms").entries()) {
    const i = variable("linear_terms", e, term.id);
    list.push(i, i, scale * fields.numberIn("linear_terms", e, term, "coeff"));
  }
  for (const [e, term] of fields.records("quadratic_terms").entries()) {
    const [i, j] = [term.id_tail, term.id_head].map((id) => variable("quadratic_terms", e, id));
    if (i === j)
      throw fields.error(`quadratic_terms[${e}] joins ${shown(term.id_tail)} to itself`, "quadratic_terms");
    list.push(i, j, scale * fields.numberIn("quadratic_terms", e, term, "coeff"));
  }
  const notes = scale === 1 ? [] : [`every coefficient was multiplied by the scale ${scale}`];
  const solutions = fields.has("solutions") ? fields.list("solutions").length : 0;
  if (solutions > 0) notes.push(`${counted(solutions, "solution")} of the file not read`);
  return {
    variables: names.size,
    pairs: list.arrays,
    offset: scale * (fields.has("offset") ? fields.number("offset") : 0),
    labels: names.labels,
    kind: domain === "spin" ? "ising" : "qubo",
    notes,
  };
}
