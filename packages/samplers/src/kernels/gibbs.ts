import { ArgumentError, type Cursor } from "@basin/energy-core";
import { checkLength, checkOptions, type Sites, siteSpace } from "@basin/energy-core/internal";
import { exp, type Rng } from "@basin/energy-core/random";
import type { MoveKernel } from "../kernel.ts";
import { freeSites, scaled, scaledDelta, startsOf } from "./move-state.ts";
import { drawSite } from "./single-site.ts";
import { sitesOf } from "./spaces.ts";

/** Options of {@link gibbs}. */
export interface GibbsOptions {
  /**
   * Sets of sites to draw from their joint conditional distribution, in this order. A block of k sites with q values
   * costs q^k moves. Default: each free site alone, in index order.
   */
  blocks?: readonly (readonly number[])[];
  /**
   * The sites that each site interacts with. The graph is colored, and a step draws the colors in turn. Sites of one
   * color do not interact, so single draws give their joint conditional distribution for any number of sites. It
   * excludes `blocks`.
   */
  neighbors?: readonly ArrayLike<number>[];
  /** Sites that never change. Default none. Blocks must not contain them. */
  clamped?: readonly number[];
}

const LARGEST_BLOCK = 2 ** 16;

/**
 * Returns Gibbs sampling by blocks of sites: a step draws every block once from its conditional distribution given the
 * rest (Geman & Geman 1984). Blocks of one site are heat-bath updates in a fixed order; larger blocks are enumerated,
 * so strongly coupled sites move together. With `neighbors` the blocks are the colors of the graph.
 *
 * @throws {ArgumentError} at binding, for blocks that overlap, have more than 2^16 states, or name clamped or missing
 * sites, and for neighbors of another number of sites, or that list a pair at one of its sites only.
 *
 * @example
 * ```ts
 * import { denseQuadratic } from "@basin/energy-core";
 * import { gibbs, sample, summary } from "@basin/samplers";
 *
 * const pair = denseQuadratic([[0, 1], [1, 0]]);
 * console.table(summary(await sample(pair, gibbs({ blocks: [[0, 1]] }), { seed: 1 })));
 * ```
 */
export function gibbs(options: GibbsOptions = {}): MoveKernel {
  checkOptions("gibbs", options, "blocks neighbors clamped");
  return {
    name: "gibbs",
    bind(energy) {
      const sites = sitesOf(energy, "gibbs");
      const { values, starts, count } = sites;
      const blocks = checkBlocks(count, values.length, options);
      const weights = new Float64Array(values.length);
      const draws = blocks.map((block) =>
        block.length > 1
          ? blockDraw(sites, block)
          : (rng: Rng, cursor: Cursor<unknown>, beta: number) =>
              drawSite(rng, cursor, starts[block[0]], beta, weights),
      );
      const info = { acceptanceProbability: 1, diverged: false };
      return {
        init: startsOf(energy, "gibbs"),
        step(rng, { cursor }, inverseTemperature) {
          for (const draw of draws) draw(rng, cursor, inverseTemperature);
          return info;
        },
      };
    },
  };
}

function checkBlocks(dimension: number, q: number, options: GibbsOptions): readonly (readonly number[])[] {
  const free = freeSites(dimension, options.clamped ?? []);
  if (options.neighbors !== undefined) {
    if (options.blocks !== undefined)
      throw new ArgumentError("blocks and neighbors were both given; give one");
    return sitesByColor(options.neighbors, dimension, new Set(free));
  }
  if (options.blocks === undefined) return Array.from(free, (site) => [site]);
  const left = new Set(free);
  for (const [b, block] of options.blocks.entries()) {
    if (block.length === 0 || q ** block.length > LARGEST_BLOCK) {
      const most = Math.floor(Math.log2(LARGEST_BLOCK) / Math.log2(q));
      throw new ArgumentError(`block ${b} has ${block.length} sites, expected 1 to ${most}`);
    }
    for (const site of block) {
      if (!left.delete(site))
        throw new ArgumentError(`site ${site} of block ${b} is missing, clamped or in two blocks`);
    }
  }
  if (left.size > 0) {
    throw new ArgumentError(`site ${[...left][0]} is in no block; clamp it or give it one`);
  }
  return options.blocks;
}

/** Returns the free sites color by color, each as a block. Within a color, single draws are a joint draw. */
function sitesByColor(
  neighbors: readonly ArrayLike<number>[],
  dimension: number,
  free: ReadonlySet<number>,
): number[][] {
  checkLength("neighbors", neighbors.length, dimension);
  const sets = neighbors.map((list) => new Set(Array.from(list)));
  for (const [site, others] of sets.entries()) {
    for (const other of others) {
      if (other === site || !sets[other]?.has(site)) {
        throw new ArgumentError(
          `site ${site} names ${other} as its neighbor, which is ${other === site ? "itself" : "missing or does not name it back"}`,
        );
      }
    }
  }
  return colorClasses(neighbors)
    .flat()
    .filter((site) => free.has(site))
    .map((site) => [site]);
}

/**
 * Returns a function that draws a block of sites from their joint conditional distribution. It visits the states of the
 * block so that each differs from the previous one by one move.
 */
function blockDraw<X>(sites: Sites<X>, block: readonly number[]) {
  const { values } = sites;
  const q = values.length;
  const within = siteSpace(block.length, { ...BLOCK_VALUES, count: q }).moves;
  const count = q ** block.length;
  const energies = new Float64Array(count);
  // Ranks count from the value of each site at the start, so that one tour serves every start.
  const origin = new Uint8Array(block.length);
  const here = within.first();
  const chosen = within.first();
  const moveTo = (x: X, i: number, rank: number) => sites.move(x, block[i], values[(origin[i] + rank) % q]);
  const settle = (cursor: Cursor<X>, ranks: ArrayLike<number>) => {
    for (let i = 0; i < block.length; i++) {
      const move = moveTo(cursor.state, i, ranks[i]);
      if (move >= 0) cursor.apply(move);
    }
  };
  return (rng: Rng, cursor: Cursor<X>, inverseTemperature: number): void => {
    for (let i = 0; i < block.length; i++) {
      origin[i] = values.findIndex((value) => sites.move(cursor.state, block[i], value) < 0);
    }
    const start = cursor.energy;
    let k = 0;
    let lowest = 0;
    energies[0] = 0;
    here.fill(0);
    within.tour((step) => {
      within.apply(here, step);
      const i = Math.floor(step / (q - 1));
      const move = moveTo(cursor.state, i, here[i]);
      // Outside the support, a difference does not tell the energy after the move.
      let outside = cursor.energy === Infinity;
      const next = outside ? 0 : energies[k] + scaledDelta(cursor, move, inverseTemperature);
      cursor.apply(move);
      outside ||= cursor.energy === Infinity;
      energies[++k] = outside ? scaled(cursor.energy - start, inverseTemperature) : next;
      lowest = Math.min(lowest, energies[k]);
    });
    let rest = 0;
    for (k = 0; k < count; k++) {
      energies[k] = exp(lowest - energies[k]);
      rest += energies[k];
    }
    let choice = 0;
    while (choice < count - 1 && !rng.bernoulli(energies[choice] / rest)) rest -= energies[choice++];
    chosen.fill(0);
    // Through the start, so that the rounding that the cursor accumulates does not depend on the tour.
    settle(cursor, chosen);
    k = 0;
    within.tour((step) => {
      if (k++ < choice) within.apply(chosen, step);
    });
    settle(cursor, chosen);
  };
}

const BLOCK_VALUES = { low: 0, step: 1, name: "ranks", create: (n: number) => new Uint8Array(n) };

/**
 * Returns blocks of sites that do not interact with each other: a greedy coloring of the graph, highest degree first
 * (Welsh & Powell 1967). Sites of one color may be updated in any order or at once.
 *
 * @param neighbors the sites that each site interacts with.
 */
export function colorClasses(neighbors: readonly ArrayLike<number>[]): number[][] {
  const order = neighbors
    .map((_, site) => site)
    .sort((a, b) => neighbors[b].length - neighbors[a].length || a - b);
  const colors = new Int32Array(neighbors.length).fill(-1);
  const classes: number[][] = [];
  for (const site of order) {
    const taken = new Set(Array.from(neighbors[site], (other) => colors[other]));
    let color = 0;
    while (taken.has(color)) color++;
    colors[site] = color;
    classes[color] ??= [];
    classes[color].push(site);
  }
  return classes.map((sites) => sites.sort((a, b) => a - b));
}
