/** A place that an option names to write to. */
export interface Place {
  readonly path: string;
  /** "tree" is a folder that is replaced whole, "run" a checkpoint. */
  readonly kind: "file" | "folder" | "tree" | "run";
}

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
  /** Returns the places that a value names, for options that say where to write. */
  readonly writes?: (path: string, values: Readonly<Record<string, unknown>>) => readonly Place[];
  /** Returns why the option would have no effect beside the other values, if it would have none. */
  readonly idle?: (values: Readonly<Record<string, unknown>>) => string | undefined;
  /** How the parts of the value are written, by the names that the packages give them. */
  readonly goals?: Readonly<Record<string, string>>;
  /** Whether no message may show the value. */
  readonly secret?: boolean;
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

/** Commands by the words that call them, as far as they are listed. */
export type Commands = Readonly<
  Record<
    string,
    {
      readonly summary: string;
      readonly load?: () => Promise<{ readonly default: { readonly options: Settings } }>;
    }
  >
>;
