import {
  ArgumentError,
  checkNumber,
  type JointEnergy,
  type Labeled,
  labeled,
  type Space,
  spins,
} from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { type RbmOptions, type RestrictedBoltzmannMachine, restrictedBoltzmannMachine } from "./rbm.ts";

/** Options of {@link classMachine}. */
export interface ClassMachineOptions extends Omit<RbmOptions, "encoding"> {
  /** Number of classes, at least 2. */
  labels: number;
}

/**
 * A restricted Boltzmann machine over bits whose visible layer also holds a label, coded by one active unit of K
 * (Larochelle & Bengio 2008): E(v, y) = −Σ_i b_i v_i − d_y − Σ_j log(1 + exp(c_j + U_yj + Σ_i W_ij v_i)). p(y|v) =
 * softmax(−E(v, ·)) is exact.
 */
export class ClassMachine implements JointEnergy<Int8Array> {
  readonly space: Space<Labeled<Int8Array>>;
  readonly can: JointEnergy<Int8Array>["can"];
  readonly visible: number;
  readonly labels: number;
  /**
   * The machine over visible units followed by label units. Only states with one active label unit belong to this
   * machine.
   */
  readonly machine: RestrictedBoltzmannMachine;

  constructor(machine: RestrictedBoltzmannMachine, labels: number) {
    this.labels = checkNumber("labels", labels, { min: 2, max: machine.visible - 1, integer: true });
    if (machine.encoding !== "bits") throw new ArgumentError("a machine with labels needs the encoding bits");
    this.visible = machine.visible - labels;
    this.machine = machine;
    const input = spins(this.visible);
    this.space = labeled(input, labels);
    this.can = { labels: { input, count: labels, energies: (x, out) => this.energies(x, out) } };
  }

  energy({ x, y }: { readonly x: Int8Array; readonly y: number }): number {
    checkNumber("label", y, { min: 0, max: this.labels - 1, integer: true });
    return this.energies(x, new Float64Array(this.labels))[y];
  }

  /** Writes E(x, y) for every label y into `out` and returns it. */
  energies(x: Int8Array, out: Float64Array): Float64Array {
    this.can.labels.input.check(x);
    const { machine, visible, labels } = this;
    const state = new Int8Array(machine.visible).fill(-1);
    state.set(x);
    for (let y = 0; y < labels; y++) {
      state[visible + y] = 1;
      out[y] = machine.energy(state);
      state[visible + y] = -1;
    }
    return out;
  }
}

/**
 * Returns a machine with labels, its weights small and random.
 *
 * @example
 * ```ts
 * import { predict } from "@basin/energy-core";
 * import { classMachine, trainRbm } from "@basin/ising/learn";
 *
 * const machine = classMachine({ visible: 4, labels: 2, hidden: 4, seed: 1 });
 * const data = [[1, 1, 0, 0], [0, 0, 1, 1]];
 * await trainRbm(machine, data, { labels: [0, 1], seed: 2, epochs: 300, learningRate: 0.2, batchSize: 2 });
 * console.log(predict(machine, Int8Array.of(-1, -1, 1, 1)).label); // 1
 * ```
 *
 * @throws {ArgumentError} for numbers out of range.
 */
export function classMachine(options: ClassMachineOptions): ClassMachine {
  checkOptions("classMachine", options, "labels visible hidden weightScale seed");
  const { visible, labels, ...rest } = options;
  checkNumber("visible", visible, { min: 1, integer: true });
  checkNumber("labels", labels, { min: 2, integer: true });
  return new ClassMachine(restrictedBoltzmannMachine({ ...rest, visible: visible + labels }), labels);
}
