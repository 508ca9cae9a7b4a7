import type { Context } from "./context.ts";
import type { Settings, Values } from "./setting.ts";

export type { Place, Setting, Settings, Values } from "./setting.ts";

/** A command: its options, its work, and its result as text. */
export interface Command<S extends Settings = Settings, R = unknown> {
  readonly options: S;
  /** Text below the help. */
  readonly help?: string;
  /** Returns the result, which `--json` prints. */
  run(options: Values<S>, context: Context): Promise<R>;
  /** Returns the result as lines of text. */
  print(result: R, options: Values<S>, context: Context): readonly string[];
}

/** Returns a command. The schema of its JSON is made from the types of its options and its result. */
export function command<S extends Settings, R>(spec: Command<S, R>): Command<S, R> {
  return spec;
}
