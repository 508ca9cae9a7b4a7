import type { Context } from "./context.ts";

/** One value of the command line: how it is written, read and explained. */
export interface Setting<T> {
  /** What stands for the value, as "<integer>"; empty for a flag. */
  readonly hint: string;
  readonly summary: string;
  /** Absent where the summary says what happens without it. */
  readonly byDefault?: T;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** Whether it is a word by its place instead of an option. */
  readonly positional?: boolean;
  /** What `--no-…` does, for flags that have it. */
  readonly negation?: string;
  /** Returns the value of a text. @throws {InvalidArgumentError} that says what was expected. */
  readonly read: (text: string) => T | Promise<T>;
}

/** Settings by name: the option `--warmup-sweeps` is `warmupSweeps`. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** What a command is given: a value for each setting. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** A command: what it takes, what it does, and how its result reads as text. */
export interface Command<S extends Settings = Settings, R = unknown> {
  readonly options: S;
  /** Text below the help. */
  readonly help?: string;
  /** Returns the result, which `--json` prints whole. */
  run(options: Values<S>, context: Context): Promise<R>;
  /** Returns the lines that the result is told in. */
  print(result: R, options: Values<S>, context: Context): readonly string[];
}

/** Returns a command under the type that all have. */
export function command<S extends Settings, R>(spec: Command<S, R>): Command {
  return spec as Command;
}
