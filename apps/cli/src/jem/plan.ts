import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { HeadName, KeptStates } from "@basin/jem";
import { InvalidArgumentError } from "commander";
import type { Context } from "../context.ts";
import { datasets } from "../options/datasets.ts";
import { flagOf } from "../options/resolve.ts";
import { toJson } from "../output.ts";
import { isNamedOutliers } from "./outliers.ts";

/** The options that a run was started with, stored so that `--resume` needs nothing else. */
export interface Plan {
  readonly data: string;
  readonly labels?: string;
  readonly arch: string;
  readonly head: HeadName;
  readonly batch?: number;
  readonly steps: number;
  readonly shift?: number;
  readonly outliers?: string;
  readonly seed: number;
  /** Limits in seconds and updates. At least one is set, and the first that is reached ends the run. */
  readonly time?: number;
  readonly updates?: number;
}

/** The options of a plan. */
export interface PlanOptions extends Plan {
  readonly out: string;
  readonly resume: boolean;
}

/** The progress of a checkpoint. */
export type Reached = Pick<KeptStates["state"], "updates" | "seconds" | "planned">;

/** Of the plan's file. */
const VERSION = 2;
/** The part that every plan has. */
const TYPES = { data: "string", arch: "string", steps: "number", seed: "number" } as const;
/** Options that cannot change during a run. */
const FIXED = ["data", "labels", "arch", "head", "batch", "steps", "shift", "outliers", "seed"] as const;
/** Seconds of a run without limits. */
const DEFAULT_TIME = 600;

const planFile = (folder: string) => join(folder, "run.json");

/** The checkpoint of a run in a folder. */
export const checkpointOf = (folder: string) => join(folder, "run.checkpoint");

/**
 * Returns the plan of a run from the options or, with `--resume`, from its folder. Limits in the options replace the
 * stored ones.
 */
export function planOf(options: PlanOptions, context: Context): Plan {
  const { out, resume, time, updates, ...rest } = options;
  const own = { ...rest, ...absolute(rest) };
  const limits = limitsOf({ time, updates });
  // A run that was killed before it began needs all its options again.
  const isNew = !existsSync(planFile(out)) && ["time", "updates", ...FIXED].some(context.isGiven);
  if (resume && isNew) context.begunAnew(out);
  if (!resume || isNew) {
    // A plan without a checkpoint belongs to a run that ended before its first one.
    if (existsSync(checkpointOf(out)) || existsSync(join(out, "basin.json")))
      throw new InvalidArgumentError(
        `${out} holds a run already; give --resume to go on with it, or another folder`,
      );
    if (own.labels !== undefined && Object.hasOwn(datasets, own.data))
      throw new InvalidArgumentError(
        `--labels is ${own.labels}, but ${own.data} has labels of its own; leave it out`,
      );
    return { ...pick(own), ...(limits ?? { time: DEFAULT_TIME }) };
  }
  const { time: keptTime, updates: keptUpdates, ...kept } = readPlan(out);
  for (const name of FIXED) if (context.isGiven(name)) checkSame(out, name, kept[name], own[name]);
  return {
    ...kept,
    ...(limits ?? limitsOf({ time: keptTime, updates: keptUpdates }) ?? { time: DEFAULT_TIME }),
  };
}

/**
 * Names of sets and nets are not changed. Paths become absolute, so that they lead to the same files from any folder.
 */
function absolute({ data, arch, labels, outliers }: Omit<Plan, "time" | "updates">) {
  return {
    data: Object.hasOwn(datasets, data) ? data : resolve(data),
    arch: /\.[cm]?[jt]s$/.test(arch) ? resolve(arch) : arch,
    ...(labels !== undefined && { labels: resolve(labels) }),
    ...(outliers !== undefined && { outliers: isNamedOutliers(outliers) ? outliers : resolve(outliers) }),
  };
}

function pick(options: Omit<Plan, "time" | "updates">): Omit<Plan, "time" | "updates"> {
  const { data, labels, arch, head, batch, steps, shift, outliers, seed } = options;
  return { data, labels, arch, head, batch, steps, shift, outliers, seed };
}

function limitsOf({ time, updates }: Pick<Plan, "time" | "updates">) {
  return time === undefined && updates === undefined ? undefined : { time, updates };
}

function readPlan(folder: string): Plan {
  const path = planFile(folder);
  if (!existsSync(path))
    throw new InvalidArgumentError(`${folder} holds no run to go on with (there is no run.json in it)`);
  let plan: Partial<Plan> | null;
  try {
    plan = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new InvalidArgumentError(`${path} is damaged: ${(cause as Error).message.replaceAll("\n", " ")}`);
  }
  const version = (plan as { version?: unknown } | null)?.version;
  if (plan !== null && version !== VERSION && "data" in plan)
    throw new InvalidArgumentError(
      `${path} is of version ${version}, expected ${VERSION}; start the run anew`,
    );
  for (const [name, type] of Object.entries(TYPES)) {
    const found = plan?.[name as keyof Plan];
    if (typeof found !== type)
      throw new InvalidArgumentError(`${path} is damaged: ${name} is ${found}, expected a ${type}`);
  }
  return plan as Plan;
}

function checkSame(folder: string, name: (typeof FIXED)[number], kept: unknown, given: unknown): void {
  if (kept === given) return;
  const option = flagOf(name, "");
  throw new InvalidArgumentError(
    `${option} is ${given}, but the run in ${folder} was started with ${kept ?? `no ${option}`}; ` +
      "leave the option out to go on, or name another folder for another run",
  );
}

/** Stores a plan in its folder. */
export function writePlan(folder: string, plan: Plan, context: Context): Promise<void> {
  return context.write(planFile(folder), `${toJson({ version: VERSION, ...plan })}\n`);
}

/** Resolves to the progress of the run in a folder; undefined without a checkpoint. */
export async function reachedIn(folder: string): Promise<Reached | undefined> {
  const { fileCheckpoint } = await import("@basin/energy-core/run");
  const found = await fileCheckpoint(checkpointOf(folder)).load();
  return (found?.state as KeptStates | undefined)?.state;
}

/** @throws {InvalidArgumentError} if a run has no time or updates left. */
export function checkLeft(
  { out, ...given }: Pick<PlanOptions, "out" | "time" | "updates">,
  { time, updates: most }: Plan,
  { updates, seconds, planned }: Reached,
): void {
  const limits = [
    ...(most !== undefined && updates >= most ? [`--updates ${most}`] : []),
    ...(time !== undefined && seconds >= time ? [`--time ${time}s`] : []),
  ];
  // A run with a time limit plans its updates, and ends a little before the limit.
  const isDone = limitsOf(given) === undefined && most === undefined && updates >= planned;
  if (limits.length === 0 && isDone) limits.push(`the ${time} seconds that it was given`);
  if (limits.length === 0) return;
  throw new InvalidArgumentError(
    `the checkpoint in ${out} is at update ${updates} after ${seconds.toPrecision(3)} s, ` +
      `so ${limits.join(" and ")} left nothing to do; give --updates or --time above that to go on`,
  );
}
