import { ArgumentError, BasinError, type Energy } from "@basin/energy-core";
import { checkKeepsState, checkKind, checkName, FaultyEnergyError } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import type { BoundKernel, KernelState } from "../kernel.ts";
import type { StateArray } from "./draws.ts";
import { pathfinderStart } from "./pathfinder.ts";
import { isRejection } from "./rejections.ts";

/** Where chains start: one state for all, one for each, or a function of the chain's stream and number. */
export type Initial<X> = X | readonly X[] | ((rng: Rng, chain: number) => X);

/** As {@link Initial}, or by the name of a method that finds starts. */
export type ChainStart<X> = Initial<X> | "pathfinder";

/** @throws {ArgumentError} for a name that is no method. */
export function checkChainStart<X>(initial: ChainStart<X> | undefined): ChainStart<X> | undefined {
  return typeof initial === "string" ? checkName("initial", initial, ["pathfinder"] as const) : initial;
}

/** Returns where chains start, a method as a function. */
export function initialOf<X extends StateArray>(
  energy: Energy<X, object>,
  initial: ChainStart<X> | undefined,
  inverseTemperature: number,
): Initial<X> | undefined {
  if (initial !== "pathfinder") return initial as Initial<X> | undefined;
  const reals = energy as unknown as Energy<Float64Array>;
  return (rng, chain) => pathfinderStart(reals, inverseTemperature, rng, chain) as StateArray as X;
}

const ATTEMPTS = 100;

/** Chains at whose start the energy is seen to leave the state alone, which it may do at one by chance. */
const CHECKED = 4;

/**
 * Returns the initial kernel state of a chain. Without `initial`, it is a random state of the space with finite energy
 * and gradient. At most 100 states are tried.
 */
export function initialState<X extends StateArray, S extends KernelState<X>>(
  energy: Energy<X, object>,
  bound: BoundKernel<X, S>,
  initial: Initial<X> | undefined,
  rng: Rng,
  chain: number,
): S {
  const started = (start: X): S => {
    // The start itself may be what the energy has changed by then.
    const unchanged = energy.space.copy(start);
    const state = bound.init(start);
    if (chain < CHECKED) checkKeepsState(energy, unchanged);
    return state;
  };
  if (initial !== undefined) return started(givenState(initial, rng, chain));
  let problem: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return started(energy.space.random(rng));
    } catch (error) {
      if (error instanceof FaultyEnergyError) throw error;
      if (!(error instanceof BasinError) && !isRejection(error)) throw error;
      problem = error;
    }
  }
  throw new ArgumentError(
    `no start was found in ${ATTEMPTS} random states; give \`initial\`. The last failed with: ${problem instanceof Error ? problem.message : problem}`,
    { cause: problem },
  );
}

export function givenState<X>(initial: Initial<X>, rng: Rng, chain: number): X {
  if (typeof initial === "function") return (initial as (rng: Rng, chain: number) => X)(rng, chain);
  const isOfStates = Array.isArray(initial)
    ? initial.every((state) => typeof state === "object")
    : typeof initial === "object";
  checkKind("initial", initial, isOfStates, "a state (a typed array), an array of them, or a function");
  if (!Array.isArray(initial)) return initial as X;
  const states = initial as readonly X[];
  if (chain >= states.length) {
    throw new ArgumentError(
      `initial has ${states.length} states, but there is a chain ${chain}; give one for each`,
    );
  }
  return states[chain];
}
