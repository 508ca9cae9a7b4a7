import type { SpinProblem } from "../../problem/spin-problem.ts";

const SAMPLES = 32;
const NEAR = 3;
const FAR = 6;

/**
 * Returns the dimension d of a graph whose balls grow as r^d: log₂ of the ratio of nodes within six steps to nodes
 * within three, the median over evenly spread nodes. It is large if balls grow exponentially, and infinite if three
 * steps cross the graph.
 */
export function graphDimension({ variables, adjacency }: SpinProblem): number {
  const { starts, neighbors } = adjacency;
  const seen = new Int32Array(variables).fill(-1);
  const dimensions: number[] = [];
  for (let s = 0; s < Math.min(SAMPLES, variables); s++) {
    const center = Math.floor((s * variables) / Math.min(SAMPLES, variables));
    let shell = [center];
    seen[center] = s;
    let ball = 1;
    let near = 1;
    for (let step = 1; step <= FAR; step++) {
      const next: number[] = [];
      for (const i of shell) {
        for (let k = starts[i]; k < starts[i + 1]; k++) {
          const j = neighbors[k];
          if (seen[j] === s) continue;
          seen[j] = s;
          next.push(j);
        }
      }
      ball += next.length;
      if (step === NEAR) near = ball;
      shell = next;
    }
    // A ball that covers much of the graph before it could grow shows that the graph is small, not that it is flat.
    dimensions.push(4 * near > variables ? Number.POSITIVE_INFINITY : Math.log2(ball / near));
  }
  dimensions.sort((a, b) => a - b);
  return dimensions[dimensions.length >> 1] ?? 0;
}
