import type { SgldSettings } from "@basin/samplers/tensor";
import type { DenseShape } from "../dense/net.ts";
import type { HeadName } from "../model/head.ts";
import type { OutputName } from "../model/outputs.ts";
import type { LossSums, LossWeights } from "./objective.ts";

/** A model as a thread can be told of it. */
export interface EngineSpec {
  readonly inputShape: readonly number[];
  readonly labels: number;
  readonly head: HeadName;
  /** A stack of dense layers, which the compiled kernel runs. */
  readonly dense?: DenseShape;
  /** Anything else, as tfjs describes a model in JSON. */
  readonly topology?: unknown;
  /** What its outputs are, and its inputs' shape is `inputShape`. */
  readonly output?: OutputName;
}

/**
 * One group's share of an update: plain data in, plain data out, so that any thread does it and gets the same numbers.
 */
export interface GroupTask {
  readonly parameters: Float32Array;
  /** Row-major inputs and their classes. */
  readonly inputs: Float32Array;
  readonly labels: Int32Array;
  readonly inputNoise: number;
  readonly sampleNoise: number;
  /** Where this group's chains start, and the class each is drawn from when sampling is class-conditional. */
  readonly states?: Float32Array;
  readonly stateLabels?: Int32Array;
  readonly outliers?: Float32Array;
  readonly sampler: SgldSettings;
  /** Seed of this task's noise. */
  readonly key: number;
  readonly weights: LossWeights;
  /** Rows in all groups together. */
  readonly total: { readonly data: number; readonly outliers: number };
}

/** What a group did. */
export interface GroupResult {
  /** Where the chains got to. */
  readonly states?: Float32Array;
  /** Gradient of the group's share of the loss with respect to the parameters. */
  readonly gradient: Float32Array;
  readonly sums: LossSums;
}

/** Computes negatives and gradients. */
export interface Engine {
  readonly name: "dense" | "tfjs";
  /** @param slot the gradient stays whole until the next task with the same slot. */
  run(task: GroupTask, slot?: number): GroupResult;
}
