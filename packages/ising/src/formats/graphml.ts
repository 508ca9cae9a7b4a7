import type { SaxesTagPlain } from "saxes";
import { EdgeList } from "../problem/edge-list.ts";
import { NUMBER } from "./edge-columns.ts";
import { counted } from "./file-problem.ts";
import type { FileTerms, Format } from "./format.ts";
import { FormatError } from "./format-error.ts";
import { Names } from "./names.ts";
import type { TextSource } from "./text-source.ts";

/**
 * GraphML (Brandes et al. 2002): nodes with an id, edges with a source and a target, and a weight where a key of edges
 * has that name.
 */
export const graphml: Format = {
  holds: "a graph in XML",
  extensions: ["graphml", "xml"],
  kinds: ["max-cut", "qubo", "ising"],
  read: async ({ text }, { kind }) => ({ ...(await readGraphml(text)), kind }),
};

async function readGraphml(text: TextSource): Promise<FileTerms> {
  const { SaxesParser } = await import("saxes");
  const parser = new SaxesParser();
  const here = () => [parser.line, parser.column + 1] as const;
  const graph = new Graph(here);
  parser.on("error", (error) => {
    throw new FormatError(error.message.replace(/^\d+:\d+: /, ""), ...here());
  });
  parser.on("opentag", (tag) => graph.open(tag));
  parser.on("text", (words) => graph.text(words));
  parser.on("closetag", ({ name }) => graph.close(name));
  for (const piece of typeof text === "string" ? [text] : text) parser.write(piece);
  parser.close();
  return graph.terms();
}

interface Key {
  readonly name: string;
  standard: string | undefined;
}

interface Edge {
  readonly source: string;
  readonly target: string;
  readonly place: readonly [line: number, column: number];
  weight: string | undefined;
}

class Graph {
  readonly #here: () => readonly [line: number, column: number];
  readonly #names = new Names();
  readonly #keys = new Map<string, Key>();
  readonly #edges: Edge[] = [];
  readonly #unread = new Set<string>();
  #graphs = 0;
  #directed = 0;
  #everyDirected = false;
  #key: Key | undefined;
  #edge: Edge | undefined;
  #collect: string | undefined;

  constructor(here: () => readonly [number, number]) {
    this.#here = here;
  }

  open({ name, attributes: is }: SaxesTagPlain): void {
    if (name === "graph") {
      if (++this.#graphs > 1) throw new FormatError("a second graph, expected one", ...this.#here());
      this.#everyDirected = is.edgedefault === "directed";
    } else if (name === "key" && (is.for === "edge" || is.for === "all")) {
      this.#key = { name: is["attr.name"] ?? is.id, standard: undefined };
      this.#keys.set(is.id, this.#key);
    } else if (name === "node") this.#names.add(is.id ?? "", this.#here()[0]);
    else if (name === "edge") this.#openEdge(is);
    else if (name === "data" && this.#edge !== undefined) this.#openData(is.key);
    else if (name === "default" && this.#key !== undefined) this.#collect = "";
    else if (name === "hyperedge")
      throw new FormatError("a hyperedge, expected edges of two ends", ...this.#here());
  }

  #openEdge(is: Record<string, string>): void {
    if (is.source === undefined || is.target === undefined) {
      throw new FormatError("an edge without a source or a target", ...this.#here());
    }
    this.#edge = { source: is.source, target: is.target, place: this.#here(), weight: undefined };
    this.#edges.push(this.#edge);
    if (is.directed === "true" || (this.#everyDirected && is.directed !== "false")) this.#directed++;
  }

  #openData(key: string): void {
    const name = this.#keys.get(key)?.name ?? key;
    if (name.toLowerCase() === "weight") this.#collect = "";
    else this.#unread.add(name);
  }

  text(words: string): void {
    if (this.#collect !== undefined) this.#collect += words;
  }

  close(name: string): void {
    if (name === "data" && this.#edge !== undefined && this.#collect !== undefined)
      this.#edge.weight = this.#collect.trim();
    if (name === "default" && this.#key !== undefined) this.#key.standard = this.#collect?.trim();
    if (name === "data" || name === "default") this.#collect = undefined;
    if (name === "edge") this.#edge = undefined;
    if (name === "key") this.#key = undefined;
  }

  terms(): FileTerms {
    if (this.#graphs === 0) throw new FormatError("no graph, expected an element graph of GraphML", 1, 1);
    const standard = [...this.#keys.values()].find(({ name }) => name.toLowerCase() === "weight")?.standard;
    const list = new EdgeList();
    let plain = 0;
    for (const { source, target, place, weight = standard } of this.#edges) {
      const [i, j] = [source, target].map((end) => this.#names.find(end));
      if (i === undefined || j === undefined) {
        throw new FormatError(
          `an edge to "${i === undefined ? source : target}", which is not a node`,
          ...place,
        );
      }
      if (weight === undefined) plain++;
      else if (!NUMBER.test(weight) || !Number.isFinite(Number(weight))) {
        throw new FormatError(
          `the weight is ${JSON.stringify(weight.slice(0, 40))}, expected a finite number`,
          ...place,
        );
      }
      list.push(i, j, Number(weight ?? 1));
    }
    const notes: string[] = [];
    if (this.#unread.size > 0) notes.push(`data of edges not read: ${[...this.#unread].join(", ")}`);
    if (this.#directed > 0) notes.push(`${counted(this.#directed, "directed edge")} taken as undirected`);
    if (plain > 0 && plain < this.#edges.length) notes.push(`${counted(plain, "edge")} without weight: 1`);
    return { variables: this.#names.size, pairs: list.arrays, labels: this.#names.labels, notes };
  }
}
