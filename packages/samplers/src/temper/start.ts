import { ArgumentError, type Energy } from "@basin/energy-core";
import type { Kernel, KernelState, StepInfo } from "../kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { lift } from "../walkers/lift.ts";
import type { WalkerKernel } from "../walkers/walkers.ts";

/** Returns a kernel of walkers, lifted where it moves one state. */
export function walkerKernel<
  E extends Energy<X>,
  X extends StateArray,
  S extends KernelState<X>,
  I extends StepInfo,
>(kernel: Kernel<E, X, S, I> | WalkerKernel<E, X>): WalkerKernel<E, X> {
  return "walkers" in kernel ? kernel : lift(kernel);
}

/**
 * Returns log Z at the start of a way that begins with exact draws: where none are given at β = 0, of a space with a uniform law.
 *
 * @throws {ArgumentError} where there is no exact draw to start from.
 */
export function exactStart<X>(
  energy: Energy<X>,
  { initial, base }: { readonly initial?: unknown; readonly base?: unknown },
  first: number,
  what: string,
): number {
  if (initial !== undefined) return 0;
  const { space } = energy;
  if (first !== 0 || space.kind !== "spins" || base !== undefined)
    throw new ArgumentError(`${what} starts from exact draws: give \`initial\`, or spins at β = 0`);
  return space.dimension * Math.LN2;
}
