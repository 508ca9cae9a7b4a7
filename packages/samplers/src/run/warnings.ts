import { whyUndefined } from "../diagnose/chains.ts";
import { energyFraction } from "../diagnose/energy-fraction.ts";
import { type Divergence, divergences } from "./chain-summary.ts";
import { checkDraws, type Draws, type StateArray, series } from "./draws.ts";
import type { Rejections } from "./rejections.ts";
import { sameDraws } from "./same-draws.ts";
import { summarize } from "./summary.ts";

export const WORST_R_HAT = 1.01;
export const LEAST_ESS = 100;
const LEAST_ENERGY_FRACTION = 0.3;
/** In units of the temperature: far more than draws of one law differ by. */
const FALL = 1000;

/**
 * Returns the problems of these draws, each in a sentence that says what to do; empty if there are none. Limits: R̂
 * 1.01, 100 effective draws per chain (Vehtari et al. 2021), energy fraction 0.3 (Betancourt 2016).
 *
 * @example
 * ```ts
 * import { gaussian } from "@basin/energy-core/targets";
 * import { nuts, sample, warnings } from "@basin/samplers";
 *
 * const draws = await sample(gaussian({ dimension: 2 }), nuts(), { seed: 1, names: ["a", "b"] });
 * console.log(warnings(draws)); // [] where nothing speaks against them
 * ```
 */
export function warnings<X extends StateArray>(draws: Draws<X>): string[] {
  checkDraws(draws, "warnings");
  return [
    ...(draws.warnings ?? []),
    ...rejectionWarnings(draws),
    ...divergenceWarnings(draws),
    ...depthWarnings(draws),
    ...energyWarnings(draws),
    ...fallWarnings(draws),
    ...twinWarnings(draws),
    ...mixingWarnings(draws),
  ];
}

function rejectionWarnings<X extends StateArray>({ chains, draws }: Draws<X>): string[] {
  const k = chains.findIndex(({ rejections }) => (rejections?.count ?? 0) > 0);
  if (k < 0) return [];
  const met = chains.reduce((sum, { stats }) => sum + count(stats.rejections), 0);
  const { first } = chains[k].rejections as Rejections;
  return [
    `${met} of ${draws * chains.length} draws met an exception in the energy, the first in chain ${k}: "${first}". Each was taken for +Infinity, outside the support; where that is not what it means, the draws are of another law.`,
  ];
}

/** Returns how many of some flags are set. */
function count(flags: ArrayLike<number> = []): number {
  return Array.from(flags).filter((flag) => flag > 0).length;
}

function divergenceWarnings<X extends StateArray>(run: Draws<X>): string[] {
  const of = `of ${run.draws * run.chains.length} draws`;
  // At an exception the energy is +∞, which says nothing of its curvature.
  const all = divergences(run).filter(({ chain, draw }) => !run.chains[chain].stats.rejections?.[draw]);
  const undefinedThere = all.filter(({ undefinedEnergy }) => undefinedEnergy);
  const sharp = all.length - undefinedThere.length;
  const messages: string[] = [];
  if (undefinedThere.length > 0) {
    const nan = run.chains.find(({ rejections }) => rejections?.nan !== undefined)?.rejections?.nan;
    const origin = nan === undefined ? "" : ` The first NaN was in ${nan.where}.`;
    messages.push(
      `${undefinedThere.length} ${of} met an energy or gradient of NaN, ${placeOf(undefinedThere[0], run)}: what lies beyond is never reached.${origin} Return +Infinity outside the support, and look for the logarithm or root of a negative number, 0/0 and overflow.`,
    );
  }
  if (sharp > 0) {
    messages.push(
      `${sharp} ${of} diverged: the energy bends too sharply for the step size somewhere, and what lies there is undersampled. Raise the target acceptance, or change coordinates.`,
    );
  }
  return messages;
}

function placeOf<X extends StateArray>(
  { chain, draw, position }: Divergence<X>,
  { names }: Draws<X>,
): string {
  const shown = Array.from(position.slice(0, 4), (x, i) => `${names[i]} = ${Number(x.toPrecision(3))}`);
  const where = shown.length === 0 ? "" : ` near ${shown.join(", ")}${position.length > 4 ? ", …" : ""}`;
  return `the first in chain ${chain} at draw ${draw}${where}`;
}

function depthWarnings<X extends StateArray>({ chains, draws }: Draws<X>): string[] {
  let count = 0;
  for (const { stats } of chains) for (const saturated of stats.saturated ?? []) count += saturated;
  if (count === 0) return [];
  return [
    `${count} of ${draws * chains.length} draws stopped at the greatest tree depth before their trajectory turned: they are valid, but explore slowly. Use a dense metric or other coordinates where scales differ or coordinates are correlated, or raise the greatest tree depth.`,
  ];
}

function energyWarnings<X extends StateArray>({ chains }: Draws<X>): string[] {
  return chains.flatMap(({ stats }, k) => {
    if (stats.hamiltonian === undefined || stats.hamiltonian.length < 4) return [];
    const bad = stats.hamiltonian.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) return [`draw ${bad} of chain ${k} has an energy of ${stats.hamiltonian[bad]}.`];
    const [fraction] = energyFraction(stats.hamiltonian);
    return fraction < LEAST_ENERGY_FRACTION
      ? [
          `chain ${k} has an energy fraction (E-BFMI) of ${fraction.toFixed(2)}, below ${LEAST_ENERGY_FRACTION}: it crosses energy levels slowly, as with heavy tails or a funnel. Change coordinates or draw longer.`,
        ]
      : [];
  });
}

function fallWarnings<X extends StateArray>({ chains, draws, inverseTemperature }: Draws<X>): string[] {
  const quarter = draws >> 2;
  const meanOf = (values: ArrayLike<number>, from: number) =>
    Array.from({ length: quarter }, (_, k) => values[from + k]).reduce(
      (sum, value) => sum + value / quarter,
      0,
    );
  const falls = chains.map(({ stats: { energy } }) =>
    energy?.length === draws ? meanOf(energy, 0) - meanOf(energy, draws - quarter) : 0,
  );
  const least = Math.min(...falls);
  if (!(inverseTemperature * least > FALL)) return [];
  return [
    `the energy still falls in every chain, by ${Number(least.toPrecision(3))} or more from the first quarter of the draws to the last: warm up longer, or look whether it falls without bound, as a log density does, whose sign is the opposite (E = −log p).`,
  ];
}

function twinWarnings<X extends StateArray>({ chains, dimension }: Draws<X>): string[] {
  for (const [a, one] of chains.entries()) {
    for (let b = a + 1; b < chains.length; b++) {
      if (!sameDraws(one.positions, chains[b].positions, dimension)) continue;
      return [
        `chains ${a} and ${b} hold the same draws: one run counted twice, so R-hat and effective sample sizes are too good. Give each chain a different seed.`,
      ];
    }
  }
  return [];
}

function mixingWarnings<X extends StateArray>(draws: Draws<X>): string[] {
  if (draws.draws < 4 || draws.chains[0].positions.length === 0) return [];
  let constant = 0;
  const still: string[] = [];
  const apart: string[] = [];
  const few: string[] = [];
  for (const [i, name] of draws.names.entries()) {
    const chains = series(draws, i);
    const reason = whyUndefined(chains);
    if (reason !== undefined) {
      still.push(`${name} (${reason})`);
      if (chains.every((chain) => chain.every((value) => value === chain[0]))) constant++;
      continue;
    }
    const { rHat, essBulk, essTail } = summarize(chains);
    if (rHat > WORST_R_HAT) apart.push(`${name} (${rHat.toFixed(3)})`);
    const ess = Math.min(essBulk, essTail);
    if (ess < LEAST_ESS * chains.length) few.push(`${name} (${ess.toFixed(0)})`);
  }
  const messages: string[] = [];
  if (still.length > 0) messages.push(`no diagnostic is defined for ${list(still)}.`);
  if (constant === draws.names.length) {
    messages.push(
      "no coordinate moved in any draw: the sampler is stuck, and these draws say nothing of its target.",
    );
  }
  if (draws.chains.length < 2)
    messages.push("there is one chain only, so R-hat is undefined; run at least two.");
  if (apart.length > 0) {
    messages.push(
      `R-hat is above ${WORST_R_HAT} for ${list(apart)}: the chains disagree. Draw longer or warm up longer.`,
    );
  }
  if (few.length > 0) {
    messages.push(
      `fewer than ${LEAST_ESS} effective draws a chain for ${list(few)}: means and quantiles are rough. Draw longer.`,
    );
  }
  return messages;
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, 5).join(", ");
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
}
