import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ArgumentError } from "@basin/energy-core";
import type { JointEnergy, KeptStates } from "@basin/jem";
import { resolveSeed } from "../../options.ts";
import { toJson, writeWhole } from "../../output.ts";
import { hasModel, oneLine } from "./files.ts";
import { isNamedSet } from "./images.ts";
import { isNamedOutliers } from "./outliers.ts";

/** The options of `basin jem train`. */
export interface TrainOptions {
  data: string;
  labels?: string;
  arch: string;
  out: string;
  minutes?: number;
  steps?: number;
  resume: boolean;
  workers: number;
  head: JointEnergy["head"];
  batch?: number;
  samplerSteps: number;
  shift?: number;
  outliers?: string;
  checkpointSeconds: number;
  seed?: number;
  json: boolean;
}

/** How long a run goes: at least one of the two is set, and the first that is reached ends it. */
export type Limits = Pick<TrainOptions, "minutes" | "steps">;

/** What a run was started with, kept so that `--resume` needs nothing else. */
export type Plan = Pick<
  TrainOptions,
  "data" | "labels" | "arch" | "batch" | "samplerSteps" | "shift" | "outliers"
> &
  Limits & {
    readonly seed: number;
    /** Absent from runs of before there was a choice: "logits". */
    readonly head?: JointEnergy["head"];
  };

/** How far a checkpoint has got. */
export type Reached = Pick<KeptStates["state"], "updates" | "seconds" | "planned">;

const PLAN = "run.json";
const CHECKPOINT = "run.checkpoint";
const DEFAULT_MINUTES = 10;

export function checkpointOf(folder: string): string {
  return join(folder, CHECKPOINT);
}

/** Returns what a new run is, from the options. @throws {ArgumentError} when the folder holds a run already. */
export function newPlan(options: TrainOptions): Plan {
  const { data, labels, arch, head, batch, samplerSteps, shift, outliers, out } = options;
  // A plan alone is of a run that ended before it had anything to keep.
  if (existsSync(checkpointOf(out)) || hasModel(out))
    throw new ArgumentError(`${out} holds a run already; give --resume to go on with it, or another folder`);
  if (labels !== undefined && isNamedSet(data))
    throw new ArgumentError(`--labels is ${labels}, but ${data} has labels of its own; leave it out`);
  return {
    ...absolute({ data, arch, labels, outliers }),
    head,
    ...(batch !== undefined && { batch }),
    samplerSteps,
    seed: resolveSeed(options.seed),
    ...(shift !== undefined && { shift }),
    ...(limitsOf(options) ?? { minutes: DEFAULT_MINUTES }),
  };
}

/** Returns the names of sets and nets as they are, and paths absolute, so that they lead to the same files from any folder. */
function absolute(names: Pick<TrainOptions, "data" | "arch" | "labels" | "outliers">) {
  const { data, arch, labels, outliers } = names;
  return {
    data: isNamedSet(data) ? data : resolve(data),
    arch: /\.[cm]?[jt]s$/.test(arch) ? resolve(arch) : arch,
    ...(labels !== undefined && { labels: resolve(labels) }),
    ...(outliers !== undefined && { outliers: isNamedOutliers(outliers) ? outliers : resolve(outliers) }),
  };
}

/**
 * Returns what a run that is gone on with is, from its folder; limits among the options replace the kept ones.
 *
 * @param isGiven whether an option was given, and is no default.
 * @throws {ArgumentError} for an option that says something else than the run was started with.
 */
export function keptPlan(options: TrainOptions, isGiven: (name: keyof TrainOptions) => boolean): Plan {
  const { minutes, steps, ...rest } = readPlan(options.out);
  const kept = { ...rest, head: rest.head ?? "logits" };
  const given = { ...options, ...absolute(options) };
  for (const name of FIXED) if (isGiven(name)) checkSame(options.out, name, kept[name], given[name]);
  return { ...kept, ...(limitsOf(options) ?? limitsOf({ minutes, steps }) ?? { minutes: DEFAULT_MINUTES }) };
}

function readPlan(folder: string): Plan {
  const path = join(folder, PLAN);
  if (!existsSync(path))
    throw new ArgumentError(`${folder} holds no run to go on with (there is no ${PLAN} in it)`);
  let plan: Partial<Plan> | null;
  try {
    plan = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ArgumentError(`${path} is damaged: ${oneLine(cause)}`, { cause });
  }
  for (const [name, type] of Object.entries(TYPES))
    if (typeof plan?.[name as keyof Plan] !== type)
      throw new ArgumentError(
        `${path} is damaged: ${name} is ${plan?.[name as keyof Plan]}, expected a ${type}`,
      );
  return plan as Plan;
}

/** What every plan holds. */
const TYPES = { data: "string", arch: "string", samplerSteps: "number", seed: "number" };

/** Options that a run keeps to the end, */
const FIXED = [
  "data",
  "labels",
  "arch",
  "head",
  "batch",
  "samplerSteps",
  "shift",
  "outliers",
  "seed",
] as const;

function checkSame(folder: string, name: (typeof FIXED)[number], kept: unknown, given: unknown): void {
  if (kept === given) return;
  const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new ArgumentError(
    `${option} is ${given}, but the run in ${folder} was started with ${kept ?? `no ${option}`}; ` +
      "leave the option out to go on, or name another folder for another run",
  );
}

export function writePlan(folder: string, plan: Plan): void {
  writeWhole(join(folder, PLAN), `${toJson(plan)}\n`);
}

/** Resolves to how far the run in a folder has got, if it has come to a checkpoint. */
export async function reachedIn(folder: string): Promise<Reached | undefined> {
  const { fileCheckpoint } = await import("@basin/energy-core/run");
  const found = await fileCheckpoint(checkpointOf(folder)).load();
  return (found?.state as KeptStates | undefined)?.state;
}

/** @throws {ArgumentError} when a run has no time or updates left. */
export function checkLeft(options: TrainOptions, { minutes, steps }: Plan, reached: Reached): void {
  const { updates, seconds, planned } = reached;
  const limits = [
    ...(steps !== undefined && updates >= steps ? [`--steps ${steps}`] : []),
    ...(minutes !== undefined && seconds >= 60 * minutes ? [`--minutes ${minutes}`] : []),
  ];
  // A run by time plans its updates and ends a little before the time does.
  const isDone = limitsOf(options) === undefined && steps === undefined && updates >= planned;
  if (limits.length === 0 && isDone) limits.push(`the ${minutes} minutes that it was given`);
  if (limits.length === 0) return;
  throw new ArgumentError(
    `the checkpoint in ${options.out} is at update ${updates} after ${(seconds / 60).toPrecision(3)} minutes, ` +
      `so ${limits.join(" and ")} left nothing to do; give --steps or --minutes above that to go on`,
  );
}

/** Returns the limits as `train` takes them. */
export function limitsFor({ minutes, steps }: Plan): { steps?: number; seconds?: number } {
  return { ...(steps !== undefined && { steps }), ...(minutes !== undefined && { seconds: 60 * minutes }) };
}

function limitsOf({ minutes, steps }: Limits): Limits | undefined {
  if (minutes === undefined && steps === undefined) return undefined;
  return { ...(minutes !== undefined && { minutes }), ...(steps !== undefined && { steps }) };
}
