import { ArgumentError } from "@basin/energy-core";
import type { ChainPlan, ChainSnapshot } from "./chain-plan.ts";
import type { CheckpointStore } from "./checkpoint.ts";
import type { StateArray } from "./draws.ts";

/** What a checkpoint must share with the run that goes on from it. */
export type Fingerprint = Readonly<Record<string, string | number | boolean>>;

/** A run of `sample` as a checkpoint keeps it. */
export interface SampleCheckpoint {
  readonly version: 1;
  readonly run: Fingerprint;
  /** One entry a chain; undefined for chains that have to start over. */
  readonly chains: readonly (ChainSnapshot | undefined)[];
}

/** Returns what identifies a run. */
export function fingerprint<X extends StateArray>(
  kernel: string,
  seed: number,
  chains: number,
  dimension: number,
  plan: ChainPlan<X>,
): Fingerprint {
  const { warmup, draws, thin, inverseTemperature, keep } = plan;
  return { kernel, seed, chains, dimension, warmup, draws, thin, inverseTemperature, keep };
}

/** A run that is kept, or not. */
export interface RunKeeper<X extends StateArray> {
  /** Returns where chain `k` stood. */
  snapshot(k: number): ChainSnapshot<X> | undefined;
  save(chains: readonly (ChainSnapshot<X> | undefined)[]): Promise<void>;
}

/**
 * Loads the checkpoint of a run.
 *
 * @throws {ArgumentError} when it belongs to another run, naming the first difference, or when observers are asked for.
 */
export async function keepRun<X extends StateArray>(
  options: { readonly checkpoint?: CheckpointStore<SampleCheckpoint>; readonly observers?: object },
  run: Fingerprint,
): Promise<RunKeeper<X>> {
  const { checkpoint } = options;
  if (checkpoint === undefined) return { snapshot: () => undefined, save: async () => {} };
  if (Object.keys(options.observers ?? {}).length > 0) {
    throw new ArgumentError(
      "observers keep their own state, which a checkpoint does not hold; use one or the other",
    );
  }
  const kept = await checkpoint.load();
  if (kept !== undefined) checkSameRun(kept, run);
  return {
    snapshot: (k) => kept?.chains[k] as ChainSnapshot<X> | undefined,
    save: (chains) => checkpoint.save({ version: 1, run, chains }),
  };
}

function checkSameRun(kept: SampleCheckpoint, run: Fingerprint): void {
  if (kept.version !== 1 || typeof kept.run !== "object") {
    throw new ArgumentError(
      "the checkpoint was not written by this version of sample; remove it to start over",
    );
  }
  for (const [name, value] of Object.entries(run)) {
    if (kept.run[name] !== value) {
      throw new ArgumentError(
        `the checkpoint is of another run: its ${name} is ${kept.run[name]}, this one's is ${value}; remove it to start over`,
      );
    }
  }
}
