import { ArgumentError, type Energy } from "@basin/energy-core";
import { checkIsEnergy } from "@basin/energy-core/internal";
import type { Kernel, KernelState, StepInfo } from "../kernel.ts";
import { checkKernel } from "../run/check-kernel.ts";
import type { StateArray } from "../run/draws.ts";
import { RejectingEnergy } from "../run/rejections.ts";
import { lift } from "../walkers/lift.ts";
import type { WalkerKernel } from "../walkers/walkers.ts";

/** A kernel, either one that moves a state, or one that moves many. */
export type AnyKernel<X, C extends object, S extends KernelState<X>, I extends StepInfo> =
  | Kernel<Energy<X, C>, X, S, I>
  | WalkerKernel<Energy<X, C>, X>;

/** Returns a kernel of walkers, lifted where it moves one state. */
export function walkerKernel<
  X extends StateArray,
  C extends object,
  S extends KernelState<X>,
  I extends StepInfo,
>(kernel: AnyKernel<X, C, S, I>): WalkerKernel<Energy<X, C>, X> {
  checkKernel(kernel, "a run at several temperatures");
  return "walkers" in kernel ? kernel : lift(kernel);
}

/**
 * Returns the energy that walkers move on, +∞ where it throws, and the record of what it threw. Kernels of many states
 * take the energy as it is.
 */
export function rejectingFor<X, C extends object>(
  energy: Energy<X, C>,
  kernel: object,
): [moving: Energy<X, C>, rejecting: RejectingEnergy<X>] {
  checkIsEnergy(energy, "a run at several temperatures");
  checkKernel(kernel, "a run at several temperatures");
  const rejecting = new RejectingEnergy(energy);
  rejecting.on = true;
  return ["walkers" in kernel ? energy : (rejecting.energy as Energy<X, C>), rejecting];
}

/**
 * Returns log Z at the start of a way that begins with exact draws: 0 where they are given, else that of the uniform
 * law of the energy's space at β = 0.
 *
 * @throws {ArgumentError} where there is no exact draw to start from.
 */
export function exactStart<X>(
  { space }: Energy<X, object>,
  { initial, base }: { readonly initial?: unknown; readonly base?: unknown },
  first: number,
  what: string,
): number {
  if (initial !== undefined) return 0;
  if (first !== 0 || space.logCount === Infinity || base !== undefined)
    throw new ArgumentError(`${what} starts from exact draws: give \`initial\`, or discrete states at β = 0`);
  return space.logCount;
}
