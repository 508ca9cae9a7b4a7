import type { Pacer } from "@basin/energy-core/internal";
import type { Rng } from "@basin/energy-core/random";
import { pacer, type RunKeeper } from "@basin/energy-core/run";
import { Ladder, type LadderState } from "@basin/samplers/internal";
import type { Series } from "../observables/estimates.ts";
import { overlapOf } from "../observables/overlap.ts";
import type { SpinProblem } from "../problem/spin-problem.ts";
import type { EngineName } from "../sweep/one-state.ts";
import { engineOn } from "./engine.ts";
import type { Algorithm, ResolvedOptions, SimulateOptions, SimulateProgress } from "./options.ts";

/** A ladder, and what was measured at its levels. */
export interface Measured {
  readonly ladder: Ladder<Int8Array>;
  /** What moves it. */
  readonly kernel: EngineName;
  readonly series: readonly Series[];
  /** Writes the totals of every level as measurement `i`. */
  measure(i: number): void;
}

/** Returns a ladder that begins with random spins, and room for so many measurements. */
export async function measuredLadder(
  model: SpinProblem,
  algorithm: Algorithm,
  temperatures: readonly number[],
  rng: Rng,
  { kernel, device }: Pick<SimulateOptions, "kernel" | "device">,
  count: number,
): Promise<Measured> {
  // The ordered state would be the same in all replicas and flatter their overlap.
  const { moves } = await engineOn(model, algorithm, { start: "random", kernel, device });
  const groups = temperatures.length;
  const walkers = await moves.walkers(model, { groups, streams: (level) => rng.split(level) });
  await walkers.can.fetch?.();
  const inverseTemperatures = temperatures.map((T) => 1 / T);
  const ladder = new Ladder(walkers, { inverseTemperatures, rng: rng.split(groups) });
  const magnetizations = new Float64Array(groups);
  const series = temperatures.map(() => ({
    magnetization: new Float64Array(count),
    energy: new Float64Array(count),
  }));
  const measure = (i: number) => {
    walkers.can.magnetizations(magnetizations);
    for (const [k, { energy, magnetization }] of series.entries()) {
      energy[i] = ladder.energies[k];
      magnetization[i] = magnetizations[k];
    }
  };
  return { ladder, kernel: walkers.kernel, series, measure };
}

/** What a run goes on from with the same bits. */
export interface LaddersState {
  readonly warmupDone: number;
  readonly settled: boolean;
  /** After the warm-up. */
  readonly rounds: number;
  readonly ladders: readonly LadderState[];
  /** Measurements of each replica at each level, and the overlaps. */
  readonly series: readonly (readonly Series[])[];
  readonly overlaps: readonly Float64Array[];
}

/** Warms up and measures, from where a checkpoint left it if there is one. */
export class LadderRunner {
  readonly #runs: readonly Measured[];
  readonly #overlaps: readonly Float64Array[];
  readonly #settings: ResolvedOptions;
  readonly #keeper: RunKeeper<LaddersState>;
  readonly #pace: Pacer<SimulateProgress>;
  readonly #spins: readonly [Int8Array, Int8Array];
  readonly #position = { warmupDone: 0, settled: false, rounds: 0 };

  constructor(
    { variables }: SpinProblem,
    runs: readonly Measured[],
    overlaps: readonly Float64Array[],
    settings: ResolvedOptions,
    options: Pick<SimulateOptions, "signal" | "onProgress">,
    keeper: RunKeeper<LaddersState>,
  ) {
    this.#runs = runs;
    this.#overlaps = overlaps;
    this.#settings = settings;
    this.#keeper = keeper;
    this.#spins = [new Int8Array(variables), new Int8Array(variables)];
    this.#pace = pacer(options, { keeper, state: () => this.#state() });
  }

  async run(): Promise<void> {
    const { warmup, sweeps, measureEvery } = this.#settings;
    const position = this.#position;
    if (this.#keeper.found !== undefined) this.#resume(this.#keeper.found);
    while (position.warmupDone < warmup) {
      await this.#round();
      position.warmupDone++;
      await this.#pause(position.warmupDone);
    }
    if (!position.settled)
      for (const { ladder } of this.#runs) {
        ladder.walkers.can.settle?.();
        ladder.forget();
      }
    position.settled = true;
    const rounds = measureEvery * Math.floor(sweeps / measureEvery);
    while (position.rounds < rounds) {
      await this.#round();
      position.rounds++;
      if (position.rounds % measureEvery === 0) await this.#measure(position.rounds / measureEvery - 1);
      await this.#pause(warmup + position.rounds);
    }
    await this.#keeper.save(await this.#state());
  }

  async #round(): Promise<void> {
    for (const { ladder } of this.#runs) await ladder.round();
  }

  async #measure(i: number): Promise<void> {
    for (const { measure } of this.#runs) measure(i);
    if (this.#runs.length === 1) return;
    for (const { ladder } of this.#runs) await ladder.walkers.can.fetch?.("all");
    for (const [k, q] of this.#overlaps.entries()) {
      const [a, b] = this.#runs.map(({ ladder }, r) => ladder.walkers.read(k, this.#spins[r]));
      q[i] = overlapOf(a, b);
    }
  }

  async #pause(done: number): Promise<void> {
    const { warmup, sweeps } = this.#settings;
    const phase: SimulateProgress["phase"] = done <= warmup ? "warmup" : "measure";
    if (this.#pace.due) await this.#pace.breathe(() => ({ done, total: warmup + sweeps, phase }));
  }

  async #state(): Promise<LaddersState> {
    for (const { ladder } of this.#runs) await ladder.walkers.can.fetch?.("all");
    const measured = Math.floor(this.#position.rounds / this.#settings.measureEvery);
    const part = ({ energy, magnetization }: Series) => ({
      energy: energy.slice(0, measured),
      magnetization: magnetization.slice(0, measured),
    });
    return {
      ...this.#position,
      ladders: this.#runs.map(({ ladder }) => ladder.save()),
      series: this.#runs.map(({ series }) => series.map(part)),
      overlaps: this.#overlaps.map((values) => values.slice(0, measured)),
    };
  }

  #resume({ ladders, series, overlaps, ...position }: LaddersState): void {
    Object.assign(this.#position, position);
    for (const [r, run] of this.#runs.entries()) {
      run.ladder.restore(ladders[r]);
      for (const [k, { energy, magnetization }] of run.series.entries()) {
        energy.set(series[r][k].energy);
        magnetization.set(series[r][k].magnetization);
      }
    }
    for (const [k, values] of this.#overlaps.entries()) values.set(overlaps[k]);
  }
}
