export const sizes = [64, 128, 256, 512] as const;
export const algorithms = ["metropolis", "heat-bath", "wolff"] as const;
export const algorithmNames = { metropolis: "Metropolis", "heat-bath": "heat bath", wolff: "Wolff" } as const;
export const starts = ["ordered", "random"] as const;

/** What the visitor chose. */
export interface Settings {
  temperature: number;
  size: (typeof sizes)[number];
  algorithm: (typeof algorithms)[number];
  start: (typeof starts)[number];
  seed: number;
  /** Binary logarithm of the pace, see {@link sweepsPerPicture}. */
  speed: number;
}

export const defaults: Settings = {
  temperature: 2.27,
  size: 256,
  algorithm: "metropolis",
  start: "random",
  seed: 1,
  speed: 2,
};

/** Returns the sweeps from one picture to the next; of Wolff's algorithm, whose clusters can be small, the clusters. */
export function sweepsPerPicture({ algorithm, speed }: Settings): number {
  return (algorithm === "wolff" ? 16 : 1) * 2 ** speed;
}

/**
 * Returns the settings of an address's fragment, "#temperature=2&size=128": unknown or wrong parts give the default.
 */
export function settingsFrom(fragment: string): Settings {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const number = (
    name: "temperature" | "seed" | "speed",
    min: number,
    max: number,
    integer: boolean,
  ): number => {
    const value = Number(given.get(name) ?? Number.NaN);
    return value >= min && value <= max && (!integer || Number.isInteger(value)) ? value : defaults[name];
  };
  const oneOf = <T>(name: keyof Settings, known: readonly T[]): T =>
    known.find((each) => String(each) === given.get(name)) ?? (defaults[name] as T);
  return {
    temperature: number("temperature", 1, 4, false),
    size: oneOf("size", sizes),
    algorithm: oneOf("algorithm", algorithms),
    start: oneOf("start", starts),
    seed: number("seed", 0, 2 ** 32 - 1, true),
    speed: number("speed", 0, 8, true),
  };
}

/** Returns the fragment that gives these settings. */
export function fragmentOf(settings: Settings): string {
  return `#${new URLSearchParams(Object.entries(settings).map(([name, value]) => [name, String(value)]))}`;
}
