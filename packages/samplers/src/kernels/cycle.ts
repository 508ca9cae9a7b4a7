import { ArgumentError, type Can, type Energy } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type {
  Adaptation,
  BoundKernel,
  Kernel,
  KernelState,
  MoveKernel,
  StepInfo,
  TunedParameters,
} from "../kernel.ts";

/** A vector that kernels move. */
type Vector = Float64Array | Int8Array | Uint8Array;

/** The state of {@link cycle}: a position and what each kernel remembers beyond it. */
interface CycleState<X> extends KernelState<X> {
  position: X;
  energy: number;
  readonly memories: (readonly number[] | undefined)[];
}

/**
 * Returns the composition of kernels: a step applies each once, in order. Each leaves exp(−βE) invariant, and so does
 * the composition, although it is not reversible. Use it for complementary moves: local moves and jumps, single spins
 * and blocks. A kernel starts from the position of the previous one and recomputes its caches, at one more evaluation
 * of the energy per kernel and step. Acceptance is the mean over the kernels.
 *
 * @throws {ArgumentError} without kernels.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { cycle, gibbsWithGradients, heatBath, sample, summary } from "@basin/samplers";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.table(summary(await sample(pair, cycle([heatBath(), gibbsWithGradients()]), { seed: 1 })));
 * ```
 */
export function cycle(kernels: readonly MoveKernel[]): {
  readonly name: string;
  readonly bind: <X extends Float64Array | Int8Array | Uint8Array>(
    energy: Energy<X, Can<X, "moves">>,
  ) => BoundKernel<X>;
};
export function cycle<E, X extends Vector>(kernels: readonly Kernel<E, X>[]): Kernel<E, X>;
export function cycle<E, X extends Vector>(kernels: readonly Kernel<E, X>[]): Kernel<E, X> {
  if (kernels.length === 0) throw new ArgumentError("cycle was given no kernels, expected at least one");
  return {
    name: `cycle(${kernels.map(({ name }) => name).join(", ")})`,
    bind: (energy) => new BoundCycle(kernels.map((kernel) => kernel.bind(energy))),
  };
}

class BoundCycle<X extends Vector> implements BoundKernel<X, CycleState<X>, StepInfo> {
  readonly #parts: readonly BoundKernel<X>[];
  readonly #info = { acceptanceProbability: 0, diverged: false, undefinedEnergy: false, gradients: 0 };
  /** Called after each part's step while warm-up lasts. */
  #learn: ((part: number, state: KernelState<X>, info: StepInfo) => void) | undefined;

  constructor(parts: readonly BoundKernel<X>[]) {
    this.#parts = parts;
  }

  init(position: X, memory: readonly number[] = []): CycleState<X> {
    const { energy } = this.#parts[0].init(position);
    return { position: position.slice() as X, energy, memories: this.#split(memory) };
  }

  memory(state: CycleState<X>): readonly number[] {
    return state.memories.flatMap((memory) => [memory?.length ?? 0, ...(memory ?? [])]);
  }

  #split(memory: readonly number[]): (readonly number[] | undefined)[] {
    let at = 0;
    return this.#parts.map(() => {
      const length = memory[at] ?? 0;
      const own = memory.slice(at + 1, at + 1 + length);
      at += 1 + length;
      return length > 0 ? own : undefined;
    });
  }

  step(rng: Rng, state: CycleState<X>, inverseTemperature: number): StepInfo {
    const total = this.#info;
    Object.assign(total, { acceptanceProbability: 0, diverged: false, undefinedEnergy: false, gradients: 0 });
    for (const [k, part] of this.#parts.entries()) {
      const own = part.init(state.position, state.memories[k]);
      const info = part.step(rng, own, inverseTemperature);
      total.acceptanceProbability += info.acceptanceProbability / this.#parts.length;
      total.diverged ||= info.diverged;
      total.undefinedEnergy ||= info.undefinedEnergy ?? false;
      total.gradients += (info as { gradients?: number }).gradients ?? 0;
      this.#learn?.(k, own, info);
      state.position.set(own.position);
      state.energy = own.energy;
      state.memories[k] = part.memory?.(own);
    }
    return total;
  }

  warmup(
    steps: number,
    state: CycleState<X>,
    rng: Rng,
    inverseTemperature: number,
  ): Adaptation<CycleState<X>, StepInfo> {
    const adaptations = this.#parts.map((part, k) =>
      part.warmup?.(steps, part.init(state.position, state.memories[k]), rng, inverseTemperature),
    );
    this.#learn = (part, own, info) => adaptations[part]?.update(own, info);
    return {
      update: () => {},
      finish: () => {
        this.#learn = undefined;
        const tuned = adaptations.map((adaptation) => adaptation?.finish() ?? {});
        return Object.fromEntries(
          tuned.flatMap((own, k) => Object.entries(own).map(([name, value]) => [`${k}.${name}`, value])),
        );
      },
    };
  }

  restore(tuned: TunedParameters): void {
    for (const [k, part] of this.#parts.entries()) {
      const own = Object.entries(tuned).filter(([name]) => name.startsWith(`${k}.`));
      if (own.length > 0)
        part.restore?.(Object.fromEntries(own.map(([name, value]) => [name.slice(`${k}.`.length), value])));
    }
  }
}
