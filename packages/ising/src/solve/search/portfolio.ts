import { checkName } from "@basin/energy-core";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { annealRounds } from "./anneal-rounds.ts";
import type { Search } from "./search.ts";
import { tabuRounds } from "./tabu-rounds.ts";

/** How low states are searched for where no proof is to be had. */
export type SearchMethod = "anneal" | "tabu";

/** Every value of {@link SearchMethod}. */
export const searchMethods: readonly SearchMethod[] = ["anneal", "tabu"];

/** The method that `auto` takes for a problem, and why. */
export function chooseSearch(problem: SpinProblem): { method: SearchMethod; why: string } {
  return {
    method: "anneal",
    why: `${problem.variables} spins are left after the reduction, too many to try every state, and the graph is too wide to eliminate them`,
  };
}

/** Runs one method until the search is over. */
export async function runSearch(search: Search, method: SearchMethod): Promise<void> {
  checkName("method", method, searchMethods);
  if (method === "tabu") await tabuRounds(search);
  else await annealRounds(search);
}
