import { ArgumentError, type Energy } from "@basin/energy-core";
import type { FormulaTrace } from "@basin/energy-core/expression";
import { loadModule, now } from "@basin/energy-core/internal";
import { createRng } from "@basin/energy-core/random";
import { LEAST_DRAWS } from "../diagnose/chains.ts";
import { bindByName } from "../kernel.ts";
import { kernelByName } from "../kernels/by-name.ts";
import { Chain } from "./chain.ts";
import type { ChainPlan, ChainProgress, ChainSnapshot } from "./chain-plan.ts";
import type { StateArray } from "./draws.ts";

/** What a thread needs to run one chain: all of it can be cloned. */
export interface ChainJob {
  /** Where the energy comes from: a module that exports it, or a formula. */
  readonly source: string | FormulaTrace;
  readonly export: string;
  readonly kernel: string;
  readonly kernelOptions: object;
  readonly seed: number;
  readonly chain: number;
  readonly plan: Omit<ChainPlan<StateArray>, "observers">;
  readonly snapshot?: ChainSnapshot;
  readonly checkGradient: boolean;
  /** Milliseconds left for it, after which it stops with the draws it has. */
  readonly timeLeft?: number;
  /** Milliseconds between snapshots; absent when none are wanted. */
  readonly snapshotMs?: number;
}

/** What a running chain reports. */
export interface ChainReport {
  readonly progress: ChainProgress;
  readonly snapshot?: ChainSnapshot;
}

const REPORT_MS = 100;

/** Runs one chain to its end and returns its last snapshot and draws. The function that the pool's threads call. */
export async function runChainJob(job: ChainJob, report: (value: ChainReport) => void): Promise<unknown> {
  const energy = await loadEnergy(job.source, job.export);
  const kernel = kernelByName(job.kernel, job.kernelOptions);
  const bind = (rejecting: typeof energy) => bindByName(kernel, rejecting);
  const rng = createRng(job.seed).split(job.chain);
  const chain = new Chain(energy, bind, { ...job.plan, observers: {} }, rng, job.chain, job.snapshot);
  if (job.checkGradient) chain.checkGradient();
  const begun = now();
  let [reported, kept] = [begun, begun];
  while (!chain.done) {
    chain.advance(16);
    const time = now();
    if (time - begun >= (job.timeLeft ?? Infinity) && chain.made >= LEAST_DRAWS) break;
    if (time - reported < REPORT_MS) continue;
    reported = time;
    const due = job.snapshotMs !== undefined && time - kept >= job.snapshotMs;
    if (due) kept = time;
    report({ progress: chain.progress, snapshot: due ? chain.snapshot() : undefined });
  }
  report({ progress: chain.progress });
  const made = Math.min(chain.made, job.plan.draws);
  return { draws: chain.result(made), made, snapshot: chain.snapshot() };
}

/**
 * Resolves to the energy of a formula, or to the energy that a module exports. The export is an energy, or a function
 * that returns one or a promise of one.
 *
 * @throws {ArgumentError} if the export is missing or is not an energy.
 */
export async function loadEnergy(source: string | FormulaTrace, name: string): Promise<Energy<StateArray>> {
  if (typeof source === "string") return exportedEnergy(source, name);
  // Only this case needs the compiler.
  const { expressionFromTrace } = await import("@basin/energy-core/expression");
  return expressionFromTrace(source) as Energy<StateArray, object> as Energy<StateArray>;
}

async function exportedEnergy(module: string, name: string): Promise<Energy<StateArray>> {
  const exports = await loadModule(module);
  const found = exports[name];
  let energy = found;
  if (typeof found === "function") {
    try {
      energy = await found();
    } catch (cause) {
      throw new ArgumentError(
        `the function "${name}" of ${module} threw: ${(cause as Error)?.message ?? cause}`,
        { cause },
      );
    }
  }
  if (isEnergy(energy)) return energy;
  throw new ArgumentError(
    `${module} exports ${found === undefined ? "no" : "something else as"} "${name}", expected an energy { space, energy(x), can } or a function that returns one; its exports: ${Object.keys(exports).join(", ") || "none"}`,
  );
}

function isEnergy(value: unknown): value is Energy<StateArray> {
  const { space, energy, can } = (value ?? {}) as Partial<Energy<StateArray>>;
  return typeof space?.check === "function" && typeof energy === "function" && typeof can === "object";
}
