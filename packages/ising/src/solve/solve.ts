import { ArgumentError, checkNumber, type QuadraticEnergy } from "@basin/energy-core";
import {
  checkName,
  checkOptions,
  checkWorkers,
  now,
  seedOf,
  throwIfAborted,
} from "@basin/energy-core/internal";
import { statedBinaryForm } from "../problem/binary-form.ts";
import { lostCosts } from "../problem/lost-costs.ts";
import { type SpinProblem, toSpinProblem } from "../problem/spin-problem.ts";
import { cycleBound, sumsExactly } from "./cycle-bound.ts";
import { checkDevice } from "./on-device.ts";
import { begin, type Plan, type Proof } from "./proof.ts";
import type { Relaxation } from "./relaxation.ts";
import type { Sample } from "./sample-set.ts";
import { BestStates } from "./search/best-states.ts";
import type { Search } from "./search/search.ts";
import { searchLeft } from "./search-left.ts";
import { type Solution, type SolveOptions, type SolveProgress, solveMethodNames } from "./solution.ts";
import { checkUntil, stopOf } from "./until.ts";

/**
 * Returns a state of low energy. The problem is reduced first. It is solved exactly if few spins are left or the graph
 * is narrow, and searched otherwise, for a given time or number of reads.
 *
 * @example
 * ```ts
 * import { maxCut, solve, weightedGraph } from "@basin/ising";
 *
 * const triangle = weightedGraph(3, [[0, 1, 2], [1, 2, 3], [2, 0, 4]]);
 * const { energy, certificate } = await solve(maxCut(triangle));
 * console.log(energy, certificate); // −7, exact
 * ```
 *
 * @throws {ArgumentError} for options out of range.
 * @throws {CostError} for the exact method on more than 32 spins after the reduction, and for elimination on too wide a
 * graph.
 */
export async function solve(energy: QuadraticEnergy, options: SolveOptions = {}): Promise<Solution> {
  checkOptions(
    "solve",
    options,
    "method until reads sweeps seed schedule inverseTemperatures states reduce kernel device",
    "workers createWorker checkpoint checkpointEvery signal onProgress",
  );
  const problem = toSpinProblem(energy, "solve");
  const method = checkName("method", options.method ?? "auto", solveMethodNames);
  const until = checkUntil(options.until ?? {});
  if (until.timeLimit !== undefined && (options.inverseTemperatures?.length ?? 2) !== 2)
    throw new ArgumentError(
      `inverseTemperatures has ${options.inverseTemperatures?.length} entries, expected [hot, cold] beside until.timeLimit`,
    );
  checkNumber("states", options.states ?? 5, { min: 1, max: 1e6, integer: true });
  checkWorkers(options);
  checkDevice(options, method);
  throwIfAborted(options.signal);
  const seed = seedOf(options);
  const start = now();
  const { plan, proof, relaxation } = begin(problem, options.reduce ?? true, method);
  if (proof !== undefined) return provenSolution(problem, plan, proof, start, seed);
  const { left } = plan;
  const { offset = 0 } = relaxation ?? {};
  const restore = (state: Int8Array) =>
    relaxation === undefined ? plan.restore(state) : relaxation.restore(plan.restore(state));
  const { search, best, chosen, place } = await searchLeft(
    left,
    method,
    offset,
    { ...options, seed },
    (news) => options.onProgress?.(progressOf(news, restore, offset)),
  );
  const stopped = stopOf(search);
  const states = statesOf(problem, search, restore);
  const seconds = search.secondsBefore + (now() - start) / 1000;
  // The clock of the search continues while the bound is computed.
  const secondsToLowest = seconds - search.seconds + best.seconds;
  const { reads, sweeps, visits, range } = search.tally;
  const worth = worthOf(problem, states[0].energy, until.timeLimit);
  return {
    ...{ state: states[0].state, energy: states[0].energy, states },
    bound: worth.bound,
    certificate: worth.proof === undefined ? "local" : "exact",
    method: chosen.method,
    why: reasons(problem, chosen.why, relaxation, worth.proof),
    stopped,
    variablesLeft: left.variables,
    seed,
    ...{ reads, sweeps, inverseTemperatures: range },
    ...place,
    timing: {
      ...{ seconds, secondsToLowest },
      readsPerSecond: reads / seconds,
      spinUpdatesPerNanosecond: visits / seconds / 1e9,
    },
  };
}

/** Returns the best states of a search as states of the whole problem. */
function statesOf(
  problem: SpinProblem,
  { states, limits }: Search,
  restore: (state: Int8Array) => Int8Array,
): readonly Sample[] {
  const found = new BestStates(limits.states);
  for (const { state, count } of states) {
    const full = restore(state);
    found.add(full, problem.energy(full), count);
  }
  return found.samples;
}

/**
 * Returns the bound on what a search found, computed in a tenth or two of a limited time, and the reason if it proves
 * the state.
 */
function worthOf(problem: SpinProblem, energy: number, timeLimit?: number) {
  const budget = timeLimit === undefined ? undefined : Math.min(2 ** 26, timeLimit * 2 ** 11);
  const bound = Math.min(cycleBound(problem, budget), energy);
  const proven = bound === energy && sumsExactly(problem);
  return { bound, proof: proven ? "frustrated cycles prove the energy found" : undefined };
}

/** Returns why a method was taken, and what a user should know about penalties beside costs. */
function reasons(problem: SpinProblem, why: string, relaxation?: Relaxation, proof?: string): string {
  const stated = statedBinaryForm(problem);
  const lost = stated && lostCosts(stated);
  return [why, relaxation?.why, lost, proof].filter((reason) => reason !== undefined).join("; ");
}

function provenSolution(
  problem: SpinProblem,
  { left }: Plan,
  { method, why, state, open }: Proof,
  start: number,
  seed: number,
): Solution {
  const seconds = (now() - start) / 1000;
  const energy = problem.energy(state);
  return {
    state,
    energy,
    states: [{ state, energy, count: 1 }],
    // Beside a large penalty, the energy itself is rounded by more than the sums.
    bound: open === 0 ? energy : energy - open - Math.abs(energy) * 2 ** -52,
    certificate: open === 0 ? "exact" : "local",
    method,
    why: reasons(
      problem,
      open === 0
        ? why
        : `${why}; the sums are rounded, so that another state may have up to ${open} less energy`,
    ),
    stopped: "proven",
    variablesLeft: left.variables,
    seed,
    ...{ reads: 0, sweeps: 0, device: "cpu" },
    timing: { seconds, secondsToLowest: seconds, readsPerSecond: 0, spinUpdatesPerNanosecond: 0 },
  };
}

function progressOf(
  { seconds, best, tally, limits }: Search,
  restore: (state: Int8Array) => Int8Array,
  offset: number,
): SolveProgress {
  const total = limits.timeLimit === undefined ? (limits.reads ?? 128) : limits.timeLimit;
  return {
    done: Math.min(total, limits.timeLimit === undefined ? tally.reads : 1000 * seconds),
    total,
    seconds,
    energy: (best?.energy ?? Number.POSITIVE_INFINITY) + offset,
    get state() {
      return best === undefined ? undefined : restore(best.state);
    },
    reads: tally.reads,
    sweeps: tally.sweeps,
  };
}
