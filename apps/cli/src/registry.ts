import type { Command } from "./command.ts";

/** A command by the line that help shows, with its file, which is loaded when it is called; a group has none. */
export interface Entry {
  readonly summary: string;
  /** Words after those that call it, as one would write them. */
  readonly example?: string;
  readonly load?: () => Promise<{ readonly default: Command }>;
}

type Table = Readonly<Record<string, Entry>>;

let table: Table = {};

/** Makes a table the one that commands find each other in: they cannot import what imports them. */
export function register<T extends Table>(commands: T): T {
  table = commands;
  return commands;
}

/** Returns the entry of a command by the words that call it, if there is one. */
export function entryOf(path: string): Entry | undefined {
  return Object.hasOwn(table, path) ? table[path] : undefined;
}
