import { EdgeList } from "../problem/edge-list.ts";
import { counted } from "./file-problem.ts";
import type { FileTerms, Format } from "./format.ts";
import { JsonFields, labelOf, shown } from "./json-fields.ts";
import { Names } from "./names.ts";
import type { TextSource } from "./text-source.ts";

/**
 * Node-link JSON of networkx and d3: a list `nodes` of objects with an id (or a name, or neither: then numbered from
 * 0), and a list `links` or `edges` with a source, a target and perhaps a weight.
 */
export const nodeLink: Format = {
  holds: "a graph in JSON: `nodes`, and `links` or `edges`",
  extensions: ["json"],
  kinds: ["max-cut", "qubo", "ising"],
  read: ({ text }, { kind }) => ({ ...readNodeLink(text), kind }),
};

function readNodeLink(text: TextSource): FileTerms {
  const fields = new JsonFields(text);
  const nodes = fields.list("nodes");
  const key = ["id", "name", "key"].find((name) => isObject(nodes[0]) && nodes[0][name] !== undefined);
  const names = new Names();
  for (const [i, node] of nodes.entries()) {
    const name = isObject(node) ? (key === undefined ? i : node[key]) : node;
    if (name === undefined || name === null)
      throw fields.error(`nodes[${i}] is ${shown(node)}, expected a field "${key}"`, "nodes");
    names.add(name);
  }
  const which = fields.has("links") ? "links" : "edges";
  const end = (entry: number, value: unknown): number => {
    const name = isObject(value) && key !== undefined ? value[key] : value;
    // d3 names the ends by their place where the nodes have names of another kind.
    const number = names.find(name) ?? (key !== "id" && typeof name === "number" ? name : -1);
    if (Number.isInteger(number) && number >= 0 && number < names.size) return number;
    throw fields.error(`${which}[${entry}] joins ${shown(value)}, which is not a node`, which);
  };
  const list = new EdgeList();
  const unread = new Set<string>();
  let weighted = 0;
  for (const [e, link] of fields.records(which).entries()) {
    for (const name of Object.keys(link)) if (!READ.includes(name)) unread.add(name);
    if (link.weight !== undefined) weighted++;
    const weight = link.weight === undefined ? 1 : fields.numberIn(which, e, link, "weight");
    list.push(end(e, link.source), end(e, link.target), weight);
  }
  const notes: string[] = [];
  if (unread.size > 0) notes.push(`fields of ${which} not read: ${[...unread].join(", ")}`);
  if (weighted > 0 && weighted < list.length)
    notes.push(`${counted(list.length - weighted, "edge")} without weight: 1`);
  if (fields.has("directed") && fields.value("directed") === true)
    notes.push("the graph is directed: its edges were taken as undirected");
  return { variables: names.size, pairs: list.arrays, labels: names.labels.map(labelOf), notes };
}

const READ = ["source", "target", "weight", "key"];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
