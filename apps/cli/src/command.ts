import type { Context } from "./context.ts";
import type { Settings, Values } from "./setting.ts";

export type { Place, Setting, Settings, Values } from "./setting.ts";

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

/** Returns a command, whose options and result have the types that the schema of its JSON is made from. */
export function command<S extends Settings, R>(spec: Command<S, R>): Command<S, R> {
  return spec;
}
