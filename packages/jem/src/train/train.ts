import { ArgumentError, checkOptions } from "@basin/energy-core";
import { keepRun, pacer, type RunKeeper } from "@basin/energy-core/run";
import { refuseTokens, sizeOf } from "../inputs.ts";
import type { JointEnergy } from "../model/joint-energy.ts";
import { checkRange, describeModel, energyMargins, refuseBatchStatistics } from "./begin.ts";
import type { BackOff, KeptStates } from "./checkpoint.ts";
import { type Crew, openCrew } from "./crew.ts";
import { checkData, type LabeledData } from "./data.ts";
import { Ladder } from "./ladder.ts";
import { fingerprint, type ResolvedTrainOptions, resolveTrainOptions, type TrainOptions } from "./options.ts";
import { Run } from "./run.ts";
import type { TrainProgress } from "./step.ts";
import { writeVariables } from "./tensor-engine.ts";
import { DivergenceError } from "./watch.ts";

/** What a training run did. */
export interface TrainReport {
  readonly steps: number;
  readonly seconds: number;
  /** The last update. */
  readonly last: TrainProgress;
  /**
   * The persistent chains, row-major `[chains, size]` with `bufferSize` rounded up to whole groups, none where chains begin in the data:
   * samples of the model in the making, and the class that each is drawn from, −1 where it is drawn from p(x).
   */
  readonly buffer: { readonly states: Float32Array; readonly labels: Int32Array };
  readonly seed: number;
  /** What computed: "dense" the compiled kernel, "tfjs" the current backend. */
  readonly engine: "dense" | "tfjs";
  /** The update that a checkpoint was gone on from; 0 for a run from the start. */
  readonly resumedFrom: number;
  /** Divergences that the run recovered from. */
  readonly backOffs: readonly BackOff[];
  /** m_in and m_out of energy fine-tuning, where outliers were given. */
  readonly margins?: readonly [inside: number, outside: number];
}

/**
 * Trains a classifier as a joint model of inputs and labels, and resolves to a report: minimizes, by Adam on minibatches,
 *
 *   E_data[−log p(y|x)] + w (E_data[E(x)] − E_model[E(x)]) + α (E_data[E²] + E_model[E²]),
 *
 * the gradient of −log p(x, y) = −log p(y|x) − log p(x) with the partition function's part estimated from negative samples, which
 * SGLD draws from a replay buffer of persistent chains (Grathwohl et al. 2020). The samples are constants of the gradient, and
 * parameters do not change while sampling. Changes the variables of `model` in place and leaves their moving average in them.
 *
 * Every layer is applied as it is at inference: dropout does nothing and regularizers of layers do not count, and a trainable batch
 * normalization, whose statistics would never be learned, is refused. While training, the numbers are in the engine's memory: the variables of
 * `model` change when the run ends.
 *
 * A checkpoint of a run that has done all it was asked for gives its report again.
 *
 * The same seed gives the same numbers on the same machine and backend, whatever the number of workers, and whether or not the run was
 * interrupted and gone on from its checkpoint.
 *
 * @example
 * ```ts
 * import { accuracy, jointEnergy, train } from "@basin/jem";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ inputShape: [2], units: 16, activation: "relu" }),
 *     tf.layers.dense({ units: 2 }),
 *   ],
 * });
 * const model = jointEnergy(net);
 * const data = { inputs: Float32Array.of(0.1, 0.1, 0.2, 0.2, 0.8, 0.8, 0.9, 0.9), labels: [0, 0, 1, 1] };
 * const { steps, buffer } = await train(model, data, { steps: 100, batchSize: 4, learningRate: 0.01, bufferSize: 100 });
 * console.log(steps, buffer.states.length, accuracy(model, data.inputs, data.labels)); // 100 200 1
 * ```
 *
 * @throws {ArgumentError} for bad data, data outside the sampler's box or narrower than the default noise, bad options, a model without variables or with a trainable batch normalization, and a checkpoint that is damaged or another run's.
 * @throws {DivergenceError} when a loss is no longer finite, energies drift apart, gradients explode, chains collapse or the
 *   classifier is lost, saying what to change; the model is left with the averaged parameters of the last good state.
 * @throws {BasinError} when a checkpoint cannot be saved; the one before it stands.
 */
export async function train(
  model: JointEnergy,
  data: LabeledData,
  options: TrainOptions = {},
): Promise<TrainReport> {
  checkOptions(
    "train",
    options,
    "steps seconds batchSize learningRate schedule finalRate warmup weightDecay maxGradientNorm",
    "marginalWeight maxLag energyPenalty classConditional sampler chains bufferSize",
    "restartProbability initialStates inputNoise sampleNoise augment outliers outlierWeight",
    "margins averageDecay groups engine backOff goodEvery maxGap seed workers createWorker",
    "checkpoint checkpointSeconds signal onProgress",
  );
  const settings = resolveTrainOptions(options);
  if (model.variables.length === 0)
    throw new ArgumentError("the model has no variables, so there is nothing to train");
  refuseTokens(model, "train");
  checkData(data, sizeOf(model.space.shape), model.labels);
  checkRange(data, settings, options.inputNoise !== undefined);
  refuseBatchStatistics(model);
  const margins = energyMargins(model, data, settings);
  const run = new Run({ model, data, settings, margins });
  const identity = {
    format: "train",
    version: 3,
    fingerprint: () => fingerprint(settings, describeModel(model), data),
  };
  return keepRun(settings, identity, (keeper: RunKeeper<KeptStates>) =>
    trainKept(model, settings, run, keeper),
  );
}

async function trainKept(
  model: JointEnergy,
  settings: ResolvedTrainOptions,
  run: Run,
  keeper: RunKeeper<KeptStates>,
): Promise<TrainReport> {
  const kept = keeper.found;
  if (kept) run.restore(kept.state);
  const crew = await openCrew(model, settings);
  try {
    const last = await new Loop(run, crew, settings, keeper).go();
    return {
      steps: run.updates,
      seconds: run.seconds,
      last,
      buffer: run.buffer(),
      seed: settings.seed,
      engine: crew.engine,
      resumedFrom: kept?.state.updates ?? 0,
      backOffs: run.backOffs,
      ...(settings.outliers && { margins: run.margins }),
    };
  } finally {
    crew.close();
    writeVariables(model.variables, run.adam.averaged());
  }
}

/** Updates after which their speed is known, where the time decides how many there will be. */
const PROBE = 40;
/** States kept to go back to, at most: each holds all chains. */
const MOST_RUNGS = 4;
/** Nats of energy that samples lie above the data where the sampler is to blame. */
const BEHIND = 5;
/** Share of the time left that is planned for, so that the schedule ends before the time does. */
const PLANNED_SHARE = 0.96;

/** Goes from update to update: time, checkpoints, divergence. */
class Loop {
  readonly #run: Run;
  readonly #crew: Crew;
  readonly #settings: ResolvedTrainOptions;
  readonly #keeper: RunKeeper<KeptStates>;
  readonly #good: Ladder;

  constructor(run: Run, crew: Crew, settings: ResolvedTrainOptions, keeper: RunKeeper<KeptStates>) {
    this.#run = run;
    this.#crew = crew;
    this.#settings = settings;
    this.#keeper = keeper;
    const good = keeper.found?.good ?? [run.save()];
    this.#good = new Ladder(good, Math.min(MOST_RUNGS, settings.backOff + 1));
  }

  async go(): Promise<TrainProgress> {
    const { signal, onProgress, seconds, goodEvery } = this.#settings;
    const run = this.#run;
    let last = run.last;
    const before = run.seconds;
    const keeper = this.#keeper;
    // A breath saves where the run is stopped, and nowhere else.
    const kept = { isKept: keeper.isKept, due: false, save: (state: KeptStates) => keeper.save(state) };
    const pace = pacer({ signal }, { keeper: kept, state: () => this.#state() });
    while (run.plannedSteps === 0 || run.updates < run.plannedSteps) {
      if (last !== undefined && run.seconds >= seconds) break;
      if (pace.due) await pace.breathe();
      const figures = await run.step(this.#crew);
      run.seconds = before + pace.elapsed / 1000;
      this.#plan();
      last = { ...figures, seconds: run.seconds, total: run.total };
      run.last = last;
      const trouble = run.watch.look(last);
      if (trouble !== undefined) this.#diverged(last.done, trouble);
      // By updates and not by the clock, so that a run that goes back repeats to the bit.
      else if (run.updates % goodEvery === 0 && run.wellBeyondTrouble) this.#good.add(run.save());
      onProgress?.(last);
      // On the way only what looks well is kept, so that nothing goes on from a divergence under way.
      if (trouble === undefined && keeper.due && run.watch.calm) await keeper.save(this.#state());
    }
    await keeper.save(this.#state());
    return last as TrainProgress;
  }

  #plan(): void {
    const run = this.#run;
    if (run.plannedSteps > 0 || run.updates < PROBE) return;
    const left = Math.max(0, this.#settings.seconds - run.seconds);
    run.plannedSteps = run.updates + Math.floor((PLANNED_SHARE * left * run.updates) / run.seconds);
  }

  /** The run with the good states beside it. */
  #state(): KeptStates {
    return { state: this.#run.save(), good: [...this.#good.rungs] };
  }

  #diverged(step: number, trouble: string): void {
    const { backOff, learningRate, marginalWeight } = this.#settings;
    const run = this.#run;
    if (run.backOffs.length < backOff) {
      run.backOff(this.#good.take(), step, trouble);
      return;
    }
    const tried = run.backOffs.length;
    const { gap } = run.watch;
    run.restore(this.#good.newest);
    throw new DivergenceError(
      `training diverged at step ${step}: ${trouble}; ` +
        (gap < -BEHIND
          ? `the samples lie ${(-gap).toPrecision(3)} above the data on average, so they cannot follow: raise the sampler's steps, or `
          : "") +
        `lower learningRate (${learningRate}) or marginalWeight (${marginalWeight}), ` +
        "or raise energyPenalty, restartProbability or the sampler's steps" +
        (tried > 0 ? `; ${tried} returns to a good state with half the learning rate did not help` : ""),
      step,
    );
  }
}
