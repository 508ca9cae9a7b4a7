import { now, type Pacer } from "@basin/energy-core/internal";
import { pacer, type RunKeeper } from "@basin/energy-core/run";
import type { Series } from "../observables/estimates.ts";
import type { EngineName, SpinMoves } from "../sweep/one-state.ts";
import { resume, type SimulationState, snapshot } from "./checkpoint.ts";
import type { createEngine, Engine } from "./engine.ts";
import type { ResolvedOptions, SimulateOptions, SimulateProgress } from "./options.ts";

/** Where the time went. */
export interface Performance {
  /** Attempted flips (clusters: flipped spins) a nanosecond of the measured sweeps themselves. */
  readonly flipsPerNanosecond: number;
  readonly sweepSeconds: number;
  readonly measureSeconds: number;
  /** How the spins were stored and moved. */
  readonly path: Engine["path"];
  readonly kernel: EngineName;
  /** Why TypeScript ran although wasm was allowed, or the CPU although a GPU was. */
  readonly fallback?: string;
  /** Clusters of one sweep, where the algorithm grows them. */
  readonly clustersPerSweep?: number;
}

/** Warms up and measures, from where a checkpoint left it if there is one. */
export class SweepRunner {
  readonly #engine: Awaited<ReturnType<typeof createEngine>>;
  readonly #settings: ResolvedOptions;
  readonly #series: Series;
  readonly #keeper: RunKeeper<SimulationState>;
  readonly #pace: Pacer<SimulateProgress>;
  readonly #position = { warmupDone: 0, settled: false, measured: 0 };
  #sweepMs = 0;
  #measureMs = 0;

  constructor(
    engine: Awaited<ReturnType<typeof createEngine>>,
    settings: ResolvedOptions,
    series: Series,
    options: SimulateOptions,
    keeper: RunKeeper<SimulationState>,
  ) {
    this.#engine = engine;
    this.#settings = settings;
    this.#series = series;
    this.#keeper = keeper;
    this.#pace = pacer(options, { keeper, state: () => this.#state() });
  }

  async run(): Promise<Performance> {
    const { walkers } = this.#engine;
    const { found } = this.#keeper;
    if (found !== undefined) Object.assign(this.#position, await resume(found, walkers, this.#series));
    await this.#warmUp();
    walkers.can.takeUpdates();
    await this.#measure();
    const updates = walkers.can.takeUpdates();
    await this.#keeper.save(await this.#state());
    return this.#performance(updates);
  }

  async #warmUp(): Promise<void> {
    const { inverseTemperature, warmup } = this.#settings;
    const { walkers } = this.#engine;
    const position = this.#position;
    const bunch = new Bunch(walkers);
    while (position.warmupDone < warmup) {
      const some = bunch.next(warmup - position.warmupDone);
      walkers.step(some, inverseTemperature);
      await walkers.can.fetch?.();
      position.warmupDone += some;
      if (this.#pace.due) await this.#breathe("warmup", position.warmupDone);
    }
    if (!position.settled) walkers.can.settle?.();
    position.settled = true;
  }

  async #measure(): Promise<void> {
    const { inverseTemperature, measureEvery, warmup } = this.#settings;
    const { walkers } = this.#engine;
    const { energy, magnetization } = this.#series;
    const position = this.#position;
    const one = new Float64Array(1);
    const { record } = walkers.can;
    const bunch = new Bunch(walkers);
    while (position.measured < energy.length) {
      const i = position.measured;
      const begun = now();
      if (record !== undefined) {
        const end = i + bunch.next(energy.length - i);
        await record(
          measureEvery,
          inverseTemperature,
          energy.subarray(i, end),
          magnetization.subarray(i, end),
        );
        this.#sweepMs += now() - begun;
        position.measured = end;
        if (this.#pace.due) await this.#breathe("measure", warmup + end * measureEvery);
        continue;
      }
      walkers.step(measureEvery, inverseTemperature);
      const swept = now();
      magnetization[i] = walkers.can.magnetizations(one)[0];
      energy[i] = walkers.energies(one)[0];
      this.#measureMs += now() - swept;
      this.#sweepMs += swept - begun;
      position.measured = i + 1;
      if (this.#pace.due) await this.#breathe("measure", warmup + position.measured * measureEvery);
    }
  }

  #breathe(phase: SimulateProgress["phase"], done: number): Promise<void> {
    const { warmup, sweeps } = this.#settings;
    return this.#pace.breathe(() => ({ done, total: warmup + sweeps, phase }));
  }

  #state(): Promise<SimulationState> {
    return snapshot(this.#engine.walkers, this.#series, this.#position);
  }

  #performance(updates: number): Performance {
    const { path, walkers, fallback } = this.#engine;
    const { kernel } = walkers;
    return {
      flipsPerNanosecond: updates / (1e6 * this.#sweepMs),
      sweepSeconds: this.#sweepMs / 1000,
      measureSeconds: this.#measureMs / 1000,
      path,
      kernel,
      ...(fallback === undefined ? {} : { fallback }),
      ...("clustersPerSweep" in walkers ? { clustersPerSweep: Number(walkers.clustersPerSweep) } : {}),
    };
  }
}

/** Milliseconds that a device is given work for at once: its answers take a while, and a page wants to be drawn. */
const BUNCH_MS = 40;
const MOST_AT_ONCE = 4096;

/** How many measurements are asked for at once: one, or of a device as many as it makes in a moment. */
export class Bunch {
  readonly #adapts: boolean;
  #size = 1;
  #begun = 0;

  constructor({ can }: { readonly can: Pick<SpinMoves, "record"> }) {
    this.#adapts = can.record !== undefined;
  }

  /** Called before each bunch, of at most so many. */
  next(left: number): number {
    if (!this.#adapts) return 1;
    const took = now() - this.#begun;
    if (this.#begun > 0) {
      if (2 * took < BUNCH_MS) this.#size = Math.min(2 * this.#size, MOST_AT_ONCE);
      else if (took > 2 * BUNCH_MS) this.#size = Math.max(1, this.#size >> 1);
    }
    this.#begun = now();
    return Math.min(this.#size, left);
  }
}
