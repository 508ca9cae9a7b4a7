import type { KernelOption } from "@basin/energy-core/internal";
import { exp, log, type Rng } from "@basin/energy-core/random";
import { type MomentumStep, momentumStep } from "@basin/samplers/internal";
import type { ClassMachine } from "./class-machine.ts";
import { Engine, type EngineState } from "./engine.ts";
import type { Layer } from "./engine-memory.ts";
import type { RestrictedBoltzmannMachine } from "./rbm.ts";

/** What an update is told. */
export interface StepSize {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Share by which the average follows, in [0, 1]; 0 for no average. */
  readonly follow: number;
}

/** Everything that learning goes on from. */
export interface PhasesState {
  /** Weights with what momentum and averaging remember, then the same of the visible and the hidden biases. */
  readonly parameters: readonly Float32Array[];
  readonly engine: EngineState;
}

const DATA = 0;
const MODEL = 1;

/**
 * The phases of learning on a batch in the kernel: the data in the engine's first batch, the model's states in its
 * second. Biases and labels, few beside the weights, are dealt with here.
 */
export class Phases {
  readonly engine: Engine;
  readonly labels: number;
  readonly #machine: RestrictedBoltzmannMachine;
  readonly #biases: readonly [visible: Bias, hidden: Bias];

  constructor(
    source: RestrictedBoltzmannMachine | ClassMachine,
    samples: number,
    option: KernelOption | undefined,
    generators = 1,
  ) {
    const whole = source.machine;
    this.labels = source.labels;
    this.#machine = whole;
    const { visible, hidden } = whole;
    this.engine = new Engine({ visible, hidden, samples, generators }, option);
    const bits = whole.withEncoding("bits");
    const { engine } = this;
    for (let i = 0; i < visible; i++) {
      for (let j = 0; j < hidden; j++)
        engine.weights[i * engine.hiddenWidth + j] = bits.weights[i * hidden + j];
    }
    engine.average.set(engine.weights);
    engine.visibleBias.set(bits.visibleBias);
    engine.hiddenBias.set(bits.hiddenBias);
    this.#biases = [new Bias(engine.visibleBias, visible), new Bias(engine.hiddenBias, hidden)];
    engine.refresh();
  }

  /**
   * Draws the data's bits from the probabilities in the values of the first batch, and the hidden probabilities they
   * give.
   */
  positivePhase(samples: number): void {
    const [v, h] = this.layers(DATA);
    this.engine.draw(v, samples);
    this.hiddenProbabilities(DATA, samples);
    // The lists of the hidden layer serve contrastive divergence, which starts from them.
    this.engine.draw(h, samples);
  }

  /** Starts the model's states at the data's, one half-step on. */
  startAtData(samples: number, rng: Rng): void {
    const [, h] = this.layers(DATA);
    const [v] = this.layers(MODEL);
    this.#drawVisible(h, v, samples, rng);
  }

  /** Advances the model's states by `steps` Gibbs steps. */
  gibbs(samples: number, steps: number, rng: Rng): void {
    const [v, h] = this.layers(MODEL);
    for (let k = 0; k < steps; k++) {
      this.hiddenProbabilities(MODEL, samples);
      this.engine.draw(h, samples);
      this.#drawVisible(h, v, samples, rng);
    }
  }

  /** Writes p(h_j = 1|v) of a batch into its hidden values. */
  hiddenProbabilities(batch: 0 | 1, samples: number): void {
    const [v, h] = this.layers(batch);
    this.engine.hiddenFields(v, h, samples);
    this.engine.squash(h, samples);
  }

  /** One step of all parameters; hidden probabilities of both batches stand in their values. */
  update(positives: number, negatives: number, size: StepSize): void {
    const { engine } = this;
    const { learningRate, momentum, weightDecay, follow } = size;
    const [v, h] = this.layers(DATA);
    const [w, g] = this.layers(MODEL);
    engine.invert(v, positives);
    engine.invert(w, negatives);
    engine.ascend(1 / positives, 1 / negatives, momentum, learningRate, weightDecay);
    const [up, down] = [engine.unitCounts(v), engine.unitCounts(w)];
    const [visible, hidden] = this.#biases;
    const step = { learningRate, momentum };
    visible.step((i) => down[i] / negatives - up[i] / positives, step);
    const [more, less] = [this.#sums(h, positives), this.#sums(g, negatives)];
    hidden.step((j) => less[j] / negatives - more[j] / positives, step);
    if (follow > 0) {
      engine.follow(follow);
      for (const bias of this.#biases) bias.follow(follow);
    }
    engine.refresh();
  }

  /** Returns the mean of F(v) over a batch; its hidden values are overwritten by probabilities again afterwards. */
  meanEnergy(batch: 0 | 1, samples: number): number {
    const energies = this.energies(batch, samples);
    this.engine.squash(this.layers(batch)[1], samples);
    return energies.reduce((sum, energy) => sum + energy, 0) / samples;
  }

  /** Returns F(v) of each state of a batch, leaving its hidden fields in the hidden values. */
  energies(batch: 0 | 1, samples: number): Float64Array {
    const { engine } = this;
    const [v, h] = this.layers(batch);
    engine.hiddenFields(v, h, samples);
    const [sums, products] = engine.ratios(h, samples, 0, 1);
    const { chunks } = engine;
    return Float64Array.from({ length: samples }, (_, s) => {
      // ln(1 + e^z) = ln 2 + z⁺ + ln((1 + e^−|z|)/2).
      let sum = sums[s] + engine.size.hidden * Math.LN2;
      for (let chunk = 0; chunk < chunks; chunk++) sum += log(products[s * chunks + chunk]);
      for (const i of engine.list(v, s)) sum += engine.visibleBias[i];
      return -sum;
    });
  }

  /** Writes the learned parameters, or their average, into the machine. @returns whether all of them are finite. */
  store(average: boolean): boolean {
    const { engine } = this;
    const machine = this.#machine;
    const { visible, hidden } = machine;
    const bits = machine.withEncoding("bits");
    const weights = average ? engine.average : engine.weights;
    for (let i = 0; i < visible; i++) {
      for (let j = 0; j < hidden; j++) bits.weights[i * hidden + j] = weights[i * engine.hiddenWidth + j];
    }
    bits.visibleBias.set(this.#biases[0].values(average));
    bits.hiddenBias.set(this.#biases[1].values(average));
    if (!bits.parameters.every(Number.isFinite)) return false;
    machine.parameters.set(bits.withEncoding(machine.encoding).parameters);
    return true;
  }

  /** Returns copies of all that is learned, of the model's first `samples` states, and of the generator's state. */
  save(samples: number): PhasesState {
    const parameters = this.#parameters.map((values) => values.slice());
    return { parameters, engine: this.engine.save(this.engine.visible[MODEL], samples) };
  }

  restore({ parameters, engine }: PhasesState): void {
    for (const [k, values] of this.#parameters.entries()) values.set(parameters[k]);
    this.engine.restore(this.engine.visible[MODEL], engine);
    this.engine.refresh();
  }

  get #parameters(): Float32Array[] {
    const { weights, velocity, average } = this.engine;
    return [weights, velocity, average, ...this.#biases.flatMap((bias) => bias.parameters)];
  }

  layers(batch: 0 | 1): [visible: Layer, hidden: Layer] {
    return [this.engine.visible[batch], this.engine.hidden[batch]];
  }

  #drawVisible(from: Layer, to: Layer, samples: number, rng: Rng): void {
    const { engine } = this;
    engine.visibleFields(from, to, samples);
    const chosen = this.labels === 0 ? [] : this.#drawLabels(to, samples, rng);
    engine.squash(to, samples);
    const first = to.units - this.labels;
    for (const [s, label] of chosen.entries()) {
      const row = engine.row(to, s);
      for (let y = 0; y < this.labels; y++) row[first + y] = y === label ? 1 : 0;
    }
    engine.draw(to, samples);
  }

  /** Draws one label a sample from the softmax of the label units' fields. */
  #drawLabels(layer: Layer, samples: number, rng: Rng): number[] {
    const first = layer.units - this.labels;
    return Array.from({ length: samples }, (_, s) => {
      const fields = this.engine.row(layer, s).subarray(first, layer.units);
      const top = Math.max(...fields);
      const weights = Array.from(fields, (field) => exp(field - top));
      let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
      return weights.findIndex((weight, y) => {
        left -= weight;
        return left < 0 || y === weights.length - 1;
      });
    });
  }

  #sums(layer: Layer, samples: number): Float32Array {
    const sums = new Float32Array(layer.units);
    for (let s = 0; s < samples; s++) {
      const row = this.engine.row(layer, s);
      for (let j = 0; j < sums.length; j++) sums[j] += row[j];
    }
    return sums;
  }
}

/** The biases of one layer, with what momentum and averaging remember. */
class Bias {
  readonly #live: Float32Array;
  readonly #velocity: Float32Array;
  readonly #average: Float32Array;
  readonly #gradient: Float64Array;

  constructor(live: Float32Array, units: number) {
    this.#live = live.subarray(0, units);
    this.#velocity = new Float32Array(units);
    this.#average = this.#live.slice();
    this.#gradient = new Float64Array(units);
  }

  step(gradient: (unit: number) => number, step: MomentumStep): void {
    const values = this.#gradient;
    for (let k = 0; k < values.length; k++) values[k] = gradient(k);
    momentumStep(this.#live, this.#velocity, values, step);
  }

  follow(share: number): void {
    const [bias, average] = [this.#live, this.#average];
    for (let k = 0; k < bias.length; k++) average[k] += share * (bias[k] - average[k]);
  }

  get parameters(): Float32Array[] {
    return [this.#live, this.#velocity, this.#average];
  }

  values(average: boolean): Float32Array {
    return average ? this.#average : this.#live;
  }
}
