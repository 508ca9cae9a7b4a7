import { createRng } from "@basin/energy-core/random";
import { type RestrictedBoltzmannMachine, restrictedBoltzmannMachine } from "../../src/learn/index.ts";
import type { Encoding } from "../../src/learn/rbm.ts";

/** A machine with weights and biases of order one. */
export function strongMachine(
  visible: number,
  hidden: number,
  encoding: Encoding = "bits",
  seed = 5,
): RestrictedBoltzmannMachine {
  const machine = restrictedBoltzmannMachine({ visible, hidden, encoding, seed, weightScale: 0.9 });
  const rng = createRng(seed).split(1);
  for (const bias of [machine.visibleBias, machine.hiddenBias]) {
    for (let k = 0; k < bias.length; k++) bias[k] = 0.6 * rng.normal();
  }
  return machine;
}
