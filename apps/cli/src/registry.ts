import type { Command } from "./command.ts";

/** A command: its line of help, and its file, which is loaded when it is called. A group has no file. */
export interface Entry {
  readonly summary: string;
  /** Example: the words after those that call it. */
  readonly example?: string;
  readonly load?: () => Promise<{ readonly default: Command }>;
}

type Table = Readonly<Record<string, Entry>>;

let table: Table = {};

/** Sets the table in which commands find each other. They cannot import the table, because it imports them. */
export function register<T extends Table>(commands: T): T {
  table = commands;
  return commands;
}

/** Returns the entry of a command by its words; undefined without one. */
export function entryOf(path: string): Entry | undefined {
  return Object.hasOwn(table, path) ? table[path] : undefined;
}
