import { checkNumber, type Energy } from "@basin/energy-core";
import {
  checkDeviceOption,
  checkName,
  checkOptions,
  type DeviceOption,
  resolveInverseTemperature,
  seedOf,
  type TemperatureOptions,
} from "@basin/energy-core/internal";
import type { RunOptions } from "@basin/energy-core/run";
import type { Estimate } from "@basin/samplers";
import { heatBath, type Kernel, metropolis, type Observer, sample } from "@basin/samplers";
import type { SampleOptions } from "@basin/samplers/internal";
import { estimates } from "../observables/estimates.ts";
import { pottsDeviceKernel } from "../simulate/on-device.ts";
import type { EngineName } from "../sweep/one-state.ts";
import { type StartName, startNames } from "../sweep/start.ts";
import { type DeviceRun, runOnDevice } from "./device-run.ts";
import { orderOf } from "./order.ts";
import type { PottsEnergy } from "./potts.ts";
import { swendsenWang } from "./swendsen-wang.ts";
import { wolff } from "./wolff.ts";

type PottsKernel = Kernel<Energy<Uint8Array, PottsEnergy["can"]>, Uint8Array>;

const kernels = {
  wolff,
  "swendsen-wang": swendsenWang,
  "heat-bath": heatBath,
  metropolis,
} as const satisfies Record<string, () => PottsKernel>;

/** What moves the labels: a step is one cluster, or a sweep. */
export type PottsAlgorithm = keyof typeof kernels;

/** Every value of {@link PottsAlgorithm}. */
export const pottsAlgorithmNames = Object.keys(kernels) as readonly PottsAlgorithm[];

/** Options of {@link simulatePotts}. */
export interface SimulatePottsOptions extends TemperatureOptions, RunOptions {
  /** Default "wolff". */
  algorithm?: PottsAlgorithm;
  /** Measurements of each chain. Default 10 000. */
  draws?: number;
  /** Steps from one measurement to the next: clusters, or sweeps. Default 1. */
  thin?: number;
  /** Steps before the first. Default a fifth of the others, at least 200. */
  warmup?: number;
  /** Independent runs, taken together. Default 1. */
  chains?: number;
  /** "ordered" (the default) has label 0 at all sites, "random" any at each. */
  start?: StartName;
  /** Default: drawn, and reported in the result. */
  seed?: number;
  /**
   * "gpu" sweeps on a GPU, by WebGPU (see docs/webgpu.md), with "heat-bath" or "metropolis": its own bits, the same on
   * every device. "auto" does so where there is one and it can hold the model. A `GPUDevice` is used as it is. Default
   * "cpu".
   */
  device?: DeviceOption;
}

/** What {@link simulatePotts} measured. Autocorrelation times are in steps. */
export interface PottsSimulation {
  /**
   * ⟨m⟩, m² = (q Σ_a ρ_a² − 1)/(q − 1) with ρ_a the share of label a: 0 if all are equally frequent, 1 if one has all
   * sites, |M|/N for q = 2.
   */
  readonly orderParameter: Estimate;
  /** ⟨E⟩/N. */
  readonly energyPerSite: Estimate;
  /** c = β²(⟨E²⟩ − ⟨E⟩²)/N. */
  readonly specificHeat: Estimate;
  /** χ = βN(⟨m²⟩ − ⟨m⟩²). */
  readonly susceptibility: Estimate;
  /** Binder's ratio U₄ = 1 − ⟨m⁴⟩/(3⟨m²⟩²): 2/3 in order, 1 − (q + 1)/(3(q − 1)) in disorder. */
  readonly binder: Estimate;
  readonly algorithm: PottsAlgorithm;
  readonly inverseTemperature: number;
  readonly temperature: number;
  readonly sites: number;
  readonly states: number;
  readonly draws: number;
  readonly thin: number;
  readonly warmup: number;
  readonly start: StartName;
  readonly seed: number;
  /** What moved the labels. */
  readonly kernel: EngineName;
  /** Why the CPU did although a GPU was allowed. */
  readonly fallback?: string;
  /** m and E/N of every measurement, a series a chain. */
  readonly series: readonly { readonly orderParameter: Float64Array; readonly energyPerSite: Float64Array }[];
  /** The last state of the first chain. */
  readonly labels: Uint8Array;
}

/**
 * Returns averages of a Potts model at one temperature with their error bars.
 *
 * @example
 * ```ts
 * import { createModel, potts, simulatePotts } from "@basin/ising";
 *
 * const model = potts(createModel("square", 16), { states: 3 });
 * const { orderParameter, energyPerSite } = await simulatePotts(model, { temperature: 0.9, draws: 2000, seed: 1 });
 * console.log(orderParameter, energyPerSite);
 * ```
 *
 * @throws {ArgumentError} for no temperature, options out of range or unknown, T = 0, and clusters where a coupling is
 * below 0.
 */
export async function simulatePotts(
  model: PottsEnergy,
  options: SimulatePottsOptions,
): Promise<PottsSimulation> {
  checkOptions(
    "simulatePotts",
    options,
    "algorithm draws thin warmup chains start seed device inverseTemperature temperature signal",
    "onProgress",
  );
  const { variables: sites, states } = model;
  const { algorithm, start, plan } = resolvePlan(model, options);
  const { seed, inverseTemperature, draws, thin, warmup } = plan;
  const found = await pottsDeviceKernel(model, algorithm, start, options.device);
  const { series, labels } =
    typeof found === "object" ? await runOnDevice(found, model, plan) : await runHere(model, algorithm, plan);
  const figures = await estimates(
    series.map(({ order, energy }) => ({ magnetization: order.map((m) => m * sites), energy })),
    sites,
    inverseTemperature,
    thin,
    options.signal,
  );
  return {
    orderParameter: figures.absoluteMagnetization,
    energyPerSite: figures.energyPerSite,
    specificHeat: figures.specificHeat,
    susceptibility: figures.susceptibility,
    binder: figures.binder,
    algorithm,
    inverseTemperature,
    temperature: options.temperature ?? 1 / inverseTemperature,
    sites,
    states,
    draws,
    thin,
    warmup,
    start,
    seed,
    kernel: typeof found === "object" ? "webgpu" : "typescript",
    ...(typeof found === "string" && { fallback: found }),
    series: series.map(({ order, energy }) => ({
      orderParameter: order,
      energyPerSite: energy.map((E) => E / sites),
    })),
    labels,
  };
}

async function runHere(
  model: PottsEnergy,
  algorithm: PottsAlgorithm,
  plan: SampleOptions<Uint8Array>,
): Promise<DeviceRun> {
  const kernel: PottsKernel = kernels[algorithm]();
  const run = await sample(model, kernel, plan);
  const orders = run.chains.map(({ observed }) => observed.order as Ordering);
  return {
    series: run.chains.map(({ stats }, k) => ({ order: orders[k].values, energy: stats.energy })),
    labels: orders[0].last,
  };
}

function resolvePlan(model: PottsEnergy, options: SimulatePottsOptions) {
  const { draws = 10_000, thin = 1, chains = 1, onProgress, signal } = options;
  checkNumber("draws", draws, { min: 4, integer: true });
  checkNumber("thin", thin, { min: 1, integer: true });
  checkDeviceOption(options.device);
  const start = checkName("start", options.start ?? "ordered", startNames);
  const plan = {
    seed: seedOf(options),
    inverseTemperature: resolveInverseTemperature(options, "simulatePotts"),
    draws,
    thin,
    warmup: options.warmup ?? Math.max(200, Math.ceil((draws * thin) / 5)),
    chains,
    keep: false,
    observers: { order: () => orderObserver(model.states) },
    ...(start === "ordered" && { initial: new Uint8Array(model.variables) }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  } satisfies SampleOptions<Uint8Array>;
  return {
    algorithm: checkName("algorithm", options.algorithm ?? "wolff", pottsAlgorithmNames),
    start,
    plan,
  };
}

interface Ordering {
  readonly values: Float64Array;
  readonly last: Uint8Array;
}

function orderObserver(q: number): Observer<Uint8Array, Ordering> {
  const values: number[] = [];
  const counts = new Float64Array(q);
  let last = new Uint8Array(0);
  return {
    observe(labels) {
      if (last.length === 0) last = labels.slice();
      counts.fill(0);
      for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
      values.push(orderOf(counts, labels.length));
      last.set(labels);
    },
    result: () => ({ values: Float64Array.from(values), last }),
  };
}
