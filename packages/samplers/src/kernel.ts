import type { Can, Cursor, Energy } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";

/**
 * A Markov kernel: a rule that, once bound to an energy E, moves a state so that exp(−βE) is invariant, or
 * approximately invariant for an unadjusted kernel, which documents its law.
 */
export interface Kernel<E, X, S extends KernelState<X> = KernelState<X>, I extends StepInfo = StepInfo> {
  /** The name it is reported under. */
  readonly name: string;
  /** Steps of warm-up where a run is given none. Absent: 1000. */
  readonly warmup?: number;
  /**
   * Returns the kernel for one energy. A bound kernel holds buffers and tuned parameters: one per chain, never shared.
   */
  readonly bind: (energy: E) => BoundKernel<X, S, I>;
}

/** A kernel over discrete states of any kind: it moves by the numbered moves of their space. */
export interface MoveKernel {
  readonly name: string;
  readonly bind: <X>(energy: Energy<X, Can<X, "moves">>) => BoundKernel<X, MoveState<X>>;
}

/** A discrete state with its cursor; `position` and `energy` are the cursor's. */
export interface MoveState<X> extends KernelState<X> {
  readonly cursor: Cursor<X>;
}

/** A kernel bound to its energy. */
export interface BoundKernel<X, S extends KernelState<X> = KernelState<X>, I extends StepInfo = StepInfo> {
  /**
   * Returns the state at a copy of `position`, with everything cached that the first step needs. To resume from a
   * state, pass the `memory` that {@link memory} returned for it.
   */
  init(position: X, memory?: readonly number[]): S;
  /** Returns what `state` holds beyond its position and caches. Absent if it holds nothing else. */
  memory?(state: S): readonly number[];
  /**
   * Advances `state` in place by one application and returns what happened. The next step reuses the info object and
   * the buffers of the state, so copy them to keep them. β is an argument because annealing, tempering and AIS change
   * it.
   */
  step(rng: Rng, state: S, inverseTemperature: number): I;
  /**
   * Begins a warm-up of `steps` applications from `state`, with the `rng` and β of these steps. Absent for kernels with
   * nothing to tune.
   */
  warmup?(steps: number, state: S, rng: Rng, inverseTemperature: number): Adaptation<S, I>;
  /** Sets the tuned parameters to those that {@link Adaptation.finish} of an equal kernel returned, for resuming. */
  restore?(tuned: TunedParameters): void;
}

/** Tuned parameters by name: plain numbers, so that they survive a checkpoint. */
export type TunedParameters = Readonly<Record<string, number | readonly number[]>>;

/** Where a chain stands. Kernels extend it with their caches. */
export interface KernelState<X> {
  /** The current state, live. */
  readonly position: X;
  /** E(position). */
  readonly energy: number;
}

/**
 * What one step did, for diagnostics only. Kernels extend it with more numbers; every numeric and boolean field is
 * recorded for each draw.
 */
export interface StepInfo {
  /**
   * Acceptance probability of the proposal (averaged over a trajectory for NUTS), in [0, 1]; 1 if nothing is rejected.
   */
  readonly acceptanceProbability: number;
  /** Whether the step met a NaN energy or an energy error too large to trust. */
  readonly diverged: boolean;
  /** Whether the step met an energy or gradient that is NaN. Absent for kernels that treat NaN as an error. */
  readonly undefinedEnergy?: boolean;
}

/** Tuning during warm-up. */
export interface Adaptation<S, I extends StepInfo> {
  /** Learns from one step. Called after every warm-up step. */
  update(state: S, info: I): void;
  /** Freezes the tuned parameters and returns them for the report. */
  finish(): TunedParameters;
}

/**
 * Binds a kernel to an energy whose capabilities the compiler does not know, for example one from a file. The kernel's
 * error names a missing capability.
 */
export function bindByName<X, S extends KernelState<X>, I extends StepInfo>(
  kernel: Kernel<never, X, S, I>,
  energy: Energy<X, object>,
): BoundKernel<X, S, I> {
  return kernel.bind(energy as never);
}
