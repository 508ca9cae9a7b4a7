import { choice, range, seed, type Values } from "../shared/settings.ts";

/** What a visitor sets. */
export const schema = {
  temperature: range("Temperature", 2.27, [0.3, 5, 0.01]),
  size: choice("Size", "256", {
    64: "64²",
    128: "128²",
    256: "256²",
    512: "512²",
    1024: "1024²",
    2048: "2048²",
    4096: "4096²",
  }),
  algorithm: choice("Algorithm", "metropolis", {
    metropolis: "Metropolis",
    "heat-bath": "heat bath",
    wolff: "Wolff",
    "swendsen-wang": "Swendsen–Wang",
  }),
  start: choice("Start", "random", { ordered: "ordered", random: "random" }),
  states: range("States q", 2, [2, 8, 1], { show: (q) => (q === 2 ? "2 (Ising)" : `${q} (Potts)`) }),
  coupling: choice("Coupling", "ferro", { ferro: "like spins attract", antiferro: "unlike attract" }),
  lattice: choice("Lattice", "square", {
    square: "square",
    triangular: "triangular",
    honeycomb: "honeycomb",
  }),
  field: range("Field", 0, [-1, 1, 0.01]),
  speed: range("Pace", 0, [0, 8, 1], { show: (k) => `${2 ** k} a picture` }),
  seed: seed(),
};

export type Settings = Values<typeof schema>;

/** What is run, and why it is not all that was asked for. */
export interface Plan {
  readonly size: number;
  readonly algorithm: Settings["algorithm"];
  readonly field: number;
  readonly notes: Readonly<Partial<Record<keyof Settings, string>>>;
}

const algorithmHints: Readonly<Record<Settings["algorithm"], string>> = {
  metropolis: "Flips spins one by one. Slow to forget near the critical temperature.",
  "heat-bath":
    "Draws each spin from its law given its neighbors. Slow to forget near the critical temperature.",
  wolff: "Grows one cluster of like spins and flips it whole: the way through the critical temperature.",
  "swendsen-wang": "Divides the lattice into clusters and flips each by a coin.",
};

/** Returns the run that settings give: what cannot be had together gives way, with a note that says so. */
export function planOf(settings: Settings): Plan {
  const { states, coupling, lattice } = settings;
  const potts = states > 2;
  const field = potts ? 0 : settings.field;
  const asksClusters = settings.algorithm === "wolff" || settings.algorithm === "swendsen-wang";
  const clusters = asksClusters && coupling === "ferro" && field === 0;
  const algorithm = asksClusters && !clusters ? "heat-bath" : settings.algorithm;
  const [limit, why] = potts
    ? [asksClusters ? 256 : 128, "labels are moved one by one"]
    : clusters
      ? [512, "clusters are grown bond by bond"]
      : field !== 0 || lattice !== "square"
        ? [1024, "only the square lattice without a field is packed tighter"]
        : [4096, ""];
  const size = Math.min(Number(settings.size), limit);
  return {
    size,
    algorithm,
    field,
    notes: {
      algorithm:
        algorithm === settings.algorithm
          ? algorithmHints[algorithm]
          : "Clusters need like spins that attract and no field: heat bath runs instead.",
      size: size < Number(settings.size) ? `Runs at ${size}²: ${why}.` : "",
      field: potts && settings.field !== 0 ? "The field acts on spins of two states: it is left out." : "",
    },
  };
}
