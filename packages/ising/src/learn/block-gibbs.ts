import { ArgumentError, CapabilityError, type Energy } from "@basin/energy-core";
import type { Rng } from "@basin/energy-core/random";
import type { Kernel, KernelState, StepInfo } from "@basin/samplers";
import type { Layers } from "./rbm.ts";

/** An energy of visible units whose layers can be drawn in turn. */
export type LayeredEnergy = Energy<Int8Array, { readonly layers: Layers }>;

/** Visible units, and the energy F of their state. */
interface BlockGibbsState extends KernelState<Int8Array> {
  readonly position: Int8Array;
  energy: number;
}

/**
 * Returns block Gibbs sampling of a restricted Boltzmann machine: a step draws all hidden units given the visible ones,
 * then all visible ones given the hidden. exp(−F(v)) is invariant, at β = 1 only, because a machine with its hidden
 * layer summed out cannot be tempered. For other β, sample `joint()` of the machine with a kernel of `@basin/samplers`.
 *
 * @example
 * ```ts
 * import { blockGibbs, restrictedBoltzmannMachine } from "@basin/ising/learn";
 * import { sample } from "@basin/samplers";
 *
 * const machine = restrictedBoltzmannMachine({ visible: 4, hidden: 2, weightScale: 1, seed: 0 });
 * const draws = await sample(machine, blockGibbs(), { seed: 1, draws: 100, warmup: 10 });
 * console.log(draws.draws);
 * ```
 *
 * @throws {CapabilityError} at binding, for any other energy.
 * @throws {ArgumentError} at a step, for β other than 1.
 */
export function blockGibbs(): Kernel<LayeredEnergy, Int8Array> {
  const info: StepInfo = { acceptanceProbability: 1, diverged: false };
  return {
    name: "block Gibbs",
    bind(machine) {
      const { layers } = machine.can;
      if (layers === undefined) {
        throw new CapabilityError("block Gibbs sampling needs the layers of a restricted Boltzmann machine");
      }
      return {
        init(position) {
          machine.space.check(position, "start");
          return { position: position.slice(), energy: machine.energy(position) };
        },
        step(rng: Rng, state: BlockGibbsState, inverseTemperature: number) {
          if (inverseTemperature !== 1) {
            throw new ArgumentError(
              `block Gibbs sampling of visible units is right at β = 1 only, got ${inverseTemperature}; sample machine.joint() instead`,
            );
          }
          const draw = (field: number) => (rng.bernoulli(layers.on(field)) ? 1 : -1);
          const hidden = Int8Array.from(layers.hiddenFields(state.position), draw);
          state.position.set(Int8Array.from(layers.visibleFields(hidden), draw));
          state.energy = machine.energy(state.position);
          return info;
        },
      };
    },
  };
}
