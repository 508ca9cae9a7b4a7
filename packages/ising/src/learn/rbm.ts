import {
  ArgumentError,
  type Can,
  checkNumber,
  couplings,
  type Edge,
  type Energy,
  shift,
  sparseQuadratic,
  spins,
} from "@basin/energy-core";
import { checkLength, checkName, checkOptions, type SpinSpace } from "@basin/energy-core/internal";
import { createRng, exp } from "@basin/energy-core/random";
import { freeEnergy, RbmCursor } from "./rbm-cursor.ts";

/**
 * Which values enter the energy where a unit is off and on: 0 and 1, or −1 and +1. States are ±1 in public either way.
 */
export type Encoding = "bits" | "spins";

/** Every value of {@link Encoding}. */
export const encodingNames: readonly Encoding[] = ["bits", "spins"];

/** Options of {@link restrictedBoltzmannMachine}. */
export interface RbmOptions {
  /** Units that data are put on, 1 to 65535. */
  visible: number;
  /** Units that are summed over, 1 to 65535. */
  hidden: number;
  /** Default "bits". */
  encoding?: Encoding;
  /** Standard deviation of the first weights, at least 0. Default 0.01; biases begin at 0. */
  weightScale?: number;
  /** Seed of the first weights. Required. */
  seed: number;
}

/** Two layers of units, each independent given the other. */
export interface Layers {
  /** Returns the machine that they are of. */
  machine(): RestrictedBoltzmannMachine;
  /** Returns the field of every hidden unit given the visible ones. */
  hiddenFields(visible: Int8Array): Float64Array;
  /** Returns the field of every visible unit given the hidden ones. */
  visibleFields(hidden: Int8Array): Float64Array;
  /** Returns the probability that a unit is on in a field. */
  on(field: number): number;
}

/** What a machine can do beyond its energy. */
export type RbmCapabilities = Can<Int8Array, "moves" | "parameters"> & { readonly layers: Layers };

/**
 * A restricted Boltzmann machine: E(v, h) = −Σ_i b_i v_i − Σ_j c_j h_j − Σ_ij W_ij v_i h_j (Smolensky 1986; Hinton
 * 2002), with no bond inside a layer. As an energy it is that of its visible units, the hidden ones summed out:
 *
 * F(v) = −Σ_i b_i v_i − Σ_j log Σ_h exp(h (c_j + Σ_i W_ij v_i)),
 *
 * so p(v) ∝ exp(−F(v)) at β = 1; {@link joint} gives E over both layers, for any β.
 */
export class RestrictedBoltzmannMachine implements Energy<Int8Array, RbmCapabilities> {
  readonly space: SpinSpace;
  readonly can: RbmCapabilities;
  readonly visible: number;
  readonly hidden: number;
  readonly encoding: Encoding;
  /** Visible units that say a class: none. */
  readonly labels = 0;
  /** W row by row, then b, then c: live. */
  readonly parameters: Float64Array;
  /** W, row-major [visible, hidden], a live view on `parameters`. */
  readonly weights: Float64Array;
  /** b, a live view. */
  readonly visibleBias: Float64Array;
  /** c, a live view. */
  readonly hiddenBias: Float64Array;

  readonly #hiddenSpace: SpinSpace;

  constructor(visible: number, hidden: number, encoding: Encoding) {
    this.visible = checkNumber("visible", visible, { min: 1, max: 65535, integer: true });
    this.hidden = checkNumber("hidden", hidden, { min: 1, max: 65535, integer: true });
    this.encoding = checkName("encoding", encoding, encodingNames);
    this.space = spins(visible);
    this.#hiddenSpace = spins(hidden);
    const size = visible * hidden;
    this.parameters = new Float64Array(size + visible + hidden);
    this.weights = this.parameters.subarray(0, size);
    this.visibleBias = this.parameters.subarray(size, size + visible);
    this.hiddenBias = this.parameters.subarray(size + visible);
    this.can = {
      moves: (x) => {
        this.space.check(x);
        return new RbmCursor(this, x.slice());
      },
      parameters: {
        values: this.parameters,
        addGradient: (x, weight, out) => this.#addGradient(x, weight, out),
      },
      layers: {
        machine: () => this,
        hiddenFields: (visible) => this.hiddenFields(visible),
        visibleFields: (hidden) => this.visibleFields(hidden),
        on: (field) => this.on(field),
      },
    };
  }

  energy(x: Int8Array): number {
    this.space.check(x);
    return freeEnergy(this, x, this.hiddenFields(x));
  }

  /** Adds weight · ∂F(x)/∂θ: −v_i E[h_j|v] for W, −v_i for b, −E[h_j|v] for c. */
  #addGradient(x: Int8Array, weight: number, out: Float64Array): void {
    this.space.check(x);
    checkLength("out", out.length, this.parameters.length);
    const { visible, hidden } = this;
    const means = this.hiddenMeans(x);
    const size = visible * hidden;
    for (let i = 0; i < visible; i++) {
      const value = weight * this.value(x[i]);
      if (value === 0) continue;
      for (let j = 0, at = i * hidden; j < hidden; j++, at++) out[at] -= value * means[j];
      out[size + i] -= value;
    }
    for (let j = 0; j < hidden; j++) out[size + visible + j] -= weight * means[j];
  }

  /** Returns c_j + Σ_i W_ij v_i for every hidden unit. */
  hiddenFields(x: Int8Array): Float64Array {
    const fields = this.hiddenBias.slice();
    for (let i = 0; i < this.visible; i++) {
      const value = this.value(x[i]);
      if (value === 0) continue;
      for (let j = 0, at = i * this.hidden; j < this.hidden; j++, at++) fields[j] += value * this.weights[at];
    }
    return fields;
  }

  /** Returns b_i + Σ_j W_ij h_j for every visible unit. */
  visibleFields(h: Int8Array): Float64Array {
    this.#hiddenSpace.check(h, "hidden state");
    const { hidden, weights } = this;
    return this.visibleBias.map((bias, i) => {
      let field = bias;
      for (let j = 0; j < hidden; j++) field += weights[i * hidden + j] * this.value(h[j]);
      return field;
    });
  }

  /** Returns E[h_j|v] for every hidden unit: σ of the field for bits, tanh for spins. */
  hiddenMeans(x: Int8Array): Float64Array {
    this.space.check(x);
    return this.hiddenFields(x).map((field) => this.low + (1 - this.low) * this.on(field));
  }

  /** Returns p(unit is on) for a field. */
  on(field: number): number {
    return 1 / (1 + exp(-(1 - this.low) * field));
  }

  /**
   * Returns E(v, h) over the spins of both layers, visible first: an energy for every kernel and any β. A copy: later
   * training does not change it.
   */
  joint(): Energy<Int8Array, Can<Int8Array, "moves" | "quadratic">> {
    const { visible, hidden, encoding, weights } = this;
    const share = encoding === "bits" ? 0.25 : 1;
    const half = encoding === "bits" ? 0.5 : 1;
    const edges: Edge[] = [];
    const thresholds = new Float64Array(visible + hidden);
    thresholds.set(this.visibleBias.map((bias) => -half * bias));
    thresholds.set(
      this.hiddenBias.map((bias) => -half * bias),
      visible,
    );
    // A bit is ½ (1 + s), so a product of two of them is ¼ (1 + s + t + st).
    let offset = encoding === "bits" ? thresholds.reduce((sum, value) => sum + value, 0) : 0;
    for (let i = 0; i < visible; i++) {
      for (let j = 0; j < hidden; j++) {
        const value = share * weights[i * hidden + j];
        edges.push([i, visible + j, value]);
        if (encoding === "spins") continue;
        thresholds[i] -= value;
        thresholds[visible + j] -= value;
        offset -= value;
      }
    }
    return shift(sparseQuadratic(couplings(visible + hidden, edges), thresholds), offset);
  }

  /** Returns the machine of the same law whose units enter the energy as `encoding` says. */
  withEncoding(encoding: Encoding): RestrictedBoltzmannMachine {
    const other = new RestrictedBoltzmannMachine(this.visible, this.hidden, encoding);
    if (encoding === this.encoding) {
      other.parameters.set(this.parameters);
      return other;
    }
    // With s = 2x − 1: W s t = 4W x y − 2W x − 2W y + …, b s = 2b x − ….
    const toBits = encoding === "bits";
    const [factor, row, bias] = toBits ? [4, -2, 2] : [0.25, 0.25, 0.5];
    const { visible, hidden } = this;
    for (let i = 0; i < visible; i++) other.visibleBias[i] = bias * this.visibleBias[i];
    for (let j = 0; j < hidden; j++) other.hiddenBias[j] = bias * this.hiddenBias[j];
    for (let i = 0; i < visible; i++) {
      for (let j = 0, at = i * hidden; j < hidden; j++, at++) {
        const weight = this.weights[at];
        other.weights[at] = factor * weight;
        other.visibleBias[i] += row * weight;
        other.hiddenBias[j] += row * weight;
      }
    }
    return other;
  }

  /** The machine of all units, labels included: this one. */
  get machine(): RestrictedBoltzmannMachine {
    return this;
  }

  /** The value that enters the energy for a unit that is off. */
  get low(): number {
    return this.encoding === "bits" ? 0 : -1;
  }

  /** The value that enters the energy for a spin. */
  value(spin: number): number {
    return spin > 0 ? 1 : this.low;
  }
}

/**
 * Returns a restricted Boltzmann machine with small random weights.
 *
 * @example
 * ```ts
 * import { restrictedBoltzmannMachine } from "@basin/ising/learn";
 *
 * const machine = restrictedBoltzmannMachine({ visible: 6, hidden: 3, seed: 1 });
 * console.log(machine.energy(Int8Array.of(1, -1, 1, 1, -1, -1)), machine.parameters.length); // …, 27
 * ```
 *
 * @throws {ArgumentError} for numbers out of range and an unknown encoding.
 */
export function restrictedBoltzmannMachine(options: RbmOptions): RestrictedBoltzmannMachine {
  checkOptions("restrictedBoltzmannMachine", options, "visible hidden encoding weightScale seed");
  const { visible, hidden, encoding = "bits", weightScale = 0.01, seed } = options;
  checkNumber("weightScale", weightScale, { min: 0 });
  const machine = new RestrictedBoltzmannMachine(visible, hidden, encoding);
  const rng = createRng(seed);
  for (let k = 0; k < machine.weights.length; k++) machine.weights[k] = weightScale * rng.normal();
  return machine;
}

/** @throws {ArgumentError} naming the first parameter that is not a finite number. */
export function checkParameters(machine: RestrictedBoltzmannMachine): void {
  const bad = machine.parameters.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new ArgumentError(`parameter ${bad} of the machine is ${machine.parameters[bad]}, not finite`);
}
