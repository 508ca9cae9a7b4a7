import { ArgumentError } from "@basin/energy-core";
import type { WeightedGraph } from "../problem/graph.ts";
import type { WritableProblem } from "./format.ts";

/** @throws {ArgumentError} where there is no graph. */
export function graphOf({ graph }: WritableProblem, format: string): WeightedGraph {
  if (graph !== undefined) return graph;
  throw new ArgumentError(`the format "${format}" holds a graph, and there is none; use bqm, coo or qubo`);
}
