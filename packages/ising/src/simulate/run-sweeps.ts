import { CostError } from "@basin/energy-core";
import { now, type Pacer } from "@basin/energy-core/internal";
import { pacer, type RunKeeper } from "@basin/energy-core/run";
import { estimators, type Series } from "../observables/estimates.ts";
import type { EngineName, SpinMoves } from "../sweep/one-state.ts";
import { resume, type SimulationState, snapshot } from "./checkpoint.ts";
import type { createEngine, Engine } from "./engine.ts";
import {
  LEAST_MEASUREMENTS,
  type ResolvedOptions,
  type SimulateOptions,
  type SimulateProgress,
} from "./options.ts";
import { measureUntil, type StoppedSimulation } from "./until.ts";

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

/** What a run has measured. */
export interface Measured {
  readonly series: Series;
  readonly performance: Performance;
  /** Why it stopped, where it was run until it was good enough. */
  readonly stopped?: StoppedSimulation;
}

/** Warms up and measures, from where a checkpoint left it if there is one. */
export class SweepRunner {
  readonly #engine: Awaited<ReturnType<typeof createEngine>>;
  readonly #settings: ResolvedOptions;
  readonly #sites: number;
  #series: Series = { magnetization: new Float64Array(), energy: new Float64Array() };
  readonly #keeper: RunKeeper<SimulationState>;
  readonly #pace: Pacer<SimulateProgress>;
  readonly #position = { warmupDone: 0, settled: false, measured: 0 };
  #sweepMs = 0;
  #measureMs = 0;

  constructor(
    engine: Awaited<ReturnType<typeof createEngine>>,
    settings: ResolvedOptions,
    sites: number,
    options: SimulateOptions,
    keeper: RunKeeper<SimulationState>,
  ) {
    this.#engine = engine;
    this.#settings = settings;
    this.#sites = sites;
    this.#keeper = keeper;
    this.#pace = pacer(options, { keeper, state: () => this.#state() });
  }

  async run(): Promise<Measured> {
    const { walkers } = this.#engine;
    const { found } = this.#keeper;
    if (found !== undefined) {
      Object.assign(this.#position, await resume(found, walkers));
      this.#series = found;
    }
    const { until, sweeps, measureEvery } = this.#settings;
    const first = Math.floor(sweeps / measureEvery);
    // Before the work, so that a lack of memory shows at once.
    this.#roomFor(first);
    await this.#warmUp();
    walkers.can.takeUpdates();
    let series = this.#series;
    const measure = async (upTo: number) => {
      series = await this.#measure(upTo);
      return series.energy.length;
    };
    const look = () => estimators(series, this.#sites, this.#settings.inverseTemperature, measureEvery);
    const stopped = until && (await measureUntil(until, this.#settings, measure, look));
    if (until === undefined) await measure(first);
    const updates = walkers.can.takeUpdates();
    await this.#keeper.save(await this.#state());
    return { series, performance: this.#performance(updates), ...(stopped && { stopped }) };
  }

  async #warmUp(): Promise<void> {
    const { inverseTemperature, warmup, sweeps } = this.#settings;
    const { walkers } = this.#engine;
    const position = this.#position;
    const bunch = new Bunch(walkers);
    while (position.warmupDone < warmup) {
      const some = bunch.next(warmup - position.warmupDone);
      walkers.step(some, inverseTemperature);
      await walkers.can.fetch?.();
      position.warmupDone += some;
      if (this.#pace.due) await this.#breathe("warmup", position.warmupDone, warmup + sweeps);
    }
    if (!position.settled) walkers.can.settle?.();
    position.settled = true;
  }

  /** Measures up to so many times, fewer where the time is up, and returns these measurements. */
  async #measure(upTo: number): Promise<Series> {
    const { inverseTemperature, measureEvery, until } = this.#settings;
    const { walkers } = this.#engine;
    const { energy, magnetization } = this.#roomFor(upTo);
    const position = this.#position;
    const total = this.#settings.warmup + upTo * measureEvery;
    const breathe = () => this.#breathe("measure", total - (upTo - position.measured) * measureEvery, total);
    const late = () => this.#pace.elapsed >= (until?.timeLimit ?? Infinity);
    const one = new Float64Array(1);
    const { record } = walkers.can;
    const bunch = new Bunch(walkers);
    while (position.measured < upTo && !(late() && position.measured >= LEAST_MEASUREMENTS)) {
      const i = position.measured;
      const begun = now();
      if (record !== undefined) {
        const end = i + bunch.next(upTo - i);
        await record(
          measureEvery,
          inverseTemperature,
          energy.subarray(i, end),
          magnetization.subarray(i, end),
        );
        this.#sweepMs += now() - begun;
        position.measured = end;
        if (this.#pace.due) await breathe();
        continue;
      }
      walkers.step(measureEvery, inverseTemperature);
      const swept = now();
      magnetization[i] = walkers.can.magnetizations(one)[0];
      energy[i] = walkers.energies(one)[0];
      this.#measureMs += now() - swept;
      this.#sweepMs += swept - begun;
      position.measured = i + 1;
      if (this.#pace.due) await breathe();
    }
    return firstOf(this.#series, Math.min(upTo, position.measured));
  }

  /** Returns the series with room for so many measurements. */
  #roomFor(count: number): Series {
    if (count > this.#series.energy.length) this.#series = grown(this.#series, count);
    return this.#series;
  }

  #breathe(phase: SimulateProgress["phase"], done: number, total: number): Promise<void> {
    return this.#pace.breathe(() => ({ done, total, phase }));
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

const firstOf = ({ magnetization, energy }: Series, count: number): Series => ({
  magnetization: magnetization.subarray(0, count),
  energy: energy.subarray(0, count),
});

function grown({ magnetization, energy }: Series, count: number): Series {
  try {
    const copy = (values: Float64Array) => {
      const longer = new Float64Array(count);
      longer.set(values);
      return longer;
    };
    return { magnetization: copy(magnetization), energy: copy(energy) };
  } catch (cause) {
    throw new CostError(`no memory for ${count} measurements; raise measureEvery`, { cause });
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
