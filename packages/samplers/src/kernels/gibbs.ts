import { ArgumentError, checkLength, type SpinEnergy } from "@basin/energy-core";
import { exp } from "@basin/energy-core/random";
import { flipProbability } from "./single-site.ts";
import { checkSpins } from "./spaces.ts";
import { freeSites, type SpinKernel, type SpinState, scaledDelta, spinState } from "./spin-state.ts";

/** Options of {@link gibbs}. */
export interface GibbsOptions {
  /**
   * Sets of sites that are drawn together from their joint conditional distribution, in this order. A block of k sites costs 2^k
   * flips. Default: every free site alone, in index order.
   */
  blocks?: readonly (readonly number[])[];
  /**
   * The sites that each site interacts with. The graph is colored and a step draws one color after the other; sites of one color do not
   * interact, so that each is drawn from its joint conditional distribution by single draws, however many they are. Not with `blocks`.
   */
  neighbors?: readonly ArrayLike<number>[];
  /** Sites that never change. Default none. Blocks must not contain them. */
  clamped?: readonly number[];
}

const LARGEST_BLOCK = 16;

/**
 * Returns Gibbs sampling over spins by blocks: a step draws every block once from its conditional distribution given the rest
 * (Geman & Geman 1984). Blocks of one site are heat-bath updates in a fixed order; larger blocks are enumerated, so that sites
 * that hold each other fast move together. With `neighbors` the blocks are the colors of the graph.
 *
 * @throws {ArgumentError} at binding, for blocks that overlap, hold more than 16 sites, or name clamped or missing sites, and for
 * neighbors of another number of sites or named on one side only.
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
export function gibbs(options: GibbsOptions = {}): SpinKernel {
  return {
    name: "gibbs",
    bind(energy: SpinEnergy) {
      checkSpins(energy, "gibbs");
      const blocks = checkBlocks(energy.space.dimension, options);
      const largest = Math.max(...blocks.map((block) => block.length));
      const energies = new Float64Array(2 ** largest);
      const info = { acceptanceProbability: 1, diverged: false };
      return {
        init: (position) => spinState(energy, position),
        step(rng, state, inverseTemperature) {
          for (const block of blocks) {
            if (block.length > 1)
              drawBlock(rng.bernoulli.bind(rng), state, block, inverseTemperature, energies);
            else if (
              rng.bernoulli(flipProbability(scaledDelta(state.cursor, block[0], inverseTemperature)))
            ) {
              state.cursor.flip(block[0]);
            }
          }
          return info;
        },
      };
    },
  };
}

function checkBlocks(dimension: number, options: GibbsOptions): readonly (readonly number[])[] {
  const free = freeSites(dimension, options.clamped ?? []);
  if (options.neighbors !== undefined) {
    if (options.blocks !== undefined)
      throw new ArgumentError("blocks and neighbors were both given; give one");
    return sitesByColor(options.neighbors, dimension, new Set(free));
  }
  if (options.blocks === undefined) return Array.from(free, (site) => [site]);
  const left = new Set(free);
  for (const [b, block] of options.blocks.entries()) {
    if (block.length === 0 || block.length > LARGEST_BLOCK) {
      throw new ArgumentError(`block ${b} has ${block.length} sites, expected 1 to ${LARGEST_BLOCK}`);
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

/** Returns the free sites color by color, each a block of its own: within a color single draws are the joint draw. */
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

/** Draws the spins of one block from their joint conditional distribution, walking its states in Gray-code order. */
function drawBlock(
  bernoulli: (p: number) => boolean,
  { cursor }: SpinState,
  block: readonly number[],
  inverseTemperature: number,
  energies: Float64Array,
): void {
  const count = 2 ** block.length;
  let energy = 0;
  let lowest = 0;
  energies[0] = 0;
  for (let k = 1; k < count; k++) {
    const site = block[trailingZeros(k)];
    energy += scaledDelta(cursor, site, inverseTemperature);
    cursor.flip(site);
    energies[k] = energy;
    lowest = Math.min(lowest, energy);
  }
  let rest = 0;
  for (let k = 0; k < count; k++) {
    energies[k] = exp(lowest - energies[k]);
    rest += energies[k];
  }
  // The walk ended at Gray code 2^(k−1), the last site alone flipped; undo it, then flip what the chosen code says.
  cursor.flip(block[block.length - 1]);
  let chosen = 0;
  while (chosen < count - 1 && !bernoulli(energies[chosen] / rest)) rest -= energies[chosen++];
  const code = chosen ^ (chosen >> 1);
  for (let bit = 0; bit < block.length; bit++) if ((code >> bit) & 1) cursor.flip(block[bit]);
}

function trailingZeros(k: number): number {
  return 31 - Math.clz32(k & -k);
}

/**
 * Returns blocks of sites that do not interact with each other: a greedy coloring of the graph, highest degree first
 * (Welsh & Powell 1967). Sites of one color may be updated in any order or at once.
 *
 * @param neighbors the sites that each site interacts with.
 *
 * @example
 * ```ts
 * import { colorClasses } from "@basin/samplers";
 *
 * // A path of four sites has two colors.
 * console.log(colorClasses([[1], [0, 2], [1, 3], [2]])); // [[1, 3], [0, 2]]
 * ```
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
