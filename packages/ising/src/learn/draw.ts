import { checkNumber } from "@basin/energy-core";
import { checkOptions, type KernelOption, seedOf } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { ClassMachine } from "./class-machine.ts";
import { Phases } from "./phases.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";

/** Options of {@link drawRbm}; `onProgress` counts steps. */
export interface DrawRbmOptions extends RunOptions {
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /** Chains, a sample each, 1 to 65535. Default 64. */
  count?: number;
  /** Gibbs steps from random bits to the sample. Default 1000. */
  steps?: number;
  /** Starts of the chains, ±1 over the visible units (and labels), used in turn. Default: random bits. */
  initial?: readonly Int8Array[];
  kernel?: KernelOption;
}

/**
 * Returns samples by block Gibbs steps on many chains at once in the compiled kernel. Chains are not samples until they
 * have forgotten their start; compare two lengths.
 *
 * @example
 * ```ts
 * import { drawRbm, restrictedBoltzmannMachine } from "@basin/ising/learn";
 *
 * const machine = restrictedBoltzmannMachine({ visible: 6, hidden: 4, weightScale: 1, seed: 0 });
 * const { states } = await drawRbm(machine, { seed: 1, count: 8, steps: 50 });
 * console.log(states.length, states[0].length); // 8, 6
 * ```
 *
 * @throws {ArgumentError} for numbers out of range.
 */
export async function drawRbm(
  machine: RestrictedBoltzmannMachine | ClassMachine,
  options: DrawRbmOptions,
): Promise<{
  /** States of ±1 over the visible units. */
  readonly states: readonly Int8Array[];
  /** p(v_i = 1|h) at the last step, which make calmer pictures. */
  readonly means: readonly Float32Array[];
  /** The label of each state, for a machine with labels. */
  readonly labels?: readonly number[];
  /** The seed used. */
  readonly seed: number;
}> {
  checkOptions("drawRbm", options, "seed count steps initial kernel signal onProgress");
  const count = checkNumber("count", options.count ?? 64, { min: 1, max: 65535, integer: true });
  const steps = checkNumber("steps", options.steps ?? 1000, { min: 1, integer: true });
  const { initial } = options;
  const phases = new Phases(machine, count, options.kernel);
  const { engine } = phases;
  const seed = seedOf(options);
  const root = createRng(seed);
  engine.seed(root.split(0));
  const rng = root.split(1);
  const [layer] = phases.layers(1);
  for (let s = 0; s < count; s++) {
    if (initial === undefined) engine.row(layer, s).fill(0.5);
    else engine.place(layer, s, unitsOn(initial[s % initial.length]));
  }
  if (initial === undefined) engine.draw(layer, count);
  const pace = pacer(options);
  for (let step = 0; step < steps; step++) {
    phases.gibbs(count, 1, rng);
    if (pace.due) await pace.breathe(() => ({ done: step + 1, total: steps }));
  }
  const { visible } = machine;
  const all = Array.from({ length: count }, (_, s) => engine.list(layer, s));
  const draws = {
    states: all.map((list) => {
      const state = new Int8Array(visible).fill(-1);
      for (const i of list) if (i < visible) state[i] = 1;
      return state;
    }),
    means: all.map((_, s) => engine.row(layer, s).slice(0, visible)),
    seed,
  };
  if (machine.labels === 0) return draws;
  return { ...draws, labels: all.map((list) => list[list.length - 1] - visible) };
}

function unitsOn(state: Int8Array): number[] {
  return Array.from(state.keys()).filter((i) => state[i] > 0);
}
