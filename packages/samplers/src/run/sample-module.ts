import { ArgumentError, checkNumber, type Energy } from "@basin/energy-core";
import type { Expression } from "@basin/energy-core/expression";
import {
  checkLength,
  checkOptions,
  checkWorkers,
  loadModule,
  now,
  runJobs,
  seedOf,
} from "@basin/energy-core/internal";
import {
  moduleBeside,
  openPool,
  type RunKeeper,
  type ThreadOptions,
  type WorkerPool,
} from "@basin/energy-core/run";
import { checkFit, kernelByName } from "../kernels/by-name.ts";
import { type ChainJob, type ChainReport, loadEnergy } from "./chain-job.ts";
import type { ChainProgress, ChainSnapshot } from "./chain-plan.ts";
import { type ChainDraws, type Draws, inQuantities, type StateArray } from "./draws.ts";
import { type KeptChains, keepChains } from "./kept-chains.ts";
import { planChains, type SampleOptions, sampleProgress } from "./sample.ts";
import { drawUntil } from "./until.ts";

/** Options of {@link sampleModule}. */
export interface SampleModuleOptions
  extends Omit<SampleOptions<StateArray>, "initial" | "observers">,
    ThreadOptions {
  /** Name of the kernel. Default "nuts". */
  kernel?: string;
  /** Options of the kernel. */
  kernelOptions?: object;
  /** Names of the coordinates. Default: the export `names` of the module, otherwise as {@link SampleOptions.names}. */
  names?: readonly string[];
  /** Name under which the module exports the energy, or a function that makes it. Default "default". */
  export?: string;
  /** Where chains start: one state for all, one for each, or by Pathfinder. */
  initial?: StateArray | readonly StateArray[] | "pathfinder";
}

/** Returns the coordinates' names that a module exports as `names`, if it does. */
async function namesOf(module: string): Promise<readonly string[] | undefined> {
  const { names } = await loadModule(module);
  return Array.isArray(names) ? names.map(String) : undefined;
}

interface Finished {
  readonly draws: ChainDraws<StateArray>;
  /** How many they are. */
  readonly made: number;
  readonly snapshot: ChainSnapshot<StateArray> | undefined;
}

/**
 * Returns draws for the energy of a formula or of a module, with the chains spread over threads. They are those of
 * {@link sample}, bit for bit. Each thread imports the module or compiles the formula. Threads share the data of a
 * formula if there is shared memory.
 *
 * @param source an energy made by `expression`, or the URL of a module that exports an energy, such as
 * `import.meta.resolve("./energy.ts")`, or a name given to {@link provideModule}.
 * @throws {PoolError} if a chain fails or its thread dies. With a `checkpoint`, finished chains are saved, and the same
 * call runs the others.
 *
 * @example
 * ```ts
 * import { sampleModule, summary } from "@basin/samplers";
 *
 * const module = `data:text/javascript,
 *   import { differentiable } from "${import.meta.resolve("@basin/energy-core")}";
 *   export default differentiable(1, (x, out) => ((out[0] = x[0]), 0.5 * x[0] * x[0]));`;
 * console.table(summary(await sampleModule(module, { seed: 1, workers: 2 })));
 * ```
 */
export async function sampleModule(
  source: string | Expression,
  options: SampleModuleOptions = {},
): Promise<Draws<StateArray>> {
  checkOptions(
    "sampleModule",
    options,
    "kernel kernelOptions names export initial inverseTemperature temperature seed chains",
    "warmup draws until thin checkGradient keep workers createWorker checkpoint checkpointEvery",
    "signal onProgress",
  );
  const { kernel: kernelName = "nuts", kernelOptions = {}, export: name = "default" } = options;
  const count = checkNumber("chains", options.chains ?? 4, { min: 1, integer: true });
  const kernel = kernelByName(kernelName, kernelOptions);
  const { observers: _, ...plan } = planChains<StateArray>(options as SampleOptions<StateArray>, kernel);
  const isModule = typeof source === "string";
  if (!isModule && options.export !== undefined)
    throw new ArgumentError(`export is "${name}", but a formula is no module and exports nothing`);
  const energy = isModule
    ? await loadEnergy(source, name)
    : (source as Energy<unknown> as Energy<StateArray>);
  checkFit(kernel, energy);
  const { space } = energy;
  const given = options.names ?? (isModule ? await namesOf(source) : undefined);
  const sent = isModule ? source : source.trace();
  const names = given ?? Array.from({ length: space.dimension }, (_, i) => `x[${i}]`);
  checkLength("names", names.length, space.dimension);
  const seed = seedOf(options);
  const facts = { kernel: kernel.name, seed, chains: count, dimension: space.dimension };
  const { inverseTemperature, thin } = plan;
  const begun = now();
  const draws = await keepChains(options, facts, plan, async (keeper: RunKeeper<KeptChains<StateArray>>) => {
    const pool = openPool({ ...options, workers: Math.min(count, checkWorkers(options)) });
    let snapshots = keeper.found;
    const run = async (upTo: number) => {
      const job = (chain: number): ChainJob => ({
        ...{ source: sent, export: name, kernel: kernelName, kernelOptions, seed, chain },
        plan: { ...plan, draws: upTo },
        checkGradient: chain === 0 && (options.checkGradient ?? true),
        timeLeft: plan.until && Math.max(0, plan.until.timeLimit - (now() - begun)),
      });
      const jobs = Array.from({ length: count }, (_, k) => job(k));
      const results = await runChains(jobs, { ...options, pool }, keeper, snapshots);
      snapshots = results.map(({ snapshot }) => snapshot);
      const made = Math.min(...results.map((result) => result.made));
      const chains = results
        .map((result) => firstDraws(result.draws, made, space.dimension))
        .map((chain) => (isModule ? chain : withLine(chain, source)));
      const all = { ...facts, inverseTemperature, draws: made, thin, names, chains };
      return given === undefined ? inQuantities(all, space) : all;
    };
    try {
      return await (plan.until === undefined ? run(plan.draws) : drawUntil(plan.until, plan.draws, run));
    } finally {
      pool.close();
    }
  });
  return draws;
}

/** Cuts a chain to as many draws as the shortest made until the time was up. */
function firstDraws(chain: ChainDraws<StateArray>, draws: number, dimension: number): ChainDraws<StateArray> {
  const stats = Object.entries(chain.stats).map(([name, values]) => [name, values.subarray(0, draws)]);
  const positions = chain.positions.subarray(0, draws * dimension);
  return { ...chain, positions, stats: Object.fromEntries(stats) };
}

/** Adds the line at which a formula was NaN, which its trace has lost on the way to a thread. */
function withLine(chain: ChainDraws<StateArray>, formula: Expression): ChainDraws<StateArray> {
  const { rejections } = chain;
  if (rejections?.nan === undefined) return chain;
  const { state, where } = rejections.nan;
  const nan = { state, where: formula.firstNaN(Float64Array.from(state)) ?? where };
  return { ...chain, rejections: { ...rejections, nan } };
}

async function runChains(
  chains: readonly ChainJob[],
  { pool, signal, onProgress, checkpointEvery = 30_000 }: SampleModuleOptions & { pool: WorkerPool },
  keeper: RunKeeper<KeptChains<StateArray>>,
  found: KeptChains<StateArray> | undefined,
): Promise<Finished[]> {
  const snapshots = chains.map((_, k) => found?.[k]);
  const snapshotMs = keeper.isKept ? checkpointEvery : undefined;
  const progress: ChainProgress[] = chains.map(({ plan }, k) =>
    waiting(k, plan.warmup + plan.draws * plan.thin),
  );
  const keep = (chain: number, snapshot: ChainSnapshot | undefined) => {
    if (snapshot === undefined) return;
    snapshots[chain] = snapshot as ChainSnapshot<StateArray>;
    void keeper.save([...snapshots]);
  };
  const module = { name: "@basin/samplers/worker", url: moduleBeside(import.meta.url, "chain-job") };
  const jobs = chains.map((job, k) => ({
    module,
    function: "runChainJob",
    argument: { ...job, snapshot: snapshots[k], snapshotMs },
  }));
  return runJobs<Finished>(jobs, {
    ...{ pool, signal, what: "chain" },
    onReport: (chain, value) => {
      const report = value as ChainReport;
      progress[chain] = report.progress;
      keep(chain, report.snapshot);
      onProgress?.(sampleProgress([...progress]));
    },
    onResult: (chain, { snapshot }) => keep(chain, snapshot),
  });
}

function waiting(chain: number, steps: number): ChainProgress {
  return { chain, phase: "warmup", step: 0, steps, acceptanceProbability: Number.NaN, divergences: 0 };
}
