import { ArgumentError } from "@basin/energy-core";
import { moduleBeside, openPool, type ThreadOptions } from "@basin/energy-core/run";
import { DenseEngine } from "../dense/engine.ts";
import { denseOf } from "../dense/of-layers.ts";
import type { JointModel } from "../model/contract.ts";
import type { EngineSpec, GroupResult, GroupTask } from "./engine.ts";
import type { ResolvedTrainOptions } from "./options.ts";
import { TensorEngine } from "./tensor-engine.ts";

/** Whoever does the groups of an update: this thread, or several. */
export interface Crew {
  /** "dense" where the compiled kernel runs the model, "tfjs" where tfjs does. */
  readonly engine: "dense" | "tfjs";
  /** Resolves to the results in the order of the tasks, the same whoever did which. */
  run(tasks: readonly GroupTask[]): Promise<GroupResult[]>;
  close(): void;
}

/** Options of {@link openCrew}. */
export interface CrewOptions
  extends Pick<ResolvedTrainOptions, "engine" | "workers" | "sampler">,
    Pick<ThreadOptions, "createWorker"> {}

/**
 * @throws {ArgumentError} when threads are asked for and the model or the sampler is code that cannot be sent to them,
 * or when the compiled kernel is asked for by name and the model is not a stack of dense layers.
 */
export async function openCrew(model: JointModel, options: CrewOptions): Promise<Crew> {
  const spec = engineSpec(model, options);
  if (options.workers === 1) return localCrew(model, spec, options);
  if (spec.dense === undefined && spec.topology === undefined) {
    throw new ArgumentError(
      `workers is ${options.workers}, but the model is a function and a function cannot be sent to a thread; make it of tf.layers, or use one worker`,
    );
  }
  if (options.sampler.settings === undefined) {
    throw new ArgumentError(
      `workers is ${options.workers}, but the sampler is not sgld()'s and cannot be sent to a thread`,
    );
  }
  const module = { name: "@basin/jem/worker", url: moduleBeside(import.meta.url, "group") };
  const pool = openPool({
    workers: options.workers,
    ...(options.createWorker && { createWorker: options.createWorker }),
  });
  try {
    await pool.callAll({ module, function: "open", argument: spec });
  } catch (error) {
    pool.close();
    throw error;
  }
  return {
    engine: spec.dense ? "dense" : "tfjs",
    async run(tasks) {
      const shares = await pool.callAll<GroupResult[]>((worker) => ({
        module,
        function: "work",
        argument: tasks.filter((_, group) => group % pool.size === worker),
      }));
      return tasks.map((_, group) => shares[group % pool.size][Math.floor(group / pool.size)]);
    },
    close: () => pool.close(),
  };
}

function localCrew(model: JointModel, spec: EngineSpec, { sampler }: CrewOptions): Crew {
  const engine = spec.dense
    ? new DenseEngine(spec.dense, spec)
    : new TensorEngine(model, sampler.settings === undefined ? sampler : undefined);
  return {
    engine: engine.name,
    run: async (tasks) => tasks.map((task, slot) => engine.run(task, slot)),
    close: () => {},
  };
}

function engineSpec(model: JointModel, { engine, sampler }: CrewOptions): EngineSpec {
  const { classifier, labels, head, space } = model;
  const dense = engine === "tfjs" || sampler.settings === undefined ? undefined : denseOf(model);
  if (engine === "dense" && dense === undefined) {
    throw new ArgumentError(
      'engine is "dense", but the model is not a stack of dense layers with trainable weights, or the sampler is not sgld()\'s',
    );
  }
  const spec = { inputShape: space.shape, labels, head };
  if (dense) return { ...spec, dense };
  const { outputs } = model.reading;
  return classifier
    ? { ...spec, topology: classifier.toJSON(null, false), ...(outputs !== "energy" && { output: outputs }) }
    : spec;
}
