import { plainEnergy, reals } from "@basin/energy-core";
import { createRng } from "@basin/energy-core/random";
import { randomWalk } from "@basin/samplers";
import { contrastiveDivergence, type NegativePhase, persistentChains } from "@basin/samplers/learn";

/** The grid on which the model's density is summed up: [−2, 2] in steps of 1/40. */
export const places = Float64Array.from({ length: 161 }, (_, k) => -2 + k / 40);

const centers = Float64Array.from({ length: 21 }, (_, k) => -2 + k / 5);
const bump = (x: number, k: number): number => Math.exp(-0.5 * ((x - centers[k]) / 0.25) ** 2);

/** Returns an energy on [−2, 2] that is a sum of bumps whose heights are learned: E(x) = Σ_k θ_k φ_k(x). */
export function bumps() {
  const values = new Float64Array(centers.length);
  const inside = ([x]: Float64Array): number =>
    Math.abs(x) > 2
      ? Number.POSITIVE_INFINITY
      : values.reduce((sum, height, k) => sum + height * bump(x, k), 0);
  const energy = plainEnergy(reals(1), inside);
  const addGradient = ([x]: Float64Array, weight: number, out: Float64Array): void => {
    for (let k = 0; k < out.length; k++) out[k] += weight * bump(x, k);
  };
  return { ...energy, can: { ...energy.can, parameters: { values, addGradient } } };
}

export type Bumps = ReturnType<typeof bumps>;

/** Returns 120 states about −1 and 40 about 1. */
export function data(seed: number): Float64Array[] {
  const rng = createRng(seed);
  return Array.from({ length: 160 }, (_, k) => Float64Array.of((k < 120 ? -1 : 1) + 0.15 * rng.normal()));
}

/** Returns the model's density on `places`. */
export function density(energy: Bumps): Float64Array {
  const weights = Float64Array.from(places, (x) => Math.exp(-energy.energy(Float64Array.of(x))));
  const partition = weights.reduce((sum, weight) => sum + weight, 0) / 40;
  return weights.map((weight) => weight / partition);
}

/** Where negative samples come from, by the name a reader chooses. */
export const phases: Readonly<Record<string, () => NegativePhase<Bumps, Float64Array>>> = {
  exact: () => ({
    name: "exact",
    draw: (energy, positives, rng) => positives.map(() => draw(density(energy), rng.uniform())),
  }),
  cd1: () => contrastiveDivergence(randomWalk({ scale: 0.2 }), { steps: 1 }),
  cd20: () => contrastiveDivergence(randomWalk({ scale: 0.2 }), { steps: 20 }),
  persistent: () => persistentChains(randomWalk({ scale: 0.2 }), { steps: 1 }),
};

function draw(p: Float64Array, share: number): Float64Array {
  let k = 0;
  for (let below = p[0] / 40; below < share && k < p.length - 1; below += p[k] / 40) k++;
  return Float64Array.of(places[k]);
}
