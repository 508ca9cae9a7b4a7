import { createRng } from "@basin/energy-core/random";
import { pacer, type RunOptions } from "@basin/energy-core/run";
import type { pottsDeviceKernel } from "../simulate/on-device.ts";
import { Bunch } from "../simulate/run-sweeps.ts";
import type { PottsEnergy } from "./potts.ts";

/** The run of a kernel on a device. */
export interface DeviceRunPlan extends RunOptions {
  readonly seed: number;
  readonly inverseTemperature: number;
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  readonly thin: number;
}

/** What each chain measured, and the last state of the first. */
export interface DeviceRun {
  readonly series: readonly { readonly order: Float64Array; readonly energy: Float64Array }[];
  readonly labels: Uint8Array;
}

/** Runs the chains of a Potts model side by side on a device. */
export async function runOnDevice(
  kernel: Exclude<Awaited<ReturnType<typeof pottsDeviceKernel>>, string | undefined>,
  model: PottsEnergy,
  plan: DeviceRunPlan,
): Promise<DeviceRun> {
  const { seed, inverseTemperature, chains, warmup, draws, thin } = plan;
  const root = createRng(seed);
  const pace = pacer(plan);
  const total = chains * (warmup + draws * thin);
  const breathe = async (steps: number) => {
    if (pace.due) await pace.breathe(() => ({ done: chains * steps, total }));
  };
  const walkers = await kernel.walkers(model, { groups: chains, streams: (chain) => root.split(chain) });
  const series = Array.from({ length: chains }, () => ({
    order: new Float64Array(draws),
    energy: new Float64Array(draws),
  }));
  try {
    const bunch = new Bunch(walkers);
    for (let done = 0; done < warmup; await breathe(done)) {
      const some = bunch.next(warmup - done);
      walkers.step(some, inverseTemperature);
      await walkers.can.fetch();
      done += some;
    }
    for (let done = 0; done < draws; await breathe(warmup + done * thin)) {
      const some = bunch.next(draws - done);
      const [energies, orders] = [new Float64Array(chains * some), new Float64Array(chains * some)];
      await walkers.can.record(thin, inverseTemperature, energies, orders);
      for (const [chain, { order, energy }] of series.entries()) {
        order.set(orders.subarray(chain * some, (chain + 1) * some), done);
        energy.set(energies.subarray(chain * some, (chain + 1) * some), done);
      }
      done += some;
    }
    await walkers.can.fetch(0);
    pace.report(() => ({ done: total, total }));
    return { series, labels: walkers.read(0) };
  } finally {
    walkers.dispose();
  }
}
