/** How one setting of a demo is read, written and shown. */
export interface Setting<T> {
  readonly label: string;
  readonly initial: T;
  /** Returns the value that a text stands for, or undefined where it stands for none. */
  read(text: string): T | undefined;
  readonly control: Control;
  /** What stands under the control. */
  readonly hint?: string;
}

/** What a visitor changes a setting with. */
export type Control =
  | {
      readonly kind: "range" | "number";
      readonly min: number;
      readonly max: number;
      readonly step: number | "any";
      /** How the value is shown beside a slider. Default: the number. */
      readonly show?: (value: number) => string;
    }
  | { readonly kind: "choice"; readonly options: readonly (readonly [value: string, text: string])[] }
  | { readonly kind: "text"; readonly maxLength: number; readonly rows: number };

export type Schema = Readonly<Record<string, Setting<string | number>>>;
/** The values of a schema. */
export type Values<S extends Schema> = {
  -readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

const longestText = 2000;

/** Returns the setting of a number on a slider. */
export function range(
  label: string,
  initial: number,
  [min, max, step]: readonly [min: number, max: number, step: number | "any"],
  more: { show?: (value: number) => string; hint?: string } = {},
): Setting<number> {
  const control = { kind: "range", min, max, step, show: more.show } as const;
  const whole = typeof step === "number" && Number.isInteger(step);
  return { label, initial, control, hint: more.hint, read: (text) => readNumber(text, min, max, whole) };
}

/** Returns the setting of one of a few words; `options` maps each to what is shown. */
export function choice<const T extends string>(
  label: string,
  initial: NoInfer<T>,
  options: Readonly<Record<T, string>>,
  hint?: string,
): Setting<T> {
  const entries = Object.entries(options) as [T, string][];
  const control = { kind: "choice", options: entries } as const;
  return { label, initial, control, hint, read: (text) => entries.find(([value]) => value === text)?.[0] };
}

/** Returns the setting of a seed. */
export function seed(initial = 1): Setting<number> {
  const max = 2 ** 32 - 1;
  const control = { kind: "number", min: 0, max, step: 1 } as const;
  return { label: "Seed", initial, control, read: (text) => readNumber(text, 0, max, true) };
}

/** Returns the setting of a text of at most 2 000 characters, which is only ever shown and parsed as text. */
export function text(label: string, initial: string, rows: number, hint?: string): Setting<string> {
  const control = { kind: "text", maxLength: longestText, rows } as const;
  return { label, initial, control, hint, read: (text) => (text.length <= longestText ? text : undefined) };
}

function readNumber(text: string, min: number, max: number, whole: boolean): number | undefined {
  if (text.length > 32 || text.trim() === "") return undefined;
  const value = Number(text);
  return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
}

/** Returns the values that `get` gives; what it lacks, or gives wrongly, has the value of `otherwise`. */
export function readSettings<S extends Schema>(
  schema: S,
  get: (name: string) => string | null,
  otherwise: Readonly<Values<S>> = initialSettings(schema),
): Values<S> {
  const entries = Object.entries(schema).map(([name, setting]) => {
    const given = get(name);
    return [name, (given === null ? undefined : setting.read(given)) ?? otherwise[name]];
  });
  return Object.fromEntries(entries) as Values<S>;
}

export function initialSettings<S extends Schema>(schema: S): Values<S> {
  return Object.fromEntries(
    Object.entries(schema).map(([name, { initial }]) => [name, initial]),
  ) as Values<S>;
}

const longestFragment = 16_384;

/** Returns the settings in a fragment such as "#temperature=2&size=128"; one that is too long for any holds none. */
export function settingsOfFragment<S extends Schema>(
  schema: S,
  fragment: string,
  otherwise: Readonly<Values<S>>,
): Values<S> {
  const given = new URLSearchParams(fragment.length > longestFragment ? "" : fragment.replace(/^#/, ""));
  return readSettings(schema, (name) => given.get(name), otherwise);
}

/** Returns the fragment of the settings that differ from the schema's own. */
export function fragmentOf<S extends Schema>(schema: S, values: Readonly<Values<S>>): string {
  const changed = Object.entries(schema).filter(([name, { initial }]) => values[name] !== initial);
  return `#${new URLSearchParams(changed.map(([name]) => [name, String(values[name])]))}`;
}
