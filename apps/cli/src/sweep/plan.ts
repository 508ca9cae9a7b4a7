import { ArgumentError } from "@basin/energy-core";
import { hashOf } from "./hash.ts";
import type { OptionValue, Study } from "./study.ts";

/** What an option is given: its text, the texts of words that may be several, or that a flag is set or unset. */
export type OptionText = string | boolean | string[];

/** One call of a command: all that its result depends on. */
export interface Task {
  readonly command: string;
  readonly options: Readonly<Record<string, OptionText>>;
  /** Absent where nothing is random. */
  readonly seed?: number;
  /** SHA-256 of each file or folder that it reads, by its relative path. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The name of each file that it writes, by its option. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A task with the name that it has everywhere. */
export interface PlannedTask {
  readonly id: string;
  readonly task: Task;
  /** Which of the repeats it is, from 0. */
  readonly repeat: number;
}

/** The tasks of a study: how many there are, and each by its number alone. */
export interface Plan {
  readonly count: number;
  task(index: number): PlannedTask;
}

/** What a study says about its options, in the words of its command. */
export interface Wording {
  /** Returns what the option is given. */
  text(name: string, value: OptionValue): OptionText;
  /** Returns the sums of the inputs that a value names, by their paths. */
  inputs(name: string, text: OptionText): Readonly<Record<string, string>>;
}

/** Returns the name of a task: the first 128 bits of a hash of all that its result depends on. */
export function idOf(task: Task): string {
  return hashOf({ format: 1, ...task }).slice(0, 32);
}

/**
 * Returns the tasks of a study: its rows, times its grid with the last axis fastest, times its repeats. A task depends
 * on the study and its index, and its name on what it is; so a study that was edited shares the names of the tasks that
 * it still has.
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
 * A seed as it stands in `seeds`, or 52 bits of a hash of the study's seed, the call and the repeat: neighbors in a
 * grid share no randomness, and of a million repeats no two are likely to be the same (of 32 bits, two of 80 000 are).
 */
function seedOf({ seed, seeds }: Study, call: Omit<Task, "seed">, repeat: number): number | undefined {
  if (seeds !== undefined) return seeds[repeat];
  if (seed === undefined) return undefined;
  const { command, options, inputs } = call;
  return Number.parseInt(hashOf({ seed, command, options, inputs, repeat }).slice(0, 13), 16);
}

/** Some of the tasks, such as those of one machine of several: each index i with i mod `of` = `number` − 1. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/** Yields the tasks of a plan, or of a shard of it. @throws {ArgumentError} when two of all are the same. */
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
