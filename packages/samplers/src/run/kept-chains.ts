import { ArgumentError } from "@basin/energy-core";
import { type CheckpointOptions, keepRun, type RunKeeper } from "@basin/energy-core/run";
import type { ChainPlan, ChainSnapshot } from "./chain-plan.ts";
import type { StateArray } from "./draws.ts";

/** Which run it is, beside its plan. */
interface RunFacts {
  readonly kernel: string;
  readonly seed: number;
  readonly chains: number;
  readonly dimension: number;
}

/** Where every chain stands; undefined for chains that have to start over. */
export type KeptChains<X extends StateArray> = readonly (ChainSnapshot<X> | undefined)[];

/**
 * Runs chains with their checkpoint, which `sample` and `sampleModule` share.
 *
 * @throws {ArgumentError} if the checkpoint belongs to another run, or if there are observers. Other errors are those
 * of {@link keepRun}.
 */
export async function keepChains<X extends StateArray, R>(
  options: CheckpointOptions & { readonly observers?: object },
  facts: RunFacts,
  { warmup, draws, thin, inverseTemperature, keep, until, initial }: Omit<ChainPlan<X>, "observers">,
  run: (keeper: RunKeeper<KeptChains<X>>) => Promise<R>,
): Promise<R> {
  if (options.checkpoint !== undefined && Object.keys(options.observers ?? {}).length > 0) {
    throw new ArgumentError(
      "observers keep their own state, which a checkpoint does not hold; use one or the other",
    );
  }
  const asked = {
    ...(until && { until: JSON.stringify(until) }),
    ...(typeof initial === "string" && { initial }),
  };
  const fingerprint = () => ({ ...facts, warmup, draws, thin, inverseTemperature, keep, ...asked });
  return keepRun(options, { format: "sample", version: 2, fingerprint }, run);
}
