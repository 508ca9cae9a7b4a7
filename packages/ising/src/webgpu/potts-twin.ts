import { nextWord } from "@basin/energy-core/internal";
import type { PottsEnergy } from "../potts/potts.ts";
import type { SweepRule } from "../sweep/rules.ts";
import type { DeviceEngine } from "./engine.ts";
import { labelSite, type PottsPlan, packLabels, unpackLabels } from "./potts-plan.ts";
import { countsOf } from "./potts-weights.ts";
import { type Bond, bondsOf, ROUNDS } from "./twin.ts";

/** The high word of a product. */
const high = (a: number, b: number) => Number((BigInt(a) * BigInt(b)) >> 32n);

/** The engine of labels in plain TypeScript, site by site on the lattice's list of bonds, with the bits of the GPU. */
export function pottsTwin(
  { lattice, variables }: PottsEnergy,
  plan: PottsPlan,
  rule: SweepRule,
  slots: number,
): DeviceEngine {
  const bonds = lattice === undefined ? [] : bondsOf(lattice);
  // Without glass the sign is in the weights.
  if (!plan.glass) for (const list of bonds) for (const bond of list) bond.sign = 1;
  const labels = Array.from({ length: slots }, () => new Uint8Array(variables));
  const generators = Array.from({ length: slots }, () => new Int32Array(4 * plan.bands));
  let weights: Weights = () => [0, 0];
  let counted: number[] = [];

  const sweepColor = (slot: number, color: number) => {
    const own = labels[slot];
    for (let band = 0; band < plan.bands; band++) {
      const draw = () => nextWord(generators[slot], 4 * band, 1);
      for (let word = band; word < plan.words; word += plan.bands)
        for (let k = 4 * word; k < Math.min(4 * word + 4, plan.sites); k++) {
          const site = labelSite(plan, color, k);
          const weigh = (label: number) => weights(slot, label, agreement(bonds[site], own, label));
          own[site] =
            rule === "heat-bath"
              ? drawLabel(draw, plan.states, weigh)
              : propose(draw, plan.states, weigh, own[site]);
        }
    }
  };

  return {
    rounds: ROUNDS,
    thresholds: (words) => {
      weights = tableOf(plan, words.slice());
    },
    sweep: (first, count, sweeps) => {
      for (let slot = first; slot < first + count; slot++)
        for (let k = 0; k < sweeps; k++)
          for (let color = 0; color < plan.neighbors.length; color++) sweepColor(slot, color);
    },
    measure: () => {
      for (const own of labels) {
        const counts = new Array<number>(plan.states).fill(0);
        for (const label of own) counts[label]++;
        counted.push(allEqual(plan, bonds, own), ...counts);
      }
    },
    totals: async () => {
      const all = Float64Array.from(counted);
      counted = [];
      return all;
    },
    write: (slot, words) => unpackLabels(plan, words, labels[slot]),
    seed: (slot, words) => generators[slot].set(words),
    read: async (list) =>
      list.map((slot) => ({
        states: packLabels(plan, labels[slot]),
        generators: new Uint32Array(generators[slot]),
      })),
    dispose: () => {},
  };
}

/** m and e of the weight m 2^e of a label with so many equal neighbors. */
type Weights = (slot: number, label: number, agreement: number) => readonly [m: number, e: number];

function tableOf(plan: PottsPlan, words: Uint32Array): Weights {
  const { counts, none } = countsOf(plan);
  const rows = Math.max(1, plan.field.length);
  return (slot, label, agreement) => {
    const at = 2 * (counts * (rows * slot + (rows === 1 ? 0 : label)) + none + agreement);
    return [words[at], words[at + 1]];
  };
}

/** Neighbors with this label, those across negative bonds taken off. */
const agreement = (list: readonly Bond[], own: Uint8Array, label: number) =>
  list.reduce((sum, { site, sign }) => sum + (own[site] === label ? sign : 0), 0);

/** Every bond's agreement, and with signs one more for each bond. */
function allEqual({ glass, z }: PottsPlan, bonds: readonly Bond[][], own: Uint8Array): number {
  let twice = 0;
  for (const [site, list] of bonds.entries())
    for (const bond of list) if (own[bond.site] === own[site]) twice += bond.sign;
  return (twice + (glass ? z * own.length : 0)) / 2;
}

type Weigh = (label: number) => readonly [m: number, e: number];

function drawLabel(draw: () => number, states: number, weigh: Weigh): number {
  const all = Array.from({ length: states }, (_, label) => weigh(label));
  const top = Math.max(...all.map(([, e]) => e));
  const weights = all.map(([m, e]) => Math.floor(m / 2 ** (top - e)));
  const drawn = high(
    draw(),
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  let below = 0;
  return weights.findIndex((weight) => {
    below += weight;
    return drawn < below;
  });
}

function propose(draw: () => number, states: number, weigh: Weigh, old: number): number {
  const proposal = draw();
  if (proposal % 64 === 0) return old;
  const label = (old + 1 + high(proposal, states - 1)) % states;
  const [[m, e], [to, higher]] = [weigh(old), weigh(label)];
  const free = higher > e || (higher === e && to >= m);
  return free || high(draw(), m) < Math.floor(to / 2 ** (e - higher)) ? label : old;
}
