import { CapabilityError } from "@basin/energy-core";
import type { PottsEnergy } from "../potts/potts.ts";
import { type Coloring, coloringOf, siteAt } from "./plan.ts";
import { negativeEnds } from "./twin.ts";

/** How the labels of a lattice lie on a device: a byte a site, color by color and row by row. */
export interface PottsPlan extends Coloring {
  /** q. */
  readonly states: number;
  /** Sites of a color, and the words of four that they take. */
  readonly sites: number;
  readonly words: number;
  /** Words that one generator moves: word b + k `bands` of generator b, for k up to this. */
  readonly wordsEach: number;
  /** Generators of a lattice. */
  readonly bands: number;
  /** Whether a workgroup has the whole lattice, and sweeps it many times without a new dispatch. */
  readonly held: boolean;
  /** Whether each bond has a sign. */
  readonly glass: boolean;
  /** h of each label, or of none where all are 0. */
  readonly field: readonly number[];
  /** J of every bond where there is no glass, |J| where there is. */
  readonly strength: number;
}

/** Invocations that every device has in a workgroup. */
const WORKGROUP = 256;
const HELD_EACH = 4;
/** Generators that fill a large device; words are shared out to no fewer. */
const THREADS = 65536;
const MOST_EACH = 16;

/** Returns how a model lies on a device. @throws {CapabilityError} where the kernels cannot hold it. */
export function pottsPlanOf(model: PottsEnergy): PottsPlan {
  const { lattice, states, variables } = model;
  const coloring = coloringOf(lattice, { sides: "" });
  const { couplings, field } = model.can.bonds;
  const own = lattice?.couplings.values ?? [];
  const changed = couplings.findIndex((J, e) => J !== own[e]);
  if (changed >= 0)
    throw new CapabilityError(
      `the GPU moves the couplings that a lattice was made with; that of bond ${changed} was ${own[changed]} and is ${couplings[changed]}`,
    );
  const differs = field.findIndex((h, k) => h !== field[k % states]);
  if (differs >= 0)
    throw new CapabilityError(
      `the GPU moves labels in one field; that of label ${differs % states} is ${field[differs % states]} at site 0 and ${field[differs]} at site ${Math.floor(differs / states)}`,
    );
  const sites = variables / coloring.neighbors.length;
  const words = Math.ceil(sites / 4);
  const held = words <= WORKGROUP * HELD_EACH;
  let wordsEach = 1;
  const shared = (each: number) => (held ? words > WORKGROUP * each : words >= 2 * each * THREADS);
  while (wordsEach < MOST_EACH && shared(wordsEach)) wordsEach *= 2;
  const glass = lattice?.coupling === undefined;
  const strength = lattice?.directions[0] ?? 0;
  return {
    ...coloring,
    ...{ states, sites, words, wordsEach, held, glass },
    bands: Math.ceil(words / wordsEach),
    field: field.some((h) => h !== 0) ? Array.from(field.subarray(0, states)) : [],
    strength: glass ? Math.abs(strength) : strength,
  };
}

/** Visits the sites in the order of their bytes. */
function eachLabel(
  plan: PottsPlan,
  visit: (site: number, word: number, shift: number, color: number) => void,
): void {
  for (let color = 0; color < plan.neighbors.length; color++)
    for (let k = 0; k < plan.sites; k++)
      visit(labelSite(plan, color, k), color * plan.words + (k >> 2), 8 * (k & 3), color);
}

/** Returns the site of number k of a color. */
export function labelSite(plan: PottsPlan, color: number, k: number): number {
  return siteAt(plan, color, Math.floor(k / plan.half), k % plan.half);
}

/** Returns the words of labels in site order. */
export function packLabels(plan: PottsPlan, labels: ArrayLike<number>): Uint32Array {
  const words = new Uint32Array(plan.neighbors.length * plan.words);
  eachLabel(plan, (site, word, shift) => {
    words[word] |= labels[site] << shift;
  });
  return words;
}

/** Writes the labels of words in site order. */
export function unpackLabels(plan: PottsPlan, words: Uint32Array, labels: Uint8Array): Uint8Array {
  eachLabel(plan, (site, word, shift) => {
    labels[site] = words[word] >>> shift;
  });
  return labels;
}

/** Returns words of a byte for each site, in which bit n is set where the bond to the plan's neighbor n is negative. */
export function labelSigns(plan: PottsPlan, { lattice }: PottsEnergy): Uint32Array {
  const isNegative = lattice === undefined ? () => false : negativeEnds(lattice);
  const words = new Uint32Array(plan.neighbors.length * plan.words);
  const columns = 2 * plan.half;
  const rows = plan.shape[plan.shape.length - 2];
  eachLabel(plan, (site, word, shift, color) => {
    // Where neighbors differ by the row, they do by its parity and the layer's.
    const row = Math.floor(site / columns);
    const odd = plan.bipartite ? (Math.floor(row / rows) + (row % rows)) & 1 : 0;
    for (const [n, { bond }] of plan.neighbors[color].entries())
      if (isNegative(site, bond[odd])) words[word] |= 1 << (shift + n);
  });
  return words;
}
