import { checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { Ladder } from "../temper/ladder.ts";
import type { WalkerKernel } from "../walkers/walkers.ts";
import { type Copyable, type PersistentPhase, walkersAt } from "./negatives.ts";

/** Options of {@link temperedChains}. */
export interface TemperedOptions {
  /** β of the levels, rising. The last is that of the negatives, usually 1. */
  inverseTemperatures: readonly number[];
  /** Rounds of kernel steps and exchanges an update. Default 1. */
  rounds?: number;
}

/**
 * Returns persistent chains at several temperatures with exchanges; those of the coldest level are the negatives
 * (Desjardins et al. 2010). They cross between modes where single chains stay in one. The number of ladders is the
 * number of walkers in a group of the kernel. Chains start at the positives of the first batch.
 *
 * @example
 * ```ts
 * import { heatBath, lift } from "@basin/samplers";
 * import { temperedChains } from "@basin/samplers/learn";
 *
 * console.log(temperedChains(lift(heatBath()), { inverseTemperatures: [0.2, 0.5, 1] }).name); // chains at 3 temperatures
 * ```
 *
 * @throws {ArgumentError} for fewer than two levels, and values that do not rise.
 */
export function temperedChains<E, X extends Copyable<X>>(
  kernel: WalkerKernel<E, X>,
  options: TemperedOptions,
): PersistentPhase<E, X> {
  checkOptions("temperedChains", options, "inverseTemperatures rounds");
  const { inverseTemperatures, rounds = 1 } = options;
  const levels = checkNumber("inverseTemperatures.length", inverseTemperatures.length, { min: 2 });
  for (const [k, beta] of inverseTemperatures.entries())
    checkNumber(
      `inverseTemperatures[${k}]`,
      beta,
      k === 0 ? { min: 0 } : { above: inverseTemperatures[k - 1] },
    );
  checkNumber("rounds", rounds, { min: 1, integer: true });
  let chains: X[] = [];
  return {
    name: `chains at ${levels} temperatures`,
    async draw(energy, positives, rng) {
      const count = levels * kernel.group;
      if (chains.length === 0)
        chains = Array.from({ length: count }, (_, k) => positives[k % positives.length].slice());
      const walkers = await walkersAt(kernel, energy, chains, rng);
      const ladder = new Ladder(walkers, { inverseTemperatures, rng });
      for (let k = 0; k < rounds; k++) ladder.round();
      chains = chains.map((_, w) => walkers.read(w));
      walkers.dispose();
      return chains.slice(-kernel.group).map((state) => state.slice());
    },
    states: () => chains.map((state) => state.slice()),
    restore: (states) => {
      chains = states.map((state) => state.slice());
    },
  };
}
