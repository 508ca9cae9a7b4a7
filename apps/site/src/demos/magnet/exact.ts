import { enumerate } from "@basin/energy-core";
import { createLattice, createModel, type ExactValues, exactValues, squarePotts } from "@basin/ising";
import { planOf, type Settings } from "./settings.ts";

/** What is known exactly of the magnet that runs, with curves over the temperature where there are closed forms. */
export interface ExactMagnet {
  readonly magnetization?: number;
  readonly energy?: number;
  readonly specificHeat?: number;
  readonly criticalTemperature?: number;
  readonly temperatures: readonly number[];
  readonly magnetizations: readonly number[];
  readonly energies: readonly number[];
}

const curvePoints = 95;
const curveTemperatures = Array.from({ length: curvePoints }, (_, k) => 0.3 + (k * 4.7) / (curvePoints - 1));

type Curves = Pick<ExactMagnet, "temperatures" | "magnetizations" | "energies">;
const none: Curves = { temperatures: [], magnetizations: [], energies: [] };
/** The curves of the last magnet: the temperature, which changes most, is not in them. */
let last: { readonly magnet: string; readonly curves: Curves } | undefined;

/**
 * Returns what Onsager, Yang, Kaufman and Potts say of the magnet of the settings; fields are absent where no one does.
 */
export function exactMagnet(settings: Settings): ExactMagnet {
  const { size, field } = planOf(settings);
  const { states, lattice } = settings;
  const coupling = settings.coupling === "ferro" ? 1 : -1;
  if (states > 2) {
    const known = lattice === "square" && coupling > 0;
    return known ? { criticalTemperature: squarePotts(states).criticalTemperature, ...none } : none;
  }
  const model = createModel(lattice, size, { coupling, field });
  const at = (temperature: number) => exactValues(model, 1 / temperature);
  const {
    magnetization,
    energyPerSite: energy,
    specificHeat,
    criticalTemperature,
  } = at(settings.temperature);
  const here = { magnetization, energy, specificHeat, criticalTemperature };
  if (energy === undefined) return { ...here, ...none };
  const magnet = [lattice, size, coupling, field].join();
  if (last?.magnet !== magnet) last = { magnet, curves: curvesOf(curveTemperatures.map(at)) };
  return { ...here, ...last.curves };
}

function curvesOf(points: readonly ExactValues[]): Curves {
  return {
    temperatures: curveTemperatures,
    magnetizations: points.map((point) => point.magnetization ?? Number.NaN),
    energies: points.map((point) => point.energyPerSite ?? Number.NaN),
  };
}

/** How often a run visited each state of a torus that is small enough to list them all. */
export interface Visits {
  readonly draws: number;
  /** χ² = Σ (visits − expected)²/expected over classes of states, and its degrees of freedom. */
  readonly chiSquare: number;
  readonly freedom: number;
  /** χ² as a standard normal number (Wilson & Hilferty 1931). */
  readonly z: number;
  readonly expected: readonly number[];
  readonly visits: readonly number[];
}

const visitTemperature = 4;
/** Sweeps between draws: the test takes draws for independent. */
const thin = 20;

/**
 * Returns how often the algorithm visits the 512 states of a 3 × 3 torus at T = 4, against exp(−βE)/Z: states with the
 * same energy and magnetization are one class.
 */
export async function visits({
  algorithm,
  seed,
  draws,
}: {
  algorithm: Settings["algorithm"];
  seed: number;
  draws: number;
}): Promise<Visits> {
  const model = createModel("square", 3);
  const { logPartition } = enumerate(model, { temperature: visitTemperature });
  const classes = new Map<string, { expected: number; visits: number }>();
  const classOf = (spins: Int8Array) => {
    const key = `${model.energy(spins)} ${spins.reduce((sum, spin) => sum + spin, 0)}`;
    const known = classes.get(key) ?? { expected: 0, visits: 0 };
    classes.set(key, known);
    return known;
  };
  const spins = new Int8Array(9);
  for (let state = 0; state < 512; state++) {
    for (let i = 0; i < 9; i++) spins[i] = (state >> i) & 1 ? 1 : -1;
    classOf(spins).expected += draws * Math.exp(-model.energy(spins) / visitTemperature - logPartition);
  }
  const live = await createLattice(model, { algorithm, start: "random", seed });
  live.settle();
  live.sweep(200, { temperature: visitTemperature });
  for (let draw = 0; draw < draws; draw++) {
    live.sweep(thin, { temperature: visitTemperature });
    classOf(live.spins(spins)).visits++;
  }
  const found = [...classes.values()].sort((a, b) => b.expected - a.expected);
  const chiSquare = found.reduce((sum, { expected, visits }) => sum + (visits - expected) ** 2 / expected, 0);
  const freedom = found.length - 1;
  const part = 2 / (9 * freedom);
  return {
    draws,
    chiSquare,
    freedom,
    z: (Math.cbrt(chiSquare / freedom) - (1 - part)) / Math.sqrt(part),
    expected: found.map(({ expected }) => expected),
    visits: found.map(({ visits }) => visits),
  };
}
