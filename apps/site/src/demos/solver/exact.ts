import type { WeightedGraph } from "@basin/ising";

/** Other ways to the answers of small puzzles: none of them uses an energy. */

/**
 * Returns 0 where the regions can be colored so that neighbors differ; undefined where the search takes too long or
 * none is left.
 */
export function leastConflicts(
  { nodes, sources, targets }: WeightedGraph,
  colors: number,
): number | undefined {
  const neighbors = Array.from({ length: nodes }, (): number[] => []);
  for (let e = 0; e < sources.length; e++) {
    neighbors[sources[e]].push(targets[e]);
    neighbors[targets[e]].push(sources[e]);
  }
  const order = [...neighbors.keys()].sort((a, b) => neighbors[b].length - neighbors[a].length);
  const color = new Int8Array(nodes).fill(-1);
  let left = 200_000;
  const fill = (k: number): boolean => {
    if (k === nodes) return true;
    if (--left < 0) return false;
    for (let c = 0; c < colors; c++) {
      if (neighbors[order[k]].some((other) => color[other] === c)) continue;
      color[order[k]] = c;
      if (fill(k + 1)) return true;
    }
    color[order[k]] = -1;
    return false;
  };
  return fill(0) ? 0 : undefined;
}

/** Returns the largest cut by trying every one, in an order in which one node changes sides at a time (Gray 1953). */
export function mostCut({ nodes, sources, targets, weights }: WeightedGraph): number {
  const side = new Int8Array(nodes).fill(1);
  const around = Array.from({ length: nodes }, (): [number, number][] => []);
  for (let e = 0; e < sources.length; e++) {
    around[sources[e]].push([targets[e], weights[e]]);
    around[targets[e]].push([sources[e], weights[e]]);
  }
  let [cut, best] = [0, 0];
  for (let step = 1; step < 2 ** (nodes - 1); step++) {
    const node = 31 - Math.clz32(step & -step);
    for (const [other, weight] of around[node]) cut += side[node] === side[other] ? weight : -weight;
    side[node] = -side[node];
    best = Math.max(best, cut);
  }
  return best;
}

/** Returns the least difference of the sums of two sides. */
export function leastDifference(numbers: ArrayLike<number>): number {
  const total = Array.from(numbers).reduce((a, b) => a + b, 0);
  const reachable = new Uint8Array(total + 1);
  reachable[0] = 1;
  for (let k = 0; k < numbers.length; k++) {
    for (let sum = total; sum >= numbers[k]; sum--) reachable[sum] |= reachable[sum - numbers[k]];
  }
  let half = total >> 1;
  while (!reachable[half]) half--;
  return total - 2 * half;
}

/** Returns the least cost of giving each row a column of its own, by the cheapest filling of every set of columns. */
export function leastCost(costs: ArrayLike<number>, side: number): number {
  const least = new Float64Array(2 ** side).fill(Number.POSITIVE_INFINITY);
  least[0] = 0;
  for (let set = 0; set < least.length; set++) {
    let row = 0;
    for (let bits = set; bits !== 0; bits &= bits - 1) row++;
    if (row === side) continue;
    for (let column = 0; column < side; column++) {
      if ((set >> column) & 1) continue;
      const next = set | (1 << column);
      least[next] = Math.min(least[next], least[set] + costs[row * side + column]);
    }
  }
  return least[least.length - 1];
}
