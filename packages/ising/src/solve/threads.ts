import {
  checksum,
  type Fingerprint,
  type KernelName,
  type KernelOption,
  spread,
} from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import type { CheckpointOptions, RunOptions, ThreadOptions } from "@basin/energy-core/run";
import {
  type PlainProblem,
  plainProblem,
  restoreProblem,
  type SpinProblem,
} from "../problem/spin-problem.ts";
import { describeProblem } from "../simulate/fingerprint.ts";
import { type AnnealerName, chooseAnnealer, runAnnealer } from "./annealers.ts";
import type { Thresholds } from "./bits/bits.ts";
import { type AnnealProgress, Reads } from "./reads.ts";

/** A part of an annealing run; all of it can be cloned. */
export interface AnnealJob {
  readonly problem: PlainProblem;
  readonly annealer: AnnealerName;
  readonly kernel: KernelOption | undefined;
  readonly thresholds: Thresholds;
  readonly inverseTemperatures: Float64Array;
  readonly seed: number;
  /** First read of the part, and the number of its reads. */
  readonly first: number;
  readonly count: number;
}

interface Part {
  readonly states: Int8Array;
  readonly energies: Float64Array;
  readonly kernel: KernelName;
}

type PartProgress = Pick<AnnealProgress, "done" | "energy">;

/** Anneals the reads of one part. Threads call this function. */
export function runAnnealJob(job: AnnealJob, report: (progress: PartProgress) => void): Promise<Part> {
  const onProgress = ({ done, energy }: PartProgress) => report({ done, energy });
  return annealPart(restoreProblem(job.problem), job, { onProgress });
}

async function annealPart(
  problem: SpinProblem,
  job: AnnealJob,
  options: RunOptions<AnnealProgress>,
): Promise<Part> {
  const reads = new Reads(problem, job.count, options, job.first);
  const { inverseTemperatures: betas, kernel: asked, thresholds } = job;
  const annealer = chooseAnnealer(problem, job.annealer, betas[betas.length - 1], {
    kernel: asked,
    thresholds,
  });
  const kernel = await runAnnealer(problem, annealer, betas, createRng(job.seed), reads);
  return { states: reads.set.states.data, energies: reads.set.energies, kernel };
}

/**
 * Anneals all reads in parts of whole batches, here or in threads, and returns which kernel ran. A checkpoint keeps the
 * finished parts. Each part then has one batch, so that parts are the same for any number of threads.
 */
export async function annealInParts(
  problem: SpinProblem,
  plan: Pick<AnnealJob, "annealer" | "kernel" | "thresholds" | "inverseTemperatures" | "seed">,
  batch: number,
  reads: Reads,
  options: ThreadOptions & CheckpointOptions & Pick<RunOptions, "signal">,
): Promise<KernelName> {
  const { workers = 1, checkpoint, signal } = options;
  const total = reads.set.energies.length;
  // Several parts per thread even out batches of different speed.
  const size = batch * (checkpoint ? 1 : Math.max(1, Math.ceil(total / batch / (4 * workers))));
  const plain = plainProblem(problem);
  const argument = (k: number): AnnealJob => ({
    ...{ problem: plain, ...plan },
    ...{ first: k * size, count: Math.min(size, total - k * size) },
  });
  let kernel: KernelName = "typescript";
  const done = new Float64Array(Math.ceil(total / size));
  const module = { name: "@basin/ising/worker", url: import.meta.url };
  await spread<AnnealJob, Part, PartProgress>(
    done.length,
    {
      here: (k, report) => annealPart(problem, argument(k), { signal, onProgress: report }),
      there: { module, function: "runAnnealJob", argument },
    },
    {
      ...{ ...options, onProgress: undefined },
      identity: { format: "anneal", version: 1, fingerprint: () => runOf(problem, plan, total) },
      onReport: (part, { done: ended, energy }) => {
        done[part] = ended;
        reads.report(
          done.reduce((a, b) => a + b),
          energy,
        );
      },
      onResult: (part, result) => {
        kernel = result.kernel;
        done[part] = result.energies.length;
        for (const [r, energy] of result.energies.entries()) {
          const to = reads.state(part * size + r);
          to.set(result.states.subarray(r * to.length, (r + 1) * to.length));
          reads.end(part * size + r, energy);
        }
      },
    },
  );
  return kernel;
}

function runOf(
  problem: SpinProblem,
  {
    annealer,
    thresholds,
    inverseTemperatures,
    seed,
  }: Pick<AnnealJob, "annealer" | "thresholds" | "inverseTemperatures" | "seed">,
  reads: number,
): Fingerprint {
  const sweeps = inverseTemperatures.length;
  return {
    ...{ problem: describeProblem(problem), annealer, thresholds, seed, reads, sweeps },
    inverseTemperatures: checksum(inverseTemperatures),
  };
}
