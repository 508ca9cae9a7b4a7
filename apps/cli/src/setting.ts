/** A place that an option names to write to. */
export interface Place {
  readonly path: string;
  /** "tree" is a folder that is replaced whole, "run" a checkpoint. */
  readonly kind: "file" | "folder" | "tree" | "run";
}

/** One value of the command line: its form, its reader and its help. */
export interface Setting<T> {
  /** The placeholder of the value, such as "<integer>"; empty for a flag. */
  readonly hint: string;
  readonly summary: string;
  /** Absent if the summary says what happens without it. */
  readonly byDefault?: T;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** Whether it is a positional argument, not an option. */
  readonly positional?: boolean;
  /** Returns the places that a value names, for options that name places to write to. */
  readonly writes?: (path: string, values: Readonly<Record<string, unknown>>) => readonly Place[];
  /** Returns why the option would have no effect with the other values; undefined if it has one. */
  readonly idle?: (values: Readonly<Record<string, unknown>>) => string | undefined;
  /** The names of the parts of the value on the command line, by their names in the packages. */
  readonly goals?: Readonly<Record<string, string>>;
  /** Whether no message may show the value. */
  readonly secret?: boolean;
  /** The summary of `--no-…`, for flags that have it. */
  readonly negation?: string;
  /** Returns the value of a text. @throws {InvalidArgumentError} that says what was expected. */
  readonly read: (text: string) => T | Promise<T>;
}

/** Settings by name: the option `--warmup-sweeps` is `warmupSweeps`. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of a command: one for each setting. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** Commands by their words. */
export type Commands = Readonly<
  Record<
    string,
    {
      readonly summary: string;
      readonly load?: () => Promise<{ readonly default: { readonly options: Settings } }>;
    }
  >
>;
