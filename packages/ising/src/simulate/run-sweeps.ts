import { now, throwIfAborted, yieldToEvents } from "@basin/energy-core/platform";
import type { KernelName } from "@basin/energy-core/wasm";
import type { Series } from "../observables/estimates.ts";
import { resume, type SimulationCheckpoint, snapshot } from "./checkpoint.ts";
import type { Engine } from "./engine.ts";
import type { ResolvedOptions, SimulateOptions } from "./options.ts";

const SLICE_MS = 40;

/** Where the time went. */
export interface Performance {
  /** Attempted flips (clusters: flipped spins) a nanosecond of the measured sweeps themselves. */
  readonly flipsPerNanosecond: number;
  readonly sweepSeconds: number;
  readonly measureSeconds: number;
  /** How the spins were stored and moved. */
  readonly path: Engine["path"];
  readonly kernel: KernelName;
  /** Why TypeScript ran although wasm was allowed. */
  readonly fallback?: string;
  /** Clusters of one sweep, where the algorithm grows them. */
  readonly clustersPerSweep?: number;
}

/** Warms up and measures, from where a checkpoint left it if there is one. */
export class SweepRunner {
  readonly #engine: Engine;
  readonly #settings: ResolvedOptions;
  readonly #series: Series;
  readonly #options: SimulateOptions;
  readonly #run: SimulationCheckpoint["run"];
  readonly #position = { warmupDone: 0, settled: false, measured: 0 };
  #sweepMs = 0;
  #measureMs = 0;
  #lastBreath = now();
  #lastSave = now();

  constructor(
    engine: Engine,
    settings: ResolvedOptions,
    series: Series,
    options: SimulateOptions,
    run: SimulationCheckpoint["run"],
  ) {
    this.#engine = engine;
    this.#settings = settings;
    this.#series = series;
    this.#options = options;
    this.#run = run;
  }

  async run(): Promise<Performance> {
    const { checkpoint, signal } = this.#options;
    const { dynamics } = this.#engine;
    throwIfAborted(signal);
    const kept = await checkpoint?.load();
    if (kept !== undefined) Object.assign(this.#position, resume(kept, this.#run, dynamics, this.#series));
    await this.#warmUp();
    dynamics.takeUpdates();
    await this.#measure();
    const updates = dynamics.takeUpdates();
    if (checkpoint !== undefined) await this.#save();
    return this.#performance(updates);
  }

  async #warmUp(): Promise<void> {
    const { inverseTemperature, warmup } = this.#settings;
    const { dynamics } = this.#engine;
    const position = this.#position;
    while (position.warmupDone < warmup) {
      dynamics.sweep(1, inverseTemperature);
      position.warmupDone++;
      await this.#pause("warmup", position.warmupDone);
    }
    if (!position.settled) dynamics.settle?.();
    position.settled = true;
  }

  async #measure(): Promise<void> {
    const { inverseTemperature, measureEvery, warmup } = this.#settings;
    const { dynamics } = this.#engine;
    const { energy, magnetization } = this.#series;
    const position = this.#position;
    while (position.measured < energy.length) {
      const i = position.measured;
      const begun = now();
      dynamics.sweep(measureEvery, inverseTemperature);
      const swept = now();
      magnetization[i] = dynamics.magnetization();
      energy[i] = dynamics.energy();
      this.#measureMs += now() - swept;
      this.#sweepMs += swept - begun;
      position.measured = i + 1;
      await this.#pause("measure", warmup + position.measured * measureEvery);
    }
  }

  async #pause(phase: "warmup" | "measure", sweepsDone: number): Promise<void> {
    if (now() - this.#lastBreath < SLICE_MS) return;
    const { signal, onProgress, checkpoint, checkpointSeconds = 60 } = this.#options;
    const { warmup, sweeps } = this.#settings;
    onProgress?.({ phase, sweepsDone, sweeps: warmup + sweeps });
    await yieldToEvents();
    const due = now() - this.#lastSave >= 1000 * checkpointSeconds;
    if (checkpoint !== undefined && (due || signal?.aborted)) await this.#save();
    throwIfAborted(signal);
    this.#lastBreath = now();
  }

  async #save(): Promise<void> {
    await this.#options.checkpoint?.save(
      snapshot(this.#run, this.#engine.dynamics, this.#series, this.#position),
    );
    this.#lastSave = now();
  }

  #performance(updates: number): Performance {
    const { path, kernel, fallback, dynamics } = this.#engine;
    return {
      flipsPerNanosecond: updates / (1e6 * this.#sweepMs),
      sweepSeconds: this.#sweepMs / 1000,
      measureSeconds: this.#measureMs / 1000,
      path,
      kernel,
      ...(fallback === undefined ? {} : { fallback }),
      ...("clustersPerSweep" in dynamics ? { clustersPerSweep: Number(dynamics.clustersPerSweep) } : {}),
    };
  }
}
