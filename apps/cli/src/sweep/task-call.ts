import type { Task } from "./plan.ts";

/** A task with the folders of the machine that it runs on. */
export interface TaskCall {
  readonly task: Task;
  /** Where the paths of inputs begin. */
  readonly inputs: string;
  /** Where the paths of modules begin. */
  readonly modules: string;
  /** Where its files go. */
  readonly outputs: string;
}

/** A file that a task wrote. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What came of a task: a record, the same wherever it ran, or why there is none. */
export type Outcome =
  | { readonly record: string; readonly seconds: number }
  /** `isFinal` where the same call would fail the same way. */
  | { readonly cause: string; readonly isFinal: boolean };
