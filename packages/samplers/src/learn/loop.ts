import { ArgumentError, checkNumber } from "@basin/energy-core";
import { checkOptions } from "@basin/energy-core/internal";
import { keepRun, pacer, type RunKeeper } from "@basin/energy-core/run";
import { GoodStates } from "./good-states.ts";
import type {
  BackOff,
  KeptLearning,
  Learner,
  LearningState,
  LearnOptions,
  LearnReport,
  UpdateReport,
} from "./learner.ts";
import { rateAt } from "./rates.ts";
import { DivergenceError, finiteWatch, type Watch } from "./watch.ts";

/**
 * Trains a learner and resolves to a report. All training in Basin is this loop. It has the schedule of the learning
 * rate, limits in updates and time, progress, checkpoints, and a check for divergence that stops the run or returns it
 * to a good state with half the rate. The learner has the data, negatives, optimizer and average.
 *
 * @throws {DivergenceError} at a divergence when no return is left; the learner is then at the last good state, if one
 * is saved.
 * @throws {ArgumentError} for numbers out of range, and a checkpoint that is damaged or another run's.
 *
 * @example
 * ```ts
 * import { learn } from "@basin/samplers/learn";
 *
 * // The mean of 1, 2 and 6 by stochastic gradients.
 * const theta = Float64Array.of(0);
 * const learner = {
 *   update({ update, learningRate }: { update: number; learningRate: number }) {
 *     const gradient = theta[0] - [1, 2, 6][update % 3];
 *     theta[0] -= learningRate * gradient;
 *     return { gradient };
 *   },
 *   save: () => theta.slice(),
 *   restore: (state: Float64Array) => theta.set(state),
 * };
 * await learn(learner, { updates: 300, learningRate: (_, update) => 1 / (update + 1) });
 * console.log(theta[0]); // 3
 * ```
 */
export async function learn<S, F extends object>(
  learner: Learner<S, F>,
  options: LearnOptions<F>,
): Promise<LearnReport<F>> {
  checkOptions(
    "learn",
    options,
    "updates updatesAnEpoch timeLimit learningRate watch goodEvery backOff advice identity",
    "checkpoint checkpointEvery signal onProgress",
  );
  const run = (keeper: RunKeeper<KeptLearning<S, F>>) => new Learning(learner, options, keeper).go();
  const { identity, checkpoint } = options;
  if (identity === undefined && checkpoint !== undefined)
    throw new ArgumentError("a checkpoint needs an identity, which says what run it is of");
  const none = { format: "learn", version: 1, fingerprint: () => ({}) };
  return keepRun(options, identity ?? none, run);
}

/** Updates after which their speed is known, where the time decides how many there will be. */
const PROBE = 40;
/** Share of the time left that is planned for, so that the schedule ends before the time does. */
const PLANNED_SHARE = 0.96;
/** States kept to go back to, at most: each may hold many chains. */
const MOST_GOOD = 4;

class Learning<S, F extends object> {
  readonly #learner: Learner<S, F>;
  readonly #options: LearnOptions<F>;
  readonly #keeper: RunKeeper<KeptLearning<S, F>>;
  readonly #watch: Watch<F, unknown>;
  readonly #limit: number;
  readonly #good: GoodStates<LearningState<S, F>> | undefined;
  readonly #resumedFrom: number;
  #updates = 0;
  #seconds = 0;
  #planned: number;
  #rateFactor = 1;
  #backOffs: readonly BackOff[] = [];
  #last: UpdateReport<F> | undefined;

  constructor(learner: Learner<S, F>, options: LearnOptions<F>, keeper: RunKeeper<KeptLearning<S, F>>) {
    this.#learner = learner;
    this.#options = options;
    this.#keeper = keeper;
    this.#watch = options.watch ?? finiteWatch();
    this.#limit = options.timeLimit === undefined ? Number.MAX_VALUE : options.timeLimit / 1000;
    this.#planned = options.updates;
    const { found } = keeper;
    if (found !== undefined) this.#restore(found.state);
    this.#resumedFrom = this.#updates;
    if (options.goodEvery === undefined) return;
    const most = Math.min(MOST_GOOD, (options.backOff ?? 0) + 1);
    this.#good = new GoodStates(found?.good ?? [this.#save()], most);
  }

  async go(): Promise<LearnReport<F>> {
    const { signal, onProgress } = this.#options;
    const keeper = this.#keeper;
    const before = this.#seconds;
    // A breath saves where the run is stopped, and nowhere else.
    const kept = {
      isKept: keeper.isKept,
      due: false,
      save: (state: KeptLearning<S, F>) => keeper.save(state),
    };
    const pace = pacer({ signal }, { keeper: kept, state: () => this.#kept() });
    while (this.#updates < this.#planned) {
      if (this.#last !== undefined && this.#seconds >= this.#limit) break;
      if (pace.due) await pace.breathe();
      const learningRate = this.#learningRate();
      const at = { update: this.#updates, learningRate, seconds: this.#seconds };
      const figures = await this.#learner.update(at);
      this.#updates++;
      this.#seconds = before + pace.elapsed / 1000;
      const [done, seconds] = [this.#updates, this.#seconds];
      this.#plan();
      const last = { ...figures, done, total: this.#planned, seconds, learningRate };
      this.#last = last;
      await this.#judge(figures);
      onProgress?.(last);
    }
    await keeper.save(this.#kept());
    return {
      ...{ updates: this.#updates, seconds: this.#seconds, last: this.#last as UpdateReport<F> },
      ...{ backOffs: this.#backOffs, resumedFrom: this.#resumedFrom },
    };
  }

  async #judge(figures: F): Promise<void> {
    const { goodEvery = 0 } = this.#options;
    const trouble = this.#watch.look(figures);
    if (trouble !== undefined) {
      this.#diverged(this.#updates, trouble);
      return;
    }
    // By updates and not by the clock, so that a run that goes back repeats to the bit.
    if (this.#updates % goodEvery === 0 && this.#wellBeyondTrouble) this.#good?.add(this.#save());
    // On the way only what looks well is kept, so that nothing goes on from a divergence under way.
    if (this.#keeper.due && this.#watch.calm) await this.#keeper.save(this.#kept());
  }

  /**
   * Whether the state is fit to go back to: well, and past the last divergence, on whose way every state is suspect.
   */
  get #wellBeyondTrouble(): boolean {
    const trouble = this.#backOffs.at(-1);
    const { settled, calm } = this.#watch;
    return settled && calm && (trouble === undefined || this.#updates > trouble.update);
  }

  #diverged(update: number, reason: string): void {
    const { backOff = 0, advice = () => "lower the learning rate" } = this.#options;
    const good = this.#good;
    const tried = this.#backOffs.length;
    if (good !== undefined && tried < backOff) {
      this.#goBack(good.take(), update, reason);
      return;
    }
    // Before the state goes: what is wrong shows in the figures of the divergence.
    const change = advice();
    if (good !== undefined) this.#restore(good.newest);
    throw new DivergenceError(
      `training diverged at update ${update}: ${reason}; ${change}` +
        (tried > 0 ? `; ${tried} returns to a good state with half the learning rate did not help` : ""),
      update,
    );
  }

  /** Goes back to a good state with half the learning rate and other draws. */
  #goBack(state: LearningState<S, F>, update: number, reason: string): void {
    const [before, seconds, watch] = [this.#backOffs, this.#seconds, this.#watch.save()];
    this.#restore(state);
    this.#seconds = seconds;
    this.#watch.restore(watch);
    this.#watch.goBack(state.watch);
    this.#rateFactor = 0.5 ** (before.length + 1);
    this.#learner.divert?.(before.length);
    const [resumedFrom, learningRate] = [this.#updates, this.#learningRate()];
    this.#backOffs = [...before, { update, reason, resumedFrom, learningRate }];
  }

  #learningRate(): number {
    const { learningRate, updatesAnEpoch: n = 1 } = this.#options;
    const [update, updates] = [this.#updates, this.#planned];
    const share = (Math.floor(update / n) + (update % n) / n) / (updates / n);
    return (
      this.#rateFactor * checkNumber("learningRate", rateAt(learningRate, share, update, updates), { min: 0 })
    );
  }

  #plan(): void {
    if (this.#planned < Infinity || this.#updates < PROBE || this.#limit === Number.MAX_VALUE) return;
    const left = Math.max(0, this.#limit - this.#seconds);
    this.#planned = this.#updates + Math.floor((PLANNED_SHARE * left * this.#updates) / this.#seconds);
  }

  #kept(): KeptLearning<S, F> {
    return { state: this.#save(), good: [...(this.#good?.states ?? [])] };
  }

  #save(): LearningState<S, F> {
    return {
      updates: this.#updates,
      seconds: this.#seconds,
      planned: this.#planned,
      plannedFor: this.#limit,
      rateFactor: this.#rateFactor,
      learner: this.#learner.save(),
      watch: this.#watch.save(),
      backOffs: this.#backOffs,
      last: this.#last,
    };
  }

  #restore(state: LearningState<S, F>): void {
    this.#updates = state.updates;
    this.#seconds = state.seconds;
    // A plan that was carried out, or was made for another time, is not gone on with.
    const timed = this.#options.updates === Infinity;
    if (timed && state.updates < state.planned && state.plannedFor === this.#limit)
      this.#planned = state.planned;
    this.#rateFactor = state.rateFactor;
    this.#learner.restore(state.learner);
    this.#watch.restore(state.watch);
    this.#backOffs = state.backOffs;
    this.#last = state.last;
  }
}
