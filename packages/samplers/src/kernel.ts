import type { Can, Cursor, Energy } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";

/**
 * A Markov kernel: a rule that, once bound to an energy E, moves a state so that exp(−βE) is left invariant (or, for an
 * unadjusted kernel, approximately so: its docs say which law it keeps).
 */
export interface Kernel<E, X, S extends KernelState<X> = KernelState<X>, I extends StepInfo = StepInfo> {
  /** The name it is reported under. */
  readonly name: string;
  /** Returns the kernel for one energy. A bound kernel holds buffers and tuned parameters: one per chain, never shared. */
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
   * Returns the state at a copy of `position`, with everything cached that the first step needs. `memory` is what {@link memory}
   * gave for the state it goes on from.
   */
  init(position: X, memory?: readonly number[]): S;
  /** Returns what `state` holds beyond its position and caches of it. Absent where that is nothing. */
  memory?(state: S): readonly number[];
  /**
   * Advances `state` in place by one application and returns what happened. The info object and the state's buffers are
   * reused by the next step: who keeps them copies them. β is an argument because annealing, tempering and AIS change it.
   */
  step(rng: Rng, state: S, inverseTemperature: number): I;
  /**
   * Begins a warm-up of `steps` applications from `state`. Absent for kernels with nothing to tune. `rng` and β are those
   * that the steps will be given.
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
 * What one step did: diagnostics only, never needed to continue. Kernels extend it with numbers of their own; every
 * numeric and boolean field is recorded draw by draw.
 */
export interface StepInfo {
  /** Acceptance probability of the proposal (averaged over a trajectory for NUTS), in [0, 1]; 1 where nothing is rejected. */
  readonly acceptanceProbability: number;
  /** Whether the step met a NaN energy or an energy error too large to trust. */
  readonly diverged: boolean;
  /** Whether it was an energy or gradient of NaN that the step met. Absent for kernels that treat NaN as an error. */
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
 * Binds a kernel to an energy whose capabilities the compiler does not know, as when the kernel was named in a file. The kernel asks for
 * what it needs and refuses by name.
 */
export function bindByName<X, S extends KernelState<X>, I extends StepInfo>(
  kernel: Kernel<never, X, S, I>,
  energy: Energy<X, object>,
): BoundKernel<X, S, I> {
  return kernel.bind(energy as never);
}
