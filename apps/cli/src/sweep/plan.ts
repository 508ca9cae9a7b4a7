import { ArgumentError } from "@basin/energy-core";
import { hashOf } from "./hash.ts";
import type { OptionValue, Study } from "./study.ts";

/** The value of an option: its text, the texts of several words, or whether a flag is set. */
export type OptionText = string | boolean | string[];

/** One call of a command: everything that its result depends on. */
export interface Task {
  readonly command: string;
  readonly options: Readonly<Record<string, OptionText>>;
  /** Absent if nothing is random. */
  readonly seed?: number;
  /** SHA-256 of each file or folder that it reads, by its relative path. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The name of each file that it writes, by its option. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A task with its name, which is the same on every machine. */
export interface PlannedTask {
  readonly id: string;
  readonly task: Task;
  /** The number of the repeat, from 0. */
  readonly repeat: number;
}

/** The tasks of a study: their count, and each task by its index. */
export interface Plan {
  readonly count: number;
  task(index: number): PlannedTask;
}

/** The options of a study, as its command reads them. */
export interface Wording {
  /** Returns the value of the option. */
  text(name: string, value: OptionValue): OptionText;
  /** Returns the hashes of the inputs that a value names, by their paths. */
  inputs(name: string, text: OptionText): Readonly<Record<string, string>>;
}

/** Returns the name of a task: the first 128 bits of a hash of everything that its result depends on. */
export function idOf(task: Task): string {
  return hashOf({ format: 1, ...task }).slice(0, 32);
}

/**
 * Returns the tasks of a study: its rows, times its grid with the last axis fastest, times its repeats. A task depends
 * on the study and its index. Its name depends only on its content. So tasks keep their names when the study is edited.
 */
export function planOf(study: Study, wording: Wording): Plan {
  const axes = Object.entries(study.grid);
  const repeats = study.seeds?.length ?? study.repeats ?? 1;
  const combinations = axes.reduce((product, [, values]) => product * values.length, 1);
  const count = study.list.length * combinations * repeats;
  return {
    count,
    task(index) {
      const repeat = index % repeats;
      let rest = Math.floor(index / repeats);
      const given: Record<string, OptionValue> = { ...study.options };
      for (const [name, values] of axes.toReversed()) {
        given[name] = values[rest % values.length];
        rest = Math.floor(rest / values.length);
      }
      Object.assign(given, study.list[rest]);
      const options: Record<string, OptionText> = {};
      const inputs: Record<string, string> = {};
      for (const name of Object.keys(given).sort()) {
        options[name] = wording.text(name, given[name]);
        Object.assign(inputs, wording.inputs(name, options[name]));
      }
      const call = { command: study.command, options, inputs, outputs: study.outputs };
      const seed = seedOf(study, call, repeat);
      const task = { ...call, ...(seed !== undefined && { seed }) };
      return { id: idOf(task), task, repeat };
    },
  };
}

/**
 * A seed of `seeds`, or 52 bits of a hash of the seed of the study, the call and the repeat. Neighbors in a grid share
 * no randomness. Among a million repeats, two equal seeds are unlikely; with 32 bits, they are likely among 80 000.
 */
function seedOf({ seed, seeds }: Study, call: Omit<Task, "seed">, repeat: number): number | undefined {
  if (seeds !== undefined) return seeds[repeat];
  if (seed === undefined) return undefined;
  const { command, options, inputs } = call;
  return Number.parseInt(hashOf({ seed, command, options, inputs, repeat }).slice(0, 13), 16);
}

/** A part of the tasks, such as those of one of several machines: each index i with i mod `of` = `number` − 1. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/** Yields the tasks of a plan, or of a shard of it. @throws {ArgumentError} if two tasks are the same. */
export function* tasksOf(plan: Plan, shard: Shard = { number: 1, of: 1 }): Generator<PlannedTask> {
  const seen = new Map<string, number>();
  for (let index = 0; index < plan.count; index++) {
    const planned = plan.task(index);
    const twin = seen.get(planned.id);
    if (twin !== undefined)
      throw new ArgumentError(
        `tasks ${twin} and ${index} of the study are the same: a value or a row stands there twice`,
      );
    seen.set(planned.id, index);
    if (index % shard.of === shard.number - 1) yield planned;
  }
}
