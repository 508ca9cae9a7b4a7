import type { Task } from "./plan.ts";

/** A task with the folders of the machine that it runs on. */
export interface TaskCall {
  readonly task: Task;
  /** The folder that paths of inputs are relative to. */
  readonly inputs: string;
  /** The folder that paths of modules are relative to. */
  readonly modules: string;
  /** The folder of its files. */
  readonly outputs: string;
}

/** A file that a task wrote. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The outcome of a task: a record, which does not depend on the machine, or the reason why there is none. */
export type Outcome =
  | { readonly record: string; readonly seconds: number }
  /** `isFinal` if the same call would fail again. */
  | { readonly cause: string; readonly isFinal: boolean };
