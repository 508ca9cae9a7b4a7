import { type AbortSignal, type KernelName, type KernelOption, runJobs } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import type { ThreadOptions } from "@basin/energy-core/run";
import {
  type PlainProblem,
  plainProblem,
  restoreProblem,
  type SpinProblem,
} from "../problem/spin-problem.ts";
import { type AnnealerName, chooseAnnealer, runAnnealer } from "./annealers.ts";
import type { Thresholds } from "./bits/bits.ts";
import { type AnnealProgress, Reads } from "./reads.ts";

/** A part of an annealing run: all of it can be cloned. */
export interface AnnealJob {
  readonly problem: PlainProblem;
  readonly annealer: AnnealerName;
  readonly kernel: KernelOption | undefined;
  readonly thresholds: Thresholds;
  readonly inverseTemperatures: Float64Array;
  readonly seed: number;
  /** First read of the part, and how many. */
  readonly first: number;
  readonly count: number;
}

interface Part {
  readonly states: Int8Array;
  readonly energies: Float64Array;
  readonly kernel: KernelName;
}

type PartProgress = Pick<AnnealProgress, "done" | "energy">;

/** Anneals the reads of one part. The function that threads call. */
export async function runAnnealJob(job: AnnealJob, report: (progress: PartProgress) => void): Promise<Part> {
  const problem = restoreProblem(job.problem);
  const reads = new Reads(
    problem,
    job.count,
    { onProgress: ({ done, energy }) => report({ done, energy }) },
    job.first,
  );
  const { inverseTemperatures: betas, kernel: asked, thresholds } = job;
  const annealer = chooseAnnealer(problem, job.annealer, betas[betas.length - 1], {
    kernel: asked,
    thresholds,
  });
  const kernel = await runAnnealer(problem, annealer, betas, createRng(job.seed), reads);
  return { states: reads.set.states.data, energies: reads.set.energies, kernel };
}

/** Anneals all reads, whole batches of them in each of several threads, and returns which kernel ran. */
export async function annealInThreads(
  problem: SpinProblem,
  part: Pick<AnnealJob, "annealer" | "kernel" | "thresholds" | "inverseTemperatures" | "seed">,
  batch: number,
  reads: Reads,
  { workers = 1, createWorker }: ThreadOptions,
  signal: AbortSignal | undefined,
): Promise<KernelName> {
  const total = reads.set.energies.length;
  // Several parts a thread even out batches of different speed.
  const size = batch * Math.max(1, Math.ceil(total / batch / (4 * workers)));
  const plain = plainProblem(problem);
  const jobs = Array.from({ length: Math.ceil(total / size) }, (_, k) => ({
    module: { name: "@basin/ising/worker", url: import.meta.url },
    function: "runAnnealJob",
    argument: {
      problem: plain,
      ...part,
      first: k * size,
      count: Math.min(size, total - k * size),
    } satisfies AnnealJob,
  }));
  let kernel: KernelName = "typescript";
  const done = new Float64Array(jobs.length);
  await runJobs<Part>(jobs, {
    workers,
    createWorker,
    signal,
    onReport: (job, value) => {
      const { done: ended, energy } = value as PartProgress;
      done[job] = ended;
      reads.report(
        done.reduce((a, b) => a + b),
        energy,
      );
    },
    onResult: (job, result) => {
      kernel = result.kernel;
      done[job] = result.energies.length;
      for (const [r, energy] of result.energies.entries()) {
        const to = reads.state(job * size + r);
        to.set(result.states.subarray(r * to.length, (r + 1) * to.length));
        reads.end(job * size + r, energy);
      }
    },
  });
  return kernel;
}
