import { checkName } from "@basin/energy-core/internal";
import type { SpinProblem } from "../../problem/spin-problem.ts";
import { chooseAnnealer } from "../annealers.ts";
import { temperingRounds } from "../tempering/rounds.ts";
import { annealRounds } from "./anneal-rounds.ts";
import { graphDimension } from "./graph-dimension.ts";
import type { Search } from "./search.ts";
import { tabuRounds } from "./tabu-rounds.ts";

/** How to search for low states if no proof is available. */
export type SearchMethod = "anneal" | "tempering" | "tabu";

/** Every value of {@link SearchMethod}. */
const searchMethods: readonly SearchMethod[] = ["anneal", "tempering", "tabu"];

/** Below this dimension the clusters of isoenergetic moves stay finite, and such moves pay. */
const FLAT = 2.3;
/**
 * If "auto" tempers, annealing gets this share of the time to set a mark. Tempering must beat it by the second share.
 */
const FIRST_SHARE = 0.2;
const RACE_SHARE = 0.6;

/**
 * Returns the method that "auto" takes for a problem, and why. @param twoScales the range of β of a problem with
 * penalties beside costs.
 */
export function chooseSearch(
  problem: SpinProblem,
  timed: boolean,
  twoScales: readonly [hot: number, cold: number] | undefined,
): { method: SearchMethod; why: string } {
  const { variables } = problem;
  const left = `${variables} spins are left after the reduction, too many to try every state or to eliminate them; `;
  if (twoScales !== undefined && chooseAnnealer(problem, "auto", twoScales[1]).name !== "scalar") {
    return {
      method: "tempering",
      why: `${left}the gaps between low states are far smaller than the fields among random ones, as costs are beside penalties, and a ladder of temperatures spans both scales`,
    };
  }
  const dimension = timed ? graphDimension(problem) : Number.POSITIVE_INFINITY;
  if (dimension < FLAT) {
    return {
      method: "tempering",
      why: `${left}their graph grows like a lattice of dimension ${dimension.toFixed(1)}, where tempered replicas with cluster moves race annealing`,
    };
  }
  return { method: "anneal", why: `${left}annealing many replicas side by side reaches low states fastest` };
}

/**
 * Runs one method until the search ends. With `race`, tempering begins with some annealing. If tempering has found
 * nothing better by its mark, annealing gets the rest of the time.
 */
export async function runSearch(search: Search, method: SearchMethod, race: boolean): Promise<void> {
  checkName("method", method, searchMethods);
  const { timeLimit } = search.limits;
  if (method === "tabu") return tabuRounds(search);
  if (method === "anneal") return annealRounds(search);
  if (!race || timeLimit === undefined) return temperingRounds(search);
  await annealRounds(search, (FIRST_SHARE * timeLimit) / 1000);
  const mark = search.best?.energy ?? Number.POSITIVE_INFINITY;
  const lost = () => 1000 * search.seconds > RACE_SHARE * timeLimit && (search.best?.energy ?? mark) >= mark;
  if (!search.over) await temperingRounds(search, lost);
  if (!search.over) await annealRounds(search);
}
