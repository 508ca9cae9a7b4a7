import { createRng } from "@basin/energy-core/random";
import type { SpinProblem } from "../problem/spin-problem.ts";
import { deviceSearch } from "./on-device.ts";
import { rangeOfTwoScales } from "./scales.ts";
import { searchFor } from "./search/kept.ts";
import { chooseSearch, type SearchMethod } from "./search/portfolio.ts";
import type { Search, SearchLimits } from "./search/search.ts";
import type { Solution, SolveOptions } from "./solution.ts";

/** The states that are examined before a search draw from a stream that no search uses. */
const PILOT_STREAM = 2 ** 41;

/** Searches the reduced problem with the method and on the device that the options choose. */
export async function searchLeft(
  left: SpinProblem,
  method: string,
  offset: number,
  options: SolveOptions & { readonly seed: number },
  onNews: (search: Search) => void,
) {
  const { until, signal, seed } = options;
  const twoScales = rangeOfTwoScales(left, createRng(seed).split(PILOT_STREAM));
  const limits = limitsOf(options, options.inverseTemperatures ?? twoScales, offset);
  const onGpu = await deviceSearch(left, method, options.device);
  const isOnGpu = typeof onGpu === "function";
  const chosen =
    method !== "auto"
      ? { method: method as SearchMethod, why: "asked for" }
      : isOnGpu
        ? { method: "anneal" as const, why: `a GPU anneals the ${left.variables} spins that are left` }
        : chooseSearch(left, until?.timeLimit !== undefined, twoScales);
  const search = isOnGpu
    ? await onGpu(limits, options, onNews)
    : await searchFor(left, limits, chosen.method, { ...options, ...until }, onNews);
  const { best } = search;
  if (best === undefined) throw signal?.reason ?? new Error("the search found nothing");
  const place: Pick<Solution, "device" | "fallback"> = {
    device: isOnGpu ? "gpu" : "cpu",
    ...(typeof onGpu === "string" && { fallback: onGpu }),
  };
  return { search, best, chosen, place };
}

function limitsOf(
  { until: { target = Number.NEGATIVE_INFINITY, timeLimit } = {}, ...options }: SolveOptions,
  inverseTemperatures: SearchLimits["inverseTemperatures"],
  offset: number,
): SearchLimits {
  const { reads, sweeps, schedule, kernel, states = 5 } = options;
  return { timeLimit, target: target - offset, reads, sweeps, schedule, inverseTemperatures, kernel, states };
}
